#include "models/machine/quoted_text.hpp"
#include "models/simulation/demo_market.hpp"
#include "runtime/cli/data_verbs.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/history_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct demo_options {
  std::optional<uint64_t> seed;
  std::string length = "1d";
  std::string interval = "5s";
  std::string out = "demo-history";
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// @returns a positive time, or a fault that names the option.
fallible<timespan> positive(const char* option, const std::string& text) {
  auto result = parse_timespan(text);
  if (!result || result->count() <= 0)
    return fault{std::string{option} + ": expected a positive time such as 5s, "
                 + "found " + quoted_text(text)};
  return result;
}

history_row row_of(const bar& x, const instrument_rules& rules) {
  auto volume = static_cast<unsigned __int128>(x.volume.lots)
                * static_cast<unsigned __int128>(rules.lot_e8);
  return {.open_time = x.open_time,
          .open_e8 = x.open.ticks * rules.tick_e8,
          .high_e8 = x.high.ticks * rules.tick_e8,
          .low_e8 = x.low.ticks * rules.tick_e8,
          .close_e8 = x.close.ticks * rules.tick_e8,
          .volume_e8 = volume};
}

fallible<std::vector<std::vector<sourced_row>>>
play(demo_market& market, timespan length, timespan interval) {
  auto& settings = market.settings();
  if ((settings.start - utc_time{}) % interval != timespan{0})
    return fault{"--interval: expected a length that a day holds a whole "
                 "number of times"};
  std::vector<std::vector<sourced_row>> result(market.instruments().size());
  for (auto& one : market.warm_up(length, interval))
    result[one.symbol.index].push_back(
      {row_of(one.value, market.instruments()[one.symbol.index].rules())});
  return result;
}

exit_code write(const demo_options& options) {
  constexpr timespan longest = std::chrono::days{60};
  auto length = positive("--for", options.length);
  if (!length)
    return fail(length.error().text, exit_code::usage);
  auto interval = positive("--interval", options.interval);
  if (!interval)
    return fail(interval.error().text, exit_code::usage);
  if (*length > longest || *interval > *length)
    return fail("--for: expected at least one bar and at most 60d",
                exit_code::usage);
  demo_settings settings;
  settings.seed = options.seed.value_or(settings.seed);
  auto market = demo_market::make(settings);
  if (!market)
    return fail(market.error().text, exit_code::usage);
  auto rows = play(*market, *length, *interval);
  if (!rows)
    return fail(rows.error().text, exit_code::usage);
  std::error_code code;
  std::filesystem::create_directories(options.out, code);
  if (code)
    return fail(options.out + ": cannot be made: " + code.message(),
                exit_code::failure);
  for (auto& rules : market->instruments()) {
    auto path = options.out + "/" + rules.name() + ".csv.gz";
    auto& bars = (*rows)[rules.id().index];
    if (auto written = write_history(path, bars); !written)
      return fail(written.error().text, exit_code::failure);
    if (options.json)
      std::cout << fmt::format(R"({{"out": {}, "rows": {}}})", json_text(path),
                               bars.size())
                << '\n';
    else
      std::cout << fmt::format("{}: {} bars of {}\n", path, bars.size(),
                               options.interval);
  }
  return exit_code::ok;
}

} // namespace

void add_data_demo(verb& data) {
  auto options = std::make_shared<demo_options>();
  auto spec = data.add("demo",
                       "Writes a history of the demo market, for training");
  spec.number("--seed", options->seed, "Seed of the market (default: 1)");
  spec.text("--for", options->length, "Length, for example 3d (default: 1d)");
  spec.text("--interval", options->interval,
            "Length of the bars (default: 5s, as the demo has them)");
  spec.text("--out", options->out,
            "Directory of one file a symbol (default: demo-history)");
  spec.flag("--json", options->json, "Print one JSON object a file");
  spec.footer("The same options write the same bytes.\n"
              "Example: qalpha data demo --seed 7 --for 2d --out run/history");
  spec.action([options] { return write(*options); });
}

} // namespace qalpha
