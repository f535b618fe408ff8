#include "models/features/row_gate.hpp"

#include "models/features/block/row_checks.hpp"
#include "models/features/feature.hpp"
#include "models/features/market_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qalpha {

namespace {

constexpr size_t absent = SIZE_MAX;

size_t place_of(std::span<const size_t> sources, std::string_view name) {
  auto at = std::find(sources.begin(), sources.end(),
                      market_column_index(name));
  return at == sources.end() ? absent
                             : static_cast<size_t>(at - sources.begin());
}

bool is_finite(double x) noexcept {
  return x - x == 0;
}

bool is_in(value_range range, double x) noexcept {
  switch (range) {
    case value_range::positive:
      return is_finite(x) & (x > 0);
    case value_range::not_negative:
      return is_finite(x) & (x >= 0);
    default:
      return is_finite(x);
  }
}

bool all_in(value_range range, const double* x, size_t rows) noexcept {
  using limits = std::numeric_limits<double>;
  auto lowest = range == value_range::positive       ? limits::denorm_min()
                : range == value_range::not_negative ? 0.0
                                                     : limits::lowest();
  return all_within(x, rows, lowest, limits::max());
}

} // namespace

row_gate::row_gate(std::span<const size_t> sources)
  : sources_(sources.begin(), sources.end()), open_(place_of(sources, "open")),
    high_(place_of(sources, "high")), low_(place_of(sources, "low")),
    close_(place_of(sources, "close")), last_(sources.size(), undefined),
    values_(sources.size() * tile_rows), dirty_(sources.size() * tile_rows),
    result_(sources.size()) {
  // nop
}

std::span<const clean_column> row_gate::pass(const double* const* raw,
                                             size_t rows) {
  if (is_good(raw, rows)) {
    for (size_t i = 0; i < sources_.size(); ++i)
      result_[i] = {raw[i], nullptr};
    remember(raw, rows - 1);
  } else {
    repair(raw, rows);
  }
  return result_;
}

std::span<const clean_column> row_gate::fill(double time, double interval,
                                             size_t rows) {
  for (size_t row = 0; row < rows; ++row) {
    put_flat_bar(row);
    for (size_t i = 0; i < sources_.size(); ++i)
      if (sources_[i] == time_column)
        put(i, row, time + static_cast<double>(row) * interval, false);
      else if (sources_[i] > time_column)
        put(i, row, last_[i], true);
  }
  for (size_t i = 0; i < sources_.size(); ++i)
    result_[i] = {&values_[i * tile_rows], &dirty_[i * tile_rows]};
  return result_;
}

void row_gate::reset() {
  std::fill(last_.begin(), last_.end(), undefined);
}

bool row_gate::is_good(const double* const* raw, size_t rows) const noexcept {
  auto has_range = low_ != absent && high_ != absent;
  auto whole = has_range && (open_ != absent || close_ != absent);
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (whole && (i == low_ || i == high_))
      continue; // Compared with what is inside.
    auto inside = i == open_ || i == close_;
    auto good = whole && inside
                  ? all_bars(raw[low_], raw[i], raw[high_], rows)
                  : all_in(market_columns[sources_[i]].range, raw[i], rows);
    if (!good)
      return false;
  }
  return whole || is_ordered(raw, rows);
}

bool row_gate::is_ordered(const double* const* raw,
                          size_t rows) const noexcept {
  auto ordered = [&](size_t low, size_t high) {
    return low == absent || high == absent
           || all_ordered(raw[low], raw[high], rows);
  };
  return ordered(low_, high_) && ordered(low_, open_) && ordered(low_, close_)
         && ordered(open_, high_) && ordered(close_, high_);
}

bool row_gate::is_good_bar(const double* const* raw,
                           size_t row) const noexcept {
  auto value = [&](size_t i) { return raw[i][row]; };
  for (size_t i = 0; i < sources_.size() && sources_[i] < bar_columns; ++i)
    if (!is_in(market_columns[sources_[i]].range, value(i)))
      return false;
  auto ordered = [&](size_t low, size_t high) {
    return low == absent || high == absent || value(low) <= value(high);
  };
  return ordered(low_, high_) && ordered(low_, open_) && ordered(low_, close_)
         && ordered(open_, high_) && ordered(close_, high_);
}

void row_gate::repair(const double* const* raw, size_t rows) {
  for (size_t row = 0; row < rows; ++row) {
    auto good_bar = is_good_bar(raw, row);
    if (!good_bar)
      put_flat_bar(row);
    for (size_t i = 0; i < sources_.size(); ++i) {
      auto value = raw[i][row];
      if (sources_[i] < bar_columns) {
        if (good_bar)
          put(i, row, last_[i] = value, false);
      } else if (sources_[i] < time_column && !good_bar) {
        continue; // Of a bar that is no such thing.
      } else if (is_in(market_columns[sources_[i]].range, value)) {
        put(i, row, last_[i] = value, false);
      } else {
        put(i, row, last_[i], true);
      }
    }
  }
  for (size_t i = 0; i < sources_.size(); ++i)
    result_[i] = {&values_[i * tile_rows], &dirty_[i * tile_rows]};
}

void row_gate::put_flat_bar(size_t row) {
  for (size_t i = 0; i < sources_.size() && sources_[i] < time_column; ++i) {
    auto is_price = market_columns[sources_[i]].range == value_range::positive;
    auto flat = is_price ? last_[close_ == absent ? i : close_] : 0.0;
    // Before the first good bar there is nothing to go on from.
    auto known = !std::isnan(last_[i]);
    put(i, row, known ? flat : undefined, true);
  }
}

void row_gate::put(size_t source, size_t row, double value, bool dirty) {
  values_[source * tile_rows + row] = value;
  dirty_[source * tile_rows + row] = dirty;
}

void row_gate::remember(const double* const* raw, size_t row) {
  for (size_t i = 0; i < sources_.size(); ++i)
    last_[i] = raw[i][row];
}

} // namespace qalpha
