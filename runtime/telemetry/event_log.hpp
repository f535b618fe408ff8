// The log of a node for machines: one JSON object a line.

#pragma once

#include "actors/ports/observers.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/config/node_config.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace qalpha {

/// No line of the log is longer, in bytes.
inline constexpr size_t longest_log_line = 8192;

/// One event. Fields of the JSON object, in this order: `ts` (wall clock, UTC,
/// nanoseconds), `level`, `event` (from a closed set), `actor`, `symbol`,
/// `time` (of the market), `msg`, then the fields. Empty ones are left out.
struct log_event {
  log_level level = log_level::info;
  std::string_view event;
  std::string_view actor;
  std::string_view symbol;
  utc_time time;
  std::string_view message;
  /// Names from the code, values from anywhere.
  std::vector<std::pair<std::string_view, std::string>> fields;
};

/// @returns `event` as one line of JSON without its end: control characters and
///          bytes that are not UTF-8 escaped, long texts cut.
std::string to_log_line(const log_event& event, utc_time now);

/// Writes events to a file that rotates by size: 16 MiB, four old files. May be
/// called from any thread. Resume codes and configuration texts stay out, so
/// that nothing in a log lets its reader act.
class event_log final : public notices, public incident_log {
public:
  /// @pre `instruments` outlives the log
  event_log(std::shared_ptr<spdlog::logger> out, log_level least,
            const universe& instruments);

  ~event_log() override;

  void show(const fill& fact) override;
  void show(const funding_payment& fact) override;
  void show(const decision_outcome& fact) override;
  void show(const account_state& fact) override;
  void show(const state_changed& fact) override;
  void show(const alert& fact) override;

  void report(std::string_view actor, const std::string& what) override;

  /// Writes an event of the runtime: start, stop, configuration.
  void write(const log_event& event);

private:
  std::string_view name(symbol_id symbol) const;

  std::shared_ptr<spdlog::logger> out_;
  log_level least_;
  const universe* instruments_;
  // Market time of the last account that was written.
  std::atomic<int64_t> account_written_ = 0;
};

/// Opens the log of a node.
/// @returns `nullptr` if the settings ask for none, or a fault "FILE: ..." if
/// it
///          cannot be opened.
fallible<std::unique_ptr<event_log>>
configure_logging(const log_settings& settings,
                  const std::filesystem::path& file,
                  const universe& instruments);

/// Hands everything to two observers, in this order.
class fan_out final : public notices, public incident_log {
public:
  /// @pre all outlive the object
  template <class First, class Second>
  fan_out(First& first, Second& second)
    : notices_{&first, &second}, incidents_{&first, &second} {
    // nop
  }

  void show(const fill& fact) override {
    show_all(fact);
  }

  void show(const funding_payment& fact) override {
    show_all(fact);
  }

  void show(const decision_outcome& fact) override {
    show_all(fact);
  }

  void show(const account_state& fact) override {
    show_all(fact);
  }

  void show(const state_changed& fact) override {
    show_all(fact);
  }

  void show(const alert& fact) override {
    show_all(fact);
  }

  void report(std::string_view actor, const std::string& what) override {
    for (auto sink : incidents_)
      sink->report(actor, what);
  }

private:
  template <class Fact>
  void show_all(const Fact& fact) {
    for (auto sink : notices_)
      sink->show(fact);
  }

  notices* notices_[2];
  incident_log* incidents_[2];
};

} // namespace qalpha
