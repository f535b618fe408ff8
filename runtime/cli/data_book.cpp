#include "models/market/decimal.hpp"
#include "runtime/cli/data_verbs.hpp"
#include "runtime/cli/recording_exit.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/book_replay.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct book_options {
  std::string file;
  std::string symbol;
  bool json = false;
};

std::string price_text(const instrument& of, price px) {
  return format_decimal_e8(px.ticks * of.rules().tick_e8);
}

std::string size_text(const instrument& of, quantity qty) {
  return format_decimal_e8(
    money_from(static_cast<__int128>(qty.lots) * of.rules().lot_e8).e8);
}

/// @returns the best price, or `none` on an empty side.
std::string best_text(const book_replay& x, const book_side_totals& side,
                      const char* none) {
  return side.best ? price_text(x.traded, side.best->px) : none;
}

std::string json_of(const book_options& options, const book_replay& x) {
  auto first = x.sync.bridge.value_or(bridging_update{});
  return fmt::format(
    R"({{"ok": true, "file": {}, "symbol": {}, "snapshot": {}, )"
    R"("first_applied": {}, "first_U": {}, "first_u": {}, "first_pu": {}, )"
    R"("events": {}, "applied": {}, "gaps": {}, "crossed": {}, )"
    R"("in_step": {}, "best_bid": {}, "best_ask": {}, "bid_levels": {}, )"
    R"("ask_levels": {}, "bid_quantity": {}, "ask_quantity": {}, )"
    R"("refused": {}, "faults": {}, "skipped_lines": {}}})",
    json_text(options.file), json_text(x.traded.name()), x.snapshot_last,
    first.index, first.first, first.last, first.previous, x.sync.received,
    x.sync.applied, x.sync.gaps, x.crossed, x.in_step,
    best_text(x, x.bids, "null"), best_text(x, x.asks, "null"), x.bids.levels,
    x.asks.levels, size_text(x.traded, x.bids.total),
    size_text(x.traded, x.asks.total), x.sync.refused, x.faults,
    x.skipped_lines);
}

std::string text_of(const book_replay& x) {
  auto first = x.sync.bridge.value_or(bridging_update{});
  return fmt::format(
    "{}: {} of {} depth events applied, the first is number {}\n"
    "  snapshot {}, first event U {} u {} pu {}\n"
    "  gaps {}, crossed {}, faults {}\n"
    "  best {} / {}, levels {} / {}, quantity {} / {}{}\n",
    x.traded.name(), x.sync.applied, x.sync.received, first.index,
    x.snapshot_last, first.first, first.last, first.previous, x.sync.gaps,
    x.crossed, x.faults, best_text(x, x.bids, "none"),
    best_text(x, x.asks, "none"), x.bids.levels, x.asks.levels,
    size_text(x.traded, x.bids.total), size_text(x.traded, x.asks.total),
    x.in_step ? "" : "\n  the book is not in step at the end");
}

exit_code play(const book_options& options) {
  auto outcome = replay_book(options.file, options.symbol);
  if (auto no = std::get_if<recording_refusal>(&outcome)) {
    std::cerr << "qalpha: " << no->text << '\n';
    if (options.json)
      std::cout << fmt::format(R"({{"ok": false, "error": {}}})",
                               json_text(no->text))
                << '\n';
    return exit_of(no->what);
  }
  const auto& replayed = std::get<book_replay>(outcome);
  if (options.json)
    std::cout << json_of(options, replayed) << '\n';
  else
    std::cout << text_of(replayed);
  return exit_code::ok;
}

} // namespace

void add_data_book(verb& data) {
  auto options = std::make_shared<book_options>();
  auto spec = data.add("book", "Plays a raw recording into an order book");
  spec
    .text("FILE", options->file,
          "Lines of a time and a message of Binance USD-M, plain or gzip; for "
          "NAME.ws.X also its answers in NAME.http.X; or a folder")
    .required();
  spec.text("--symbol", options->symbol,
            "Which book, if the recording has several");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer(
    "The JSON object has snapshot (its lastUpdateId), first_applied (the depth "
    "event\nthat continued it, from 0) with its ids first_U, first_u and "
    "first_pu, events,\napplied, gaps, crossed (events that left the book "
    "crossed), in_step, best_bid,\nbest_ask, bid_levels, ask_levels, "
    "bid_quantity, ask_quantity (sums), refused\n(events that contradict "
    "themselves), faults (messages that were not decoded)\nand skipped_lines. "
    "Ends with 8 if the data are damaged, of spot or COIN-M, or\nhave no "
    "snapshot that their events continue.\n"
    "Example: qalpha data book btcusdt_20240808.gz --json");
  spec.action([options] { return play(*options); });
}

} // namespace qalpha
