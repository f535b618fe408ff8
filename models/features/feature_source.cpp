#include "models/features/feature_source.hpp"

#include "models/features/market_columns.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace qalpha {

namespace {

constexpr std::array<std::string_view, 6> columns_of_a_bar{
  "open", "high", "low", "close", "volume", "time"};

/// Units of a bar as numbers. The decimal text of a price and the price in
/// ticks give the same double: one division of integers that it holds exactly.
class bar_reader {
public:
  bar_reader(const feature_plan& plan, const instrument& rules)
    : tick_e8_(rules.rules().tick_e8), lot_e8_(rules.rules().lot_e8) {
    for (auto source : plan.sources)
      fields_.push_back(market_columns[source].name);
  }

  size_t columns() const noexcept {
    return fields_.size();
  }

  double value(size_t column, const bar& from) const noexcept {
    auto name = fields_[column];
    switch (name[0]) {
      case 'o':
        return number(from.open);
      case 'h':
        return number(from.high);
      case 'l':
        return number(from.low);
      case 'c':
        return number(from.close);
      case 'v':
        return static_cast<double>(static_cast<__int128>(from.volume.lots)
                                   * lot_e8_)
               / 1e8;
      default:
        return static_cast<double>(from.close_time.ns / 1'000'000);
    }
  }

private:
  double number(price x) const noexcept {
    return static_cast<double>(x.ticks * tick_e8_) / 1e8;
  }

  int64_t tick_e8_;
  int64_t lot_e8_;
  std::vector<std::string_view> fields_;
};

/// Rows of sources and columns in memory of their own.
class row_store {
public:
  row_store(size_t columns, size_t rows) : values_(columns * rows) {
    for (size_t i = 0; i < columns; ++i)
      pointers_.push_back(&values_[i * rows]);
  }

  double* column(size_t i) noexcept {
    return pointers_[i];
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

class streaming_source final : public feature_source {
public:
  streaming_source(const feature_plan& plan, const instrument& rules)
    : reader_(plan, rules), pipeline_(plan), row_(plan.sources.size(), 1),
      values_(plan.columns.size(), 1) {
    // nop
  }

  std::span<const double> next(const bar& closed) override {
    for (size_t i = 0; i < reader_.columns(); ++i)
      *row_.column(i) = reader_.value(i, closed);
    pipeline_.update(row_.data(), values_.data(), 1);
    return values_.all();
  }

private:
  bar_reader reader_;
  feature_pipeline pipeline_;
  row_store row_;
  row_store values_;
};

class batch_source final : public feature_source {
public:
  batch_source(const feature_plan& plan, const instrument& rules,
               const std::vector<bar>& history)
    : reader_(plan, rules), history_(&history), pipeline_(plan),
      rows_(plan.sources.size(), tile_rows),
      values_(plan.columns.size(), tile_rows),
      // By rows, so that one row is one span.
      table_(plan.columns.size() * tile_rows) {
    // nop
  }

  std::span<const double> next(const bar& closed) override {
    if (at_ == count_)
      compute();
    auto width = pipeline_.plan().columns.size();
    if (at_ == count_ || (*history_)[begin_ + at_] != closed)
      throw std::logic_error{"features: a bar that is not in the history"};
    return std::span<const double>{table_}.subspan(at_++ * width, width);
  }

private:
  void compute() {
    begin_ += count_;
    at_ = 0;
    count_ = std::min(tile_rows, history_->size() - begin_);
    for (size_t i = 0; i < reader_.columns(); ++i)
      for (size_t row = 0; row < count_; ++row)
        rows_.column(i)[row] = reader_.value(i, (*history_)[begin_ + row]);
    pipeline_.update(rows_.data(), values_.data(), count_);
    auto width = pipeline_.plan().columns.size();
    for (size_t i = 0; i < width; ++i)
      for (size_t row = 0; row < count_; ++row)
        table_[row * width + i] = values_.column(i)[row];
  }

  bar_reader reader_;
  const std::vector<bar>* history_;
  feature_pipeline pipeline_;
  row_store rows_;
  row_store values_;
  std::vector<double> table_;
  // The tile at hand: rows [begin_, begin_ + count_) of the history.
  size_t begin_ = 0;
  size_t count_ = 0;
  size_t at_ = 0;
};

class table_source final : public feature_source {
public:
  explicit table_source(const feature_table& table)
    : table_(&table), row_(table.columns.size(), undefined) {
    // nop
  }

  std::span<const double> next(const bar& closed) override {
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

std::optional<fault> check_bar_columns(const feature_plan& plan) {
  for (auto source : plan.sources) {
    auto name = market_columns[source].name;
    if (std::find(columns_of_a_bar.begin(), columns_of_a_bar.end(), name)
        == columns_of_a_bar.end())
      return fault{"column \"" + std::string{name} + "\" is no part of a bar"};
  }
  return std::nullopt;
}

std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules) {
  return std::make_unique<streaming_source>(plan, rules);
}

std::unique_ptr<feature_source>
batch_features(const feature_plan& plan, const instrument& rules,
               const std::vector<bar>& history) {
  return std::make_unique<batch_source>(plan, rules, history);
}

std::unique_ptr<feature_source> table_features(const feature_table& table) {
  return std::make_unique<table_source>(table);
}

} // namespace qalpha
