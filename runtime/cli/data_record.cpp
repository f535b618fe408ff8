#include "runtime/cli/config_options.hpp"
#include "runtime/cli/data_verbs.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/archive_plan.hpp"
#include "runtime/data/recording_text.hpp"
#include "runtime/data/wall_clock.hpp"
#include "runtime/node/frame_clock.hpp"
#include "runtime/venues/live_market.hpp"
#include "runtime/venues/venue_collector.hpp"
#include "runtime/venues/venue_rules.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace qalpha {

namespace {

struct record_options {
  config_options config;
  std::vector<std::string> symbols;
  std::string directory;
  std::string duration;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// What the command line asks for.
struct record_job {
  std::vector<std::string> symbols;
  /// Nothing: until a signal comes.
  std::optional<timespan> length;
};

/// @returns a fault naming the option.
fallible<record_job> job_of(const record_options& options) {
  record_job result;
  for (const auto& text : options.symbols) {
    auto symbol = archive_symbol(text);
    if (!symbol)
      return fault{"--symbol: " + symbol.error().text};
    auto& all = result.symbols;
    if (std::find(all.begin(), all.end(), *symbol) == all.end())
      all.push_back(std::move(*symbol));
  }
  if (!options.duration.empty()) {
    auto length = parse_timespan(options.duration);
    if (!length)
      return fault{"--for: " + length.error().text};
    if (length->count() <= 0)
      return fault{"--for: expected a positive time"};
    result.length = *length;
  }
  std::error_code error;
  auto found = std::filesystem::status(options.directory, error);
  if (std::filesystem::exists(found) && !std::filesystem::is_directory(found))
    return fault{"--out: expected a directory, found the file "
                 + options.directory};
  return result;
}

/// Lets the recording go on until its time is over or a signal comes.
void watch(const market_recording& recording, std::optional<timespan> left) {
  constexpr timespan second = std::chrono::seconds{1};
  constexpr const char* clear_line = "\r\x1b[K";
  auto terminal = isatty(STDERR_FILENO) != 0;
  frame_clock clock{1.0};
  while (!left || left->count() > 0) {
    auto step = left ? std::min(*left, second) : second;
    if (clock.wait(step))
      break;
    if (left)
      *left -= step;
    if (terminal)
      std::cerr << clear_line << progress_text(recording.progress())
                << std::flush;
  }
  if (terminal)
    std::cerr << clear_line << std::flush;
}

exit_code report(const recording_summary& made, bool json) {
  if (made.trouble)
    std::cerr << "qalpha: " << made.trouble->text << '\n';
  if (made.made.heard.lines.messages == 0)
    std::cerr << "qalpha: " << made.venue << " has sent nothing\n";
  if (json)
    std::cout << to_json(made) << '\n';
  else
    std::cout << to_text(made);
  if (!made.complete())
    return exit_code::partial;
  return made.ok() ? exit_code::ok : exit_code::failure;
}

exit_code record(const record_options& options) {
  auto job = job_of(options);
  if (!job)
    return fail(job.error().text, exit_code::usage);
  auto config = load_config(options.config);
  if (!config)
    return exit_code::configuration;
  const auto& values = config->values;
  if (job->symbols.empty())
    for (const auto& rules : values.symbols)
      job->symbols.push_back(rules.name);
  // Before there is any thread.
  block_stop_signals();
  auto instruments = fetch_instruments(values.market, job->symbols);
  if (!instruments)
    return fail(instruments.error().text, exit_code::failure);
  auto recording = market_recording::open(values.market, *instruments,
                                          options.directory, values.node.name,
                                          wall_clock_now());
  if (!recording)
    return fail(recording.error().text, exit_code::failure);
  watch(**recording, job->length);
  auto trouble = (*recording)->stop();
  return report(
    {options.directory, std::string{recorded_name(values.market.venue)},
     (*recording)->progress(), (*recording)->recovery(), std::move(trouble)},
    options.json);
}

} // namespace

void add_data_record(verb& data) {
  auto options = std::make_shared<record_options>();
  auto spec = data.add("record", "Records everything that a venue sends");
  spec.text("CONFIG", options->config.file,
            "Configuration file (JSON); market.venue says which venue");
  spec.texts("--symbol", options->symbols,
             "Record this symbol and not those configured; may be repeated");
  spec
    .text("--out", options->directory,
          "Directory of the recording; one that is there is continued")
    .required();
  spec.text("--for", options->duration,
            "Time after which it ends, for example 10m (default: SIGINT or "
            "SIGTERM)");
  spec.texts("--set", options->config.settings,
             "Any setting, PATH=VALUE; may be repeated");
  spec.flag("--json", options->json, "Print one JSON object at the end");
  spec.footer(
    "Keeps raw bytes with the time of their receipt; needs no keys. A recorder "
    "that was\nkilled loses half a second at most, and the next one says how "
    "much. Ends with 9 if\nrecords were dropped because the disk was too slow "
    "or full, with 1 if the directory\nor the venue is out of reach or nothing "
    "came.\n"
    "Example: qalpha data record --symbol BTCUSDT --out recordings/binance "
    "--for 10m");
  spec.action([options] { return record(*options); });
}

} // namespace qalpha
