#include "runtime/data/recording_replay.hpp"

#include "models/market/feed.hpp"
#include "runtime/data/opened_recording.hpp"

#include <chrono>
#include <numeric>
#include <utility>

namespace qalpha {

namespace fs = std::filesystem;

namespace {

constexpr feed_settings one_minute{.bar_interval = std::chrono::minutes{1},
                                   .history = 0};

/// A feed and what it says.
class lane final : public feed::effects {
public:
  explicit lane(const instrument& of)
    : image_(of.id(), one_minute), result_{.traded = of} {
    // nop
  }

  void take(const market_batch& batch) {
    result_.events += batch.events.size();
    for (const auto& event : batch.events)
      if (event.kind == market_event_kind::trade) {
        result_.trades += 1 + event.merged;
        result_.volume += event.qty.lots;
      }
    image_.step(batch, *this);
  }

  void take(utc_time now) {
    image_.step(now, *this);
  }

  symbol_replay finish(const symbol_track& track) && {
    const auto& levels = image_.levels();
    result_.book_gaps = track.book_statistics().gaps;
    result_.trade_gaps = track.trade_counts().gaps;
    result_.rejected = image_.rejected();
    result_.state = image_.sequence();
    result_.bid = levels.best(side::buy);
    result_.ask = levels.best(side::sell);
    result_.bid_levels = levels.depth(side::buy);
    result_.ask_levels = levels.depth(side::sell);
    return std::move(result_);
  }

  void tell(const feed_health&) override {
    // nop
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed&) override {
    ++result_.bars;
  }

  void tell(const book_wanted&) override {
    // Nobody can be asked.
  }

private:
  feed image_;
  symbol_replay result_;
};

recording_replay play(recorded_source& source, const universe& all) {
  recording_replay result;
  std::vector<lane> lanes;
  lanes.reserve(all.size());
  for (const auto& one : all)
    lanes.emplace_back(one);
  while (auto frame = source.next()) {
    if (result.first == utc_time{})
      result.first = frame->time;
    result.last = frame->time;
    for (const auto& batch : frame->batches)
      lanes[batch.symbol.index].take(batch);
    for (auto& one : lanes)
      one.take(frame->time);
  }
  const auto& player = source.player();
  const auto& counts = player.counts();
  for (size_t i = 0; i < all.size(); ++i)
    result.symbols.push_back(
      std::move(lanes[i]).finish(player.track(all[i].id())));
  result.records = counts.records;
  result.faults = std::accumulate(counts.faults.begin(), counts.faults.end(),
                                  counts.bad_answers);
  result.damage = source.damage();
  return result;
}

/// @returns whether there is damage and nothing else.
bool is_lost(const recording_replay& x) {
  auto& damage = x.damage;
  auto told = damage.lost.records > 0 || !damage.lost.exact ? 1u : 0u;
  return x.records <= told
         && (told > 0 || damage.damaged_bytes > 0 || damage.torn_bytes > 0);
}

} // namespace

std::variant<recording_replay, recording_refusal>
replay_recording(const fs::path& directory) {
  auto opened = open_raw_recording(directory);
  if (auto no = std::get_if<recording_refusal>(&opened))
    return *no;
  auto& [venue, all, source] = std::get<opened_recording>(opened);
  auto result = play(*source, all);
  if (is_lost(result))
    return recording_refusal{recording_refusal::kind::data,
                             directory.string() + ": no record can be read"};
  result.venue = std::move(venue);
  return result;
}

} // namespace qalpha
