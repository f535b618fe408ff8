#include "runtime/data/recording_text.hpp"

#include "runtime/config/units.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <numeric>
#include <vector>

namespace qalpha {

namespace {

uint64_t faults_of(const collector_counters& x) {
  return std::accumulate(x.lines.decode_faults.begin(),
                         x.lines.decode_faults.end(), x.bad_answers);
}

double megabytes(uint64_t bytes) {
  return static_cast<double>(bytes) / 1e6;
}

/// @returns how often the file would fit into what was heard.
double ratio_of(const recording_progress& x) {
  return x.kept.file_bytes == 0 ? 0.0
                                : static_cast<double>(x.heard.lines.bytes)
                                    / static_cast<double>(x.kept.file_bytes);
}

std::string list_json(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts)
    result += (result.empty() ? "" : ", ") + json_text(text);
  return '[' + result + ']';
}

std::string lines_of(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts)
    result += "  " + text + '\n';
  return result;
}

/// @returns the exact sum, which may be larger than any quantity.
std::string volume_text(const symbol_replay& x) {
  constexpr int64_t one = 100'000'000;
  auto e8 = x.volume * x.traded.rules().lot_e8;
  auto text = fmt::format("{}.{:08}", e8 / one, static_cast<int64_t>(e8 % one));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

/// @returns the price, or `none` on an empty side.
std::string best_text(const symbol_replay& x,
                      const std::optional<book_level>& best, const char* none) {
  return best ? x.traded.text(best->px) : none;
}

std::string to_text(const symbol_replay& x) {
  return fmt::format(
    "  {}: {} events, {} trades of {} in all, {} bars of a minute\n"
    "    gaps {} of the book, {} of the trades, {} events rejected\n"
    "    book {}, best {} / {}, levels {} / {}\n",
    x.traded.name(), x.events, x.trades, volume_text(x), x.bars, x.book_gaps,
    x.trade_gaps, x.rejected, to_string(x.state), best_text(x, x.bid, "none"),
    best_text(x, x.ask, "none"), x.bid_levels, x.ask_levels);
}

std::string to_json(const symbol_replay& x) {
  return fmt::format(
    R"({{"symbol": {}, "events": {}, "trades": {}, "volume": {}, )"
    R"("bars": {}, "book_gaps": {}, "trade_gaps": {}, "rejected": {}, )"
    R"("book": "{}", "best_bid": {}, "best_ask": {}, "bid_levels": {}, )"
    R"("ask_levels": {}}})",
    json_text(x.traded.name()), x.events, x.trades, volume_text(x), x.bars,
    x.book_gaps, x.trade_gaps, x.rejected, to_string(x.state),
    best_text(x, x.bid, "null"), best_text(x, x.ask, "null"), x.bid_levels,
    x.ask_levels);
}

} // namespace

std::string progress_text(const recording_progress& x) {
  return fmt::format(
    "{} messages  {:.1f} MB as {:.1f} MB (x{:.1f})  faults {}  gaps {}  "
    "disconnects {}  dropped {}{}{}",
    x.heard.lines.messages, megabytes(x.heard.lines.bytes),
    megabytes(x.kept.file_bytes), ratio_of(x), faults_of(x.heard),
    x.heard.depth_gaps + x.heard.trades.gaps, x.heard.lines.disconnects,
    x.kept.dropped.records, x.kept.trouble.empty() ? "" : "  ", x.kept.trouble);
}

std::string to_text(const recording_summary& x) {
  auto& heard = x.made.heard;
  auto& kept = x.made.kept;
  auto text = fmt::format(
    "{}: {} messages of {}, {:.1f} MB as {:.1f} MB (x{:.1f}) in {} segments\n"
    "  records {}, written {}, dropped {}\n"
    "  gaps {} of books, {} of trades; faults {}, connects {}, "
    "disconnects {}\n",
    x.directory, heard.lines.messages, x.venue, megabytes(heard.lines.bytes),
    megabytes(kept.file_bytes), ratio_of(x.made), kept.segments, kept.accepted,
    kept.written, to_string(kept.dropped), heard.depth_gaps, heard.trades.gaps,
    faults_of(heard), heard.lines.connects, heard.lines.disconnects);
  auto& before = x.recovery;
  if (before.lost.records > 0 || !before.lost.exact || before.torn_bytes > 0)
    text += fmt::format("  the recorder before lost {}, torn bytes {}\n",
                        to_string(before.lost), before.torn_bytes);
  return text + lines_of(before.notes);
}

std::string to_json(const recording_summary& x) {
  auto& heard = x.made.heard;
  auto& kept = x.made.kept;
  return fmt::format(
    R"({{"ok": {}, "directory": {}, "venue": {}, "messages": {}, )"
    R"("bytes": {}, "records": {}, "written": {}, "file_bytes": {}, )"
    R"("segments": {}, "dropped": {}, "book_gaps": {}, "trade_gaps": {}, )"
    R"("faults": {}, "connects": {}, "disconnects": {}, "lost_before": {}, )"
    R"("lost_before_exact": {}, "torn_bytes": {}, "notes": {}}})",
    x.ok(), json_text(x.directory), json_text(x.venue), heard.lines.messages,
    heard.lines.bytes, kept.accepted, kept.written, kept.file_bytes,
    kept.segments, kept.dropped.records, heard.depth_gaps, heard.trades.gaps,
    faults_of(heard), heard.lines.connects, heard.lines.disconnects,
    x.recovery.lost.records, x.recovery.lost.exact, x.recovery.torn_bytes,
    list_json(x.recovery.notes));
}

std::string to_text(const recording_replay& x) {
  auto text = fmt::format("recording of {}: {} records", x.venue, x.records);
  if (x.records > 0)
    text += fmt::format(", {} to {}", format_utc(x.first), format_utc(x.last));
  text += fmt::format("\n  lost {}, dropped {}, faults {}\n",
                      to_string(x.damage.lost), to_string(x.damage.dropped),
                      x.faults);
  for (const auto& one : x.symbols)
    text += to_text(one);
  return text + lines_of(x.damage.notes);
}

std::string to_json(const recording_replay& x) {
  std::string symbols;
  for (const auto& one : x.symbols)
    symbols += (symbols.empty() ? "" : ", ") + to_json(one);
  auto& damage = x.damage;
  return fmt::format(
    R"({{"ok": true, "whole": {}, "venue": {}, "first_ms": {}, )"
    R"("last_ms": {}, "records": {}, "faults": {}, "lost": {}, )"
    R"("lost_exact": {}, "dropped": {}, "damaged_bytes": {}, )"
    R"("torn_bytes": {}, "notes": {}, "symbols": [{}]}})",
    x.whole(), json_text(x.venue), x.first.ns / 1'000'000,
    x.last.ns / 1'000'000, x.records, x.faults, damage.lost.records,
    damage.lost.exact, damage.dropped.records, damage.damaged_bytes,
    damage.torn_bytes, list_json(damage.notes), symbols);
}

} // namespace qalpha
