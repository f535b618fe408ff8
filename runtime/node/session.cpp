#include "runtime/node/session.hpp"

#include "runtime/backtest/prepare.hpp"
#include "runtime/config/config_hash.hpp"
#include "runtime/node/banner.hpp"
#include "runtime/node/control_endpoint.hpp"
#include "runtime/node/frame_clock.hpp"
#include "runtime/node/node.hpp"
#include "runtime/node/service_manager.hpp"
#include "runtime/node/session_market.hpp"
#include "runtime/node/session_models.hpp"
#include "runtime/outlook/prediction_log.hpp"
#include "runtime/storage/copying_journal.hpp"
#include "runtime/storage/memory_journal.hpp"
#include "runtime/storage/run_directory.hpp"
#include "runtime/storage/sqlite_journal.hpp"
#include "runtime/storage/stores.hpp"
#include "runtime/telemetry/console.hpp"
#include "runtime/telemetry/event_log.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ostream>
#include <utility>

namespace qalpha {

namespace {

session_fault wrong(session_fault::kind what, const fault& why) {
  return {what, why.text};
}

exchange_settings exchange_for(const node_config& config) {
  return {.venue = config.venue,
          .start = config.cash,
          .bar_interval = config.feed.bar_interval,
          .history = config.feed.history,
          .store = {},
          .recording = {}};
}

/// Renames a run directory that holds a run, unless a node is using it, which
/// opening it says afterwards.
void set_aside(const std::filesystem::path& root) {
  if (!std::filesystem::exists(root / "journal.db")
      || !run_directory::open(root))
    return;
  for (int i = 1;; ++i) {
    auto old = root;
    old += "." + std::to_string(i);
    if (!std::filesystem::exists(old)) {
      std::filesystem::rename(root, old);
      return;
    }
  }
}

/// @returns equity and peak as the journal knows them, at its last marks.
recalled_account recall(journal& log, const universe& instruments,
                        money start) {
  auto known = log.recall_account();
  ledger books{instruments, start};
  books.restore(known.positions);
  return {books.equity(), std::max(known.peak, books.equity())};
}

/// The console, and the log if there is one.
class observers {
public:
  observers(console& seen, event_log* written)
    : seen_(&seen), written_(written) {
    if (written != nullptr)
      both_.emplace(seen, *written);
  }

  notices* people() {
    if (both_)
      return &*both_;
    return seen_;
  }

  incident_log* incidents() {
    if (both_)
      return &*both_;
    return seen_;
  }

  void note(std::string_view event, const std::string& run) {
    if (written_ != nullptr)
      written_->write({.event = event, .message = "run " + run});
  }

private:
  console* seen_;
  event_log* written_;
  std::optional<fan_out> both_;
};

/// @returns null if no model is asked.
fallible<std::unique_ptr<prediction_log>>
keep_answers(const std::filesystem::path& file, const universe& instruments,
             const session_models& models, incident_log& incidents) {
  if (models.lines.empty() || file.empty())
    return std::unique_ptr<prediction_log>{};
  return prediction_log::open(file, instruments, models.chosen, incidents);
}

/// The journal and what surrounds it if others get copies.
struct copies {
  copies(journal& log, const universe& instruments, store_sink& out)
    : facts(log, instruments, out), market(instruments, out) {
    // nop
  }

  copying_journal facts;
  copying_witness market;
};

session_result summarise(node& running, const console& people,
                         const account_report& report) {
  auto counts = people.counts();
  session_result result{
    .run_hash = running.run_hash(),
    .frames = running.frames(),
    .late_frames = running.late_frames(),
    .fills = counts.fills,
    .refused = counts.refused,
    .alerts = counts.alerts,
    .restarts = counts.restarts,
    .equity = report.account.equity,
    .venue_equity = running.exchange().venue().equity(),
    .fees = report.account.fees,
    .funding = report.account.funding,
  };
  auto& worst = report.curve.worst();
  if (worst.peak.e8 > 0)
    result.max_drawdown = 1.0 - to_double(worst.trough) / to_double(worst.peak);
  // Equity depends on marks, which the two sides may have taken a moment
  // apart; cash does not.
  auto& venue = running.exchange().venue().account();
  result.equal = venue.fees == report.account.fees
                 && venue.funding == report.account.funding;
  for (size_t i = 0; i < report.account.positions.size(); ++i)
    result.equal = result.equal
                   && venue.positions[i] == report.account.positions[i].size;
  return result;
}

/// Market time for other threads.
using shared_time = std::atomic<int64_t>;

std::vector<store_view> views_of(const store_set& stores) {
  std::vector<store_view> result;
  for (auto& [name, x] : stores.status())
    result.push_back(
      {.name = name,
       .state = x.connected ? "connected"
                            : "away" + (x.error.empty() ? "" : ": " + x.error),
       .delivered = x.delivered,
       .dropped = x.dropped,
       .missing = x.missing,
       .pending_bytes = x.pending_bytes});
  return result;
}

/// @param stores may be null
node_facts facts_of(const node_config& config, const std::string& run,
                    const node& running, const shared_time& now,
                    const store_set* stores) {
  node_facts result{
    .run = run,
    .mode = std::string{to_string(config.mode)},
    .seed = config.seed,
    .speed = config.speed ? fmt::format("{}x", *config.speed) : "max",
    .start = format_utc(running.now()),
    .symbols = {},
    .event_time = [&now] { return format_utc({now.load()}); },
    .stores = {},
    .allow_kill = config.mode == run_mode::demo,
  };
  for (auto& rules : running.instruments())
    result.symbols.push_back(rules.name());
  if (stores != nullptr)
    result.stores = [stores] { return views_of(*stores); };
  return result;
}

/// Plays frames until the time is over, the market ends, or a signal arrives.
void play(node& running, const node_config& config,
          const session_options& options, shared_time& now,
          service_manager* manager = nullptr) {
  auto begin = running.now();
  // A real market keeps its own pace.
  frame_clock pace{config.mode == run_mode::demo ? config.speed.value_or(0)
                                                 : 0};
  for (;;) {
    if (options.duration && running.now() - begin >= *options.duration)
      return;
    auto before = running.now();
    auto late = running.late_frames();
    if (!running.step())
      return;
    now = running.now().ns;
    if (manager != nullptr && running.late_frames() == late)
      manager->alive(std::chrono::steady_clock::now());
    if (pace.wait(running.now() - before))
      return;
  }
}

session_outcome finish(node& running, const console& people, std::string run,
                       const node_config& config) {
  auto report = running.report();
  auto result = summarise(running, people, report.value_or(account_report{}));
  auto left = running.leave_market();
  if (!result.equal) {
    // What a venue that was down did meanwhile is known by now.
    auto hash = std::exchange(result.run_hash, {});
    auto frames = result.frames;
    auto later = running.report();
    result = summarise(running, people, later.value_or(account_report{}));
    result.run_hash = std::move(hash);
    result.frames = frames;
  }
  result.run = std::move(run);
  result.start = config.cash;
  result.clean = running.stop() && left && report.has_value();
  return result;
}

} // namespace

session_outcome run_node(const node_config& config,
                         const session_options& options, std::ostream& out) {
  using kind = session_fault::kind;
  auto started = std::chrono::steady_clock::now();
  block_stop_signals();
  if (options.fresh)
    set_aside(config.run_dir);
  auto directory = run_directory::open(config.run_dir);
  if (!directory)
    return wrong(kind::configuration, directory.error());
  auto market = open_market(config);
  if (!market)
    return wrong(config.mode == run_mode::paper ? kind::unreachable
                                                : kind::configuration,
                 market.error());
  auto instruments = market->instruments;
  auto models = open_models(config, options.loaders, instruments);
  if (!models)
    return wrong(kind::configuration, models.error());
  auto log = sqlite_journal::open(*directory, instruments,
                                  {.sync = config.sync,
                                   .node = config.node.id,
                                   .start = config.cash,
                                   .config = config_hash(config),
                                   .now = market->now});
  if (!log)
    return wrong(kind::journal, log.error());
  auto& summary = (*log)->summary();
  auto recalled = recall(**log, instruments, config.cash);
  console people{instruments, out, options.terminal, options.quiet};
  auto written = configure_logging(config.log, directory->paths().log(),
                                   instruments);
  if (!written)
    return wrong(kind::configuration, written.error());
  observers watching{people, written->get()};
  watching.note("started", summary.run);
  if (market->warning)
    watching.incidents()->report("reference venue",
                                 market->warning->text
                                   + "; it is tried again, without it there "
                                     "is no basis");
  auto stores = store_set::open(config.stores, directory->paths().stores(),
                                *watching.incidents());
  if (!stores)
    return wrong(kind::configuration, stores.error());
  std::optional<copies> copied;
  if (*stores)
    copied.emplace(**log, instruments, **stores);
  auto answers = keep_answers(directory->paths().predictions(), instruments,
                              *models, *watching.incidents());
  if (!answers)
    return wrong(kind::configuration, answers.error());
  auto exchange = exchange_for(config);
  exchange.store = directory->paths().root() / "venue.db";
  if (options.record)
    exchange.recording = directory->paths().recording();
  auto clock = config.speed || config.mode == run_mode::paper
                 ? node_clock::threads
                 : node_clock::virtual_time;
  node running{config,
               instruments,
               clock,
               std::move(market->source),
               std::move(exchange),
               summary.epoch,
               {copied ? &copied->facts : static_cast<journal*>(log->get()),
                watching.people(), watching.incidents(),
                copied ? &copied->market : nullptr, std::move(models->set),
                answers->get()}};
  if (!options.quiet)
    out << banner(config, summary, recalled, running, models->lines,
                  std::chrono::steady_clock::now() - started)
        << std::flush;
  if (!running.start())
    return session_fault{kind::journal,
                         "the node and the venue do not agree about orders and "
                         "positions; see qalpha why and "
                           + directory->paths().log().string()};
  shared_time now{running.now().ns};
  // On virtual time everything is over before a person could ask.
  std::unique_ptr<control_endpoint> control;
  if (clock == node_clock::threads) {
    auto opened = control_endpoint::open(
      running.system(), running.top(), running.actors(),
      directory->paths().control(),
      facts_of(config, summary.run, running, now, stores->get()));
    if (!opened)
      return wrong(kind::configuration, opened.error());
    control = std::move(*opened);
  }
  service_manager manager;
  manager.ready();
  play(running, config, options, now, &manager);
  manager.stopping();
  control.reset();
  auto result = finish(running, people, summary.run, config);
  watching.note("stopped", summary.run);
  return result;
}

session_outcome run_replay(const node_config& config,
                           const std::filesystem::path& recording,
                           const session_options& options, std::ostream& out) {
  using kind = session_fault::kind;
  block_stop_signals();
  auto instruments = session_instruments(config);
  if (!instruments)
    return wrong(kind::configuration, instruments.error());
  auto models = open_models(config, options.loaders, *instruments);
  if (!models)
    return wrong(kind::configuration, models.error());
  std::vector<std::string> symbols;
  for (const auto& rules : *instruments)
    symbols.push_back(rules.name());
  auto source = recording_source::open(recording, symbols);
  if (!source)
    return wrong(kind::not_found, source.error());
  memory_journal log{*instruments, config.cash};
  console people{*instruments, out, options.terminal, options.quiet};
  auto answers = keep_answers(options.predictions, *instruments, *models,
                              people);
  if (!answers)
    return wrong(kind::configuration, answers.error());
  node running{
    config,
    *instruments,
    node_clock::virtual_time,
    std::move(*source),
    exchange_for(config),
    log.epoch(),
    {&log, &people, &people, nullptr, std::move(models->set), answers->get()}};
  if (!running.start())
    return session_fault{kind::not_found,
                         recording.string()
                           + ": ends before the node could start"};
  auto paced = config;
  paced.speed.reset();
  shared_time now{0};
  play(running, paced, options, now);
  return finish(running, people, "replay", config);
}

} // namespace qalpha
