#include "models/features/feature_source.hpp"

#include "models/features/source_reader.hpp"

#include <algorithm>
#include <stdexcept>

namespace qalpha {

namespace {

/// Rows of sources and columns in memory of their own.
class row_store {
public:
  row_store(size_t columns, size_t rows) : values_(columns * rows) {
    for (size_t i = 0; i < columns; ++i)
      pointers_.push_back(&values_[i * rows]);
  }

  double* const* data() noexcept {
    return pointers_.data();
  }

  std::span<const double> all() const noexcept {
    return values_;
  }

private:
  std::vector<double> values_;
  std::vector<double*> pointers_;
};

class streaming_source : public feature_source {
public:
  streaming_source(const feature_plan& plan, const instrument& rules)
    : reader_(plan, rules), pipeline_(plan), row_(plan.sources.size(), 1),
      values_(plan.columns.size(), 1) {
    // nop
  }

  std::span<const double> next(const bar& closed,
                               const bar_context& around) override {
    reader_.read(&closed, 1, row_.data());
    reader_.read(around, row_.data());
    return compute();
  }

protected:
  std::span<const double> compute() {
    pipeline_.update(row_.data(), values_.data(), 1);
    return values_.all();
  }

  source_reader reader_;
  feature_pipeline pipeline_;
  row_store row_;
  row_store values_;
};

[[noreturn, gnu::noinline]] void refuse() {
  throw std::logic_error{"features: a bar that is not in the history"};
}

class recorded_source final : public streaming_source {
public:
  recorded_source(const feature_plan& plan, const instrument& rules,
                  const known_history& history)
    : streaming_source(plan, rules), history_(history) {
    for (size_t i = 0; i < plan.sources.size(); ++i)
      if (!is_of_bar(plan.sources[i]))
        beside_.push_back(
          {history.columns[plan.sources[i]].data(), row_.data()[i]});
  }

  std::span<const double> next(const bar& closed, const bar_context&) override {
    const auto& bars = history_.bars;
    while (at_ < bars.size() && bars[at_].close_time < closed.close_time)
      ++at_;
    if (at_ == bars.size() || bars[at_].close_time != closed.close_time)
      refuse();
    reader_.read(&closed, 1, row_.data());
    for (auto& [from, to] : beside_)
      *to = from[at_];
    return compute();
  }

private:
  struct column {
    const double* from;
    double* to;
  };

  known_history history_;
  std::vector<column> beside_;
  size_t at_ = 0;
};

class batch_source final : public feature_source {
public:
  batch_source(const feature_plan& plan, const instrument& rules,
               const known_history& history)
    : reader_(plan, rules), history_(history), pipeline_(plan),
      rows_(plan.sources.size(), tile_rows),
      values_(plan.columns.size(), tile_rows),
      // By rows, so that one row is one span.
      table_(plan.columns.size() * tile_rows), width_(plan.columns.size()),
      bars_(history.bars.data()) {
    // nop
  }

  std::span<const double> next(const bar& closed, const bar_context&) override {
    if (at_ == count_)
      compute();
    // The same close is the same bar: a history has each time once.
    if (at_ == count_ || bars_[at_].close_time != closed.close_time)
      refuse();
    return {table_.data() + width_ * at_++, width_};
  }

private:
  // Not inlined: `next` is short, and called for each bar.
  [[gnu::noinline]] void compute() {
    auto begin = static_cast<size_t>(bars_ - history_.bars.data()) + count_;
    bars_ += count_;
    at_ = 0;
    count_ = std::min(tile_rows, history_.bars.size() - begin);
    if (width_ == 0 || count_ == 0)
      return;
    reader_.read(bars_, count_, rows_.data());
    read_beside(begin);
    pipeline_.update(rows_.data(), values_.data(), count_);
    for (size_t i = 0; i < width_; ++i) {
      auto from = values_.data()[i];
      auto to = table_.data() + i;
      for (size_t row = 0; row < count_; ++row)
        to[row * width_] = from[row];
    }
  }

  void read_beside(size_t begin) {
    const auto& sources = pipeline_.plan().sources;
    for (size_t i = 0; i < sources.size(); ++i)
      if (!is_of_bar(sources[i]))
        std::copy_n(history_.columns[sources[i]].data() + begin, count_,
                    rows_.data()[i]);
  }

  source_reader reader_;
  known_history history_;
  feature_pipeline pipeline_;
  row_store rows_;
  row_store values_;
  std::vector<double> table_;
  size_t width_;
  // The tile at hand.
  const bar* bars_;
  size_t count_ = 0;
  size_t at_ = 0;
};

class table_source final : public feature_source {
public:
  explicit table_source(const feature_table& table)
    : table_(&table), row_(table.columns.size(), undefined) {
    // nop
  }

  std::span<const double> next(const bar& closed, const bar_context&) override {
    const auto& times = table_->times;
    while (at_ < times.size() && times[at_] < closed.open_time)
      ++at_;
    auto found = at_ < times.size() && times[at_] == closed.open_time;
    for (size_t i = 0; i < row_.size(); ++i)
      row_[i] = found ? table_->columns[i][at_] : undefined;
    return row_;
  }

private:
  const feature_table* table_;
  std::vector<double> row_;
  size_t at_ = 0;
};

} // namespace

std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules) {
  return std::make_unique<streaming_source>(plan, rules);
}

std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules,
                                                const known_history& history) {
  return std::make_unique<recorded_source>(plan, rules, history);
}

std::unique_ptr<feature_source> batch_features(const feature_plan& plan,
                                               const instrument& rules,
                                               const known_history& history) {
  return std::make_unique<batch_source>(plan, rules, history);
}

std::unique_ptr<feature_source> table_features(const feature_table& table) {
  return std::make_unique<table_source>(table);
}

} // namespace qalpha
