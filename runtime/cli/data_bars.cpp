#include "models/machine/quoted_text.hpp"
#include "runtime/cli/data_verbs.hpp"
#include "runtime/cli/recording_exit.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/recorded_market.hpp"
#include "runtime/data/safe_file.hpp"
#include "runtime/features/market_table_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct bars_options {
  std::string recording;
  std::string symbol;
  std::string interval = "1m";
  std::string out;
  bool json = false;
};

exit_code fail(const bars_options& options, const std::string& why,
               exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  if (options.json)
    std::cout << fmt::format(R"({{"ok": false, "error": {}}})", json_text(why))
              << '\n';
  return how;
}

void report(const bars_options& options, const recorded_market& market) {
  auto& table = market.table;
  if (options.json)
    std::cout << fmt::format(
      R"({{"ok": true, "out": {}, "venue": {}, "symbol": {}, "rows": {}, )"
      R"("interval": {}, "missing_bars": {}, "incomplete": {}}})",
      json_text(options.out), json_text(market.venue),
      json_text(market.traded.name()), table.rows(),
      json_text(format_timespan(table.interval)), table.missing_bars,
      market.incomplete)
              << '\n';
  else
    std::cout << fmt::format(
      "{}: {} bars of {} of {} ({})\n  {} missing between them, {} left out "
      "since trades of theirs may be missing\n",
      options.out, table.rows(), format_timespan(table.interval),
      market.traded.name(), market.venue, table.missing_bars,
      market.incomplete);
}

exit_code write(const bars_options& options) {
  auto interval = parse_timespan(options.interval);
  if (!interval || interval->count() <= 0)
    return fail(options,
                "--interval: expected a positive time such as 1m, found "
                  + quoted_text(options.interval),
                exit_code::usage);
  auto outcome = read_recorded_market(options.recording, options.symbol,
                                      *interval);
  if (auto no = std::get_if<recording_refusal>(&outcome))
    return fail(options, no->text, exit_of(no->what));
  auto& market = std::get<recorded_market>(outcome);
  safe_file file{options.out};
  file.write(market_table_csv(market.table));
  if (auto done = file.commit(); !done)
    return fail(options, done.error().text, exit_code::failure);
  report(options, market);
  return exit_code::ok;
}

} // namespace

void add_data_bars(verb& data) {
  auto options = std::make_shared<bars_options>();
  auto spec = data.add("bars",
                       "Makes a history with all columns of a recording");
  spec
    .text(
      "RECORDING", options->recording,
      "Directory of qalpha data record, or lines of a time and a message of "
      "Binance\nUSD-M as qalpha data book reads them")
    .required();
  spec.text("--symbol", options->symbol,
            "Which one, if the recording has several");
  spec.text("--interval", options->interval,
            "Length of the bars (default: 1m)");
  spec.text("--out", options->out, "CSV to write, gzip if it ends with .gz")
    .required();
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer(
    "Beside prices and volume the rows have what the feed knew at each close: "
    "trades by\nside, order flow by level, depth, best prices, what takers "
    "paid, mark, index, funding\nand open interest; qalpha features, backtest "
    "and train read them. Cells are empty where\nbook or trades were not "
    "certain.\n"
    "Example: qalpha data bars recordings/binance --symbol BTCUSDT --interval "
    "1s --out btc.csv.gz");
  spec.action([options] { return write(*options); });
}

} // namespace qalpha
