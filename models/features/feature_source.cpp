#include "models/features/feature_source.hpp"

#include "models/features/market_columns.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace qalpha {

namespace {

/// What a column of the market is in a bar.
struct bar_field {
  std::string_view name;
  // Null: the volume, or the time.
  price bar::*px;
};

constexpr std::array<bar_field, 6> fields_of_a_bar{{
  {"open", &bar::open},
  {"high", &bar::high},
  {"low", &bar::low},
  {"close", &bar::close},
  {"volume", nullptr},
  {"time", nullptr},
}};

const bar_field* find_field(size_t source) {
  for (auto& field : fields_of_a_bar)
    if (field.name == market_columns[source].name)
      return &field;
  return nullptr;
}

/// Units of a bar as numbers. The decimal text of a price and the price in
/// ticks give the same double: one division of integers that it holds exactly.
class bar_reader {
public:
  bar_reader(const feature_plan& plan, const instrument& rules)
    : tick_e8_(rules.rules().tick_e8), lot_e8_(rules.rules().lot_e8) {
    for (auto source : plan.sources)
      fields_.push_back(find_field(source));
  }

  void read(const bar* from, size_t count, double* const* to) const noexcept {
    for (auto field : fields_)
      read(*field, from, count, *to++);
  }

private:
  void read(const bar_field& field, const bar* from, size_t count,
            double* to) const noexcept {
    auto each = [=](auto value) {
      for (size_t i = 0; i < count; ++i)
        to[i] = value(from[i]);
    };
    if (auto px = field.px)
      each([px, tick = tick_e8_](const bar& x) {
        return static_cast<double>((x.*px).ticks * tick) / 1e8;
      });
    else if (field.name == "volume")
      each([lot = static_cast<__int128>(lot_e8_)](const bar& x) {
        return static_cast<double>(x.volume.lots * lot) / 1e8;
      });
    else
      each([](const bar& x) {
        return static_cast<double>(x.close_time.ns / 1'000'000);
      });
  }

  int64_t tick_e8_;
  int64_t lot_e8_;
  std::vector<const bar_field*> fields_;
};

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

class streaming_source final : public feature_source {
public:
  streaming_source(const feature_plan& plan, const instrument& rules)
    : reader_(plan, rules), pipeline_(plan), row_(plan.sources.size(), 1),
      values_(plan.columns.size(), 1) {
    // nop
  }

  std::span<const double> next(const bar& closed) override {
    reader_.read(&closed, 1, row_.data());
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
      table_(plan.columns.size() * tile_rows), width_(plan.columns.size()),
      bars_(history.data()) {
    // nop
  }

  std::span<const double> next(const bar& closed) override {
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
    auto begin = static_cast<size_t>(bars_ - history_->data()) + count_;
    bars_ += count_;
    at_ = 0;
    count_ = std::min(tile_rows, history_->size() - begin);
    if (width_ == 0 || count_ == 0)
      return;
    reader_.read(bars_, count_, rows_.data());
    pipeline_.update(rows_.data(), values_.data(), count_);
    for (size_t i = 0; i < width_; ++i) {
      auto from = values_.data()[i];
      auto to = table_.data() + i;
      for (size_t row = 0; row < count_; ++row)
        to[row * width_] = from[row];
    }
  }

  [[noreturn, gnu::noinline]] static void refuse() {
    throw std::logic_error{"features: a bar that is not in the history"};
  }

  bar_reader reader_;
  const std::vector<bar>* history_;
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
  for (auto source : plan.sources)
    if (find_field(source) == nullptr)
      return fault{"column \"" + std::string{market_columns[source].name}
                   + "\" is no part of a bar"};
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
