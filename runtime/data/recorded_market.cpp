#include "runtime/data/recorded_market.hpp"

#include "models/features/source_reader.hpp"
#include "models/market/feed.hpp"
#include "runtime/data/opened_recording.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

std::vector<size_t> all_columns() {
  std::vector<size_t> result(market_columns.size());
  std::iota(result.begin(), result.end(), size_t{0});
  return result;
}

/// A feed whose bars become rows.
class recorded_feed final : public feed::effects {
public:
  recorded_feed(const instrument& of, timespan interval,
                const book_listener& hear_book)
    : image_(of.id(), {.bar_interval = interval, .history = 0}),
      reader_(all_columns(), of), hear_book_(hear_book), result_{.traded = of} {
    result_.table.interval = interval;
  }

  void take(const market_batch& batch) {
    image_.step(batch, *this);
    if (!hear_book_)
      return;
    auto exact = image_.status() == feed_status::live
                 && image_.levels().best(side::buy)
                 && image_.levels().best(side::sell);
    if (!exact)
      hear_book_(nullptr);
    else if (changes_book(batch))
      hear_book_(&image_.levels());
  }

  void take(utc_time now) {
    image_.step(now, *this);
  }

  recorded_market finish() && {
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

  void tell(const book_wanted&) override {
    // Nobody can be asked.
  }

  void tell(const bar_context_known& x) override {
    around_ = x.value;
  }

  void tell(const bar_closed& x) override {
    if (around_.trades)
      add_row(x.value);
    else
      ++result_.incomplete;
  }

private:
  static bool changes_book(const market_batch& batch) {
    return std::any_of(batch.events.begin(), batch.events.end(),
                       [](const market_event& x) {
                         return x.kind == market_event_kind::book_complete;
                       });
  }

  void add_row(const bar& value) {
    auto& table = result_.table;
    if (!table.times.empty()) {
      auto skipped = (value.open_time - table.times.back()) / table.interval
                     - 1;
      table.gaps += skipped > 0 ? 1 : 0;
      table.missing_bars += static_cast<uint64_t>(skipped);
    }
    table.times.push_back(value.open_time);
    std::vector<double*> cells;
    for (auto& column : table.columns) {
      column.emplace_back();
      cells.push_back(&column.back());
    }
    reader_.read(&value, 1, cells.data());
    reader_.read(around_, cells.data());
  }

  feed image_;
  source_reader reader_;
  const book_listener& hear_book_;
  bar_context around_;
  recorded_market result_;
};

} // namespace

std::variant<recorded_market, recording_refusal>
read_recorded_market(const std::filesystem::path& path,
                     const std::string& symbol, timespan interval,
                     const book_listener& hear_book) {
  auto opened = open_recording(path, symbol);
  if (auto no = std::get_if<recording_refusal>(&opened))
    return *no;
  auto& [venue, all, source] = std::get<opened_recording>(opened);
  recorded_feed into{all[0], interval, hear_book};
  while (auto frame = source->next()) {
    for (const auto& batch : frame->batches)
      into.take(batch);
    into.take(frame->time);
  }
  auto refuse = [&](const std::string& why) {
    return recording_refusal{recording_refusal::kind::data,
                             path.string() + ": " + why};
  };
  auto& counts = source->player().counts();
  if (counts.faults[static_cast<size_t>(decode_fault::wrong_product)] > 0)
    return refuse("expected messages of Binance USDⓈ-M futures, found some of "
                  "spot or COIN-M");
  auto result = std::move(into).finish();
  if (result.table.times.empty())
    return refuse("expected at least one whole bar of "
                  + std::to_string(interval.count() / 1'000'000)
                  + " ms, found none in " + std::to_string(counts.records)
                  + " records");
  result.venue = std::move(venue);
  return result;
}

} // namespace qalpha
