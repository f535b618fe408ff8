#include "runtime/telemetry/event_log.hpp"

#include "models/market/decimal.hpp"
#include "runtime/config/units.hpp"
#include "runtime/telemetry/console.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <chrono>

namespace qalpha {

namespace {

constexpr size_t bytes_per_file = 16 * 1024 * 1024;
constexpr size_t old_files = 4;

/// The account changes with every quote; a point a minute draws every chart.
constexpr timespan account_every = std::chrono::minutes{1};

utc_time wall_clock() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

std::string amount(money x) {
  return format_decimal_e8(x.e8);
}

void add_member(std::string& line, std::string_view key,
                std::string_view value) {
  if (value.empty())
    return;
  line += line.size() > 1 ? ", " : "";
  line += json_text(key) + ": " + json_text(value);
}

std::string write_line(const log_event& event, utc_time now, size_t longest) {
  std::string line = "{";
  add_member(line, "ts", format_iso(now));
  add_member(line, "level", to_string(event.level));
  add_member(line, "event", event.event.substr(0, longest));
  add_member(line, "actor", event.actor.substr(0, longest));
  add_member(line, "symbol", event.symbol.substr(0, longest));
  if (event.time.ns != 0)
    add_member(line, "time", format_iso(event.time));
  add_member(line, "msg", event.message.substr(0, longest));
  for (const auto& [name, value] : event.fields)
    add_member(line, name, std::string_view{value}.substr(0, longest));
  return line + "}";
}

log_level level_of(severity x) {
  switch (x) {
    case severity::cleared:
      return log_level::info;
    case severity::warning:
      return log_level::warning;
    case severity::page:
      break;
  }
  return log_level::error;
}

} // namespace

std::string to_log_line(const log_event& event, utc_time now) {
  // Escapes make a text up to six times as long: cut until it fits.
  size_t longest = longest_log_line / 2;
  auto line = write_line(event, now, longest);
  while (line.size() > longest_log_line && longest > 0) {
    longest /= 2;
    line = write_line(event, now, longest);
  }
  return line;
}

event_log::event_log(std::shared_ptr<spdlog::logger> out, log_level least,
                     const universe& instruments)
  : out_(std::move(out)), least_(least), instruments_(&instruments) {
  // nop
}

event_log::~event_log() {
  out_->flush();
}

std::string_view event_log::name(symbol_id symbol) const {
  return symbol.index < instruments_->size()
           ? std::string_view{(*instruments_)[symbol.index].name()}
           : std::string_view{};
}

void event_log::write(const log_event& event) {
  if (event.level < least_)
    return;
  out_->log(spdlog::level::info, to_log_line(event, wall_clock()));
}

void event_log::show(const fill& fact) {
  const auto& rules = (*instruments_)[fact.id.symbol.index];
  write({.event = "filled",
         .actor = "executor",
         .symbol = rules.name(),
         .time = fact.time,
         .message = {},
         .fields = {{"order", to_string(fact.id)},
                    {"side", std::string{to_string(fact.direction)}},
                    {"size", rules.text(fact.size)},
                    {"price", rules.text(fact.px)},
                    {"liquidity", fact.maker ? "maker" : "taker"},
                    {"fee", amount(fact.fee)}}});
}

void event_log::show(const funding_payment& fact) {
  write({.event = "funding_paid",
         .actor = "executor",
         .symbol = name(fact.symbol),
         .time = fact.time,
         .message = {},
         .fields = {{"paid", amount(fact.paid)}}});
}

void event_log::show(const decision_outcome& fact) {
  auto refused = fact.result == decision_result::refused;
  log_event event{
    .level = refused ? log_level::info : log_level::debug,
    .event = "decision_ended",
    .actor = "executor",
    .symbol = name(fact.decision.symbol),
    .time = fact.time,
    .message = {},
    .fields = {{"decision", std::to_string(fact.decision.sequence)},
               {"result", std::string{to_string(fact.result)}}}};
  if (refused) {
    event.fields.emplace_back("gate", to_string(fact.gate));
    event.fields.emplace_back(
      "measured", describe_refusal(fact.gate, fact.value, fact.limit));
  }
  write(event);
}

void event_log::show(const account_state& fact) {
  auto last = account_written_.load();
  if (fact.time.ns - last < account_every.count()
      || !account_written_.compare_exchange_strong(last, fact.time.ns))
    return;
  write({.event = "account",
         .actor = "risk_desk",
         .symbol = {},
         .time = fact.time,
         .message = {},
         .fields = {{"equity", amount(fact.equity)},
                    {"peak", amount(fact.peak)},
                    {"gross", amount(fact.gross)},
                    {"fees", amount(fact.fees)},
                    {"funding", amount(fact.funding)},
                    {"open_orders", std::to_string(fact.open_orders)}}});
}

void event_log::show(const state_changed& fact) {
  auto restricted = fact.state == trading_state::halted
                    || fact.state == trading_state::reducing;
  write({.level = restricted ? log_level::warning : log_level::info,
         .event = "state_changed",
         .actor = "guardian",
         .symbol = {},
         .time = fact.time,
         .message = fact.reason,
         .fields = {{"state", std::string{to_string(fact.state)}},
                    {"source", fact.source},
                    {"epoch", std::to_string(fact.gate_epoch)},
                    {"flatten", fact.flatten ? "true" : "false"}}});
}

void event_log::show(const alert& fact) {
  auto symbol = fact.symbol < 0 ? std::string_view{}
                                : name({static_cast<uint16_t>(fact.symbol)});
  write({.level = level_of(fact.level),
         .event = "alert",
         .actor = "watchdog",
         .symbol = symbol,
         .time = fact.time,
         .message = fact.text,
         .fields = {{"code", fact.code},
                    {"severity", std::string{to_string(fact.level)}}}});
}

void event_log::report(std::string_view actor, const std::string& what) {
  write({.level = log_level::error,
         .event = "incident",
         .actor = actor,
         .symbol = {},
         .time = {},
         .message = what,
         .fields = {}});
}

fallible<std::unique_ptr<event_log>>
configure_logging(const log_settings& settings,
                  const std::filesystem::path& file,
                  const universe& instruments) {
  if (!settings.file)
    return std::unique_ptr<event_log>{};
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
      file.string(), bytes_per_file, old_files);
    auto out = std::make_shared<spdlog::logger>("node", std::move(sink));
    out->set_pattern("%v");
    // The last lines before a crash are the ones that matter.
    out->flush_on(spdlog::level::info);
    return std::make_unique<event_log>(std::move(out), settings.level,
                                       instruments);
  } catch (const spdlog::spdlog_ex& ex) {
    return fault{file.string() + ": cannot be opened: " + ex.what()};
  }
}

} // namespace qalpha
