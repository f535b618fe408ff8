#include "runtime/data/recording_replay.hpp"

#include "models/market/feed.hpp"
#include "runtime/storage/raw/raw_format.hpp"
#include "runtime/venues/recorded_source.hpp"

#include <chrono>
#include <numeric>
#include <system_error>
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

replay_refusal damaged(std::string text) {
  return {replay_refusal::kind::data, std::move(text)};
}

fallible<universe> instruments_of(const raw_origin& origin) {
  universe result;
  for (const auto& rules : origin.instruments) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())}, rules);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  if (result.empty())
    return fault{"expected a recording of instruments, found one of none"};
  return result;
}

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

std::variant<recording_replay, replay_refusal>
replay_recording(const fs::path& directory) {
  std::error_code error;
  auto is_there = fs::is_directory(directory, error)
                  && !list_segments(directory).empty();
  auto reader = raw_reader::open(directory, {.allow_gaps = true});
  if (!reader)
    return replay_refusal{is_there ? replay_refusal::kind::data
                                   : replay_refusal::kind::not_found,
                          reader.error().text};
  auto& damage = reader->damage();
  if (reader->header().number == 0)
    return damaged(damage.notes.empty()
                     ? directory.string() + ": no segment can be read"
                     : damage.notes.front());
  auto venue = reader->header().origin.venue;
  auto all = instruments_of(reader->header().origin);
  if (!all)
    return damaged(directory.string() + ": " + all.error().text);
  auto source = recorded_source::open(directory, *all, {.allow_gaps = true});
  if (!source)
    return damaged(source.error().text);
  auto result = play(**source, *all);
  if (is_lost(result))
    return damaged(directory.string() + ": no record can be read");
  result.venue = std::move(venue);
  return result;
}

} // namespace qalpha
