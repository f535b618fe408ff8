#include "models/datasets/training_set.hpp"

#include "models/features/pipeline.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <optional>

namespace qalpha {

namespace {

constexpr auto open_column = market_column_index("open");
constexpr auto high_column = market_column_index("high");
constexpr auto low_column = market_column_index("low");
constexpr auto close_column = market_column_index("close");

uint64_t mix(uint64_t hash, uint64_t bits) {
  for (int shift = 0; shift < 64; shift += 8) {
    hash ^= bits >> shift & 0xFF;
    hash *= 1'099'511'628'211u;
  }
  return hash;
}

/// NaN has many forms, all of which mean the same.
uint64_t bits_of(double x) {
  return std::isnan(x) ? ~uint64_t{0} : std::bit_cast<uint64_t>(x);
}

std::string hexadecimal(uint64_t hash) {
  std::array<char, 17> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%016llx",
                static_cast<unsigned long long>(hash));
  return buffer.data();
}

std::vector<size_t> find_known(const feature_plan& plan) {
  std::vector<size_t> result;
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    auto only_time = [&](const feature_input& x) {
      return !x.of_feature && plan.sources[x.column] == time_column;
    };
    auto made = step.entry->make(step.parameters);
    if (!made || made->warm_up > 0 || step.inputs.empty()
        || !std::all_of(step.inputs.begin(), step.inputs.end(), only_time))
      continue;
    for (size_t j = 0; j < step.entry->outputs.size(); ++j)
      result.push_back(step.first_column + j);
  }
  return result;
}

/// Columns that are kept as they are.
std::vector<size_t> kept_columns(const window_spec& spec) {
  if (spec.whole_bars)
    return {close_column, open_column, high_column, low_column};
  return {close_column};
}

std::optional<fault> check_rows(const window_spec& spec,
                                const feature_plan& plan,
                                const market_rows& rows) {
  const auto& times = rows.columns[time_column];
  for (size_t i = 0; i < times.size(); ++i)
    if (!std::isfinite(times[i]) || (i > 0 && times[i] <= times[i - 1]))
      return fault{rows.name + ": row " + std::to_string(i)
                   + ", column time: expected a time after that of the row "
                     "before, found "
                   + std::to_string(times[i])};
  auto needed = plan.sources;
  for (auto column : kept_columns(spec))
    needed.push_back(column);
  for (auto column : needed)
    if (rows.columns[column].size() != times.size())
      return fault{rows.name + ": column "
                   + std::string{market_columns[column].name} + ": expected "
                   + std::to_string(times.size()) + " values, found "
                   + std::to_string(rows.columns[column].size())};
  return std::nullopt;
}

} // namespace

fallible<training_set>
training_set::make(const window_spec& spec,
                   std::span<const market_rows> history) {
  auto plan = feature_plan::make(spec.features);
  if (!plan)
    return plan.error();
  if (spec.lookback == 0)
    return fault{"lookback: expected at least 1, found 0"};
  if (history.empty())
    return fault{"data: expected at least one instrument, found none"};
  training_set result;
  result.spec_ = spec;
  result.plan_ = std::move(*plan);
  result.known_ = find_known(result.plan_);
  for (const auto& rows : history)
    if (auto problem = result.add(rows))
      return *problem;
  std::stable_sort(result.windows_.begin(), result.windows_.end(),
                   [&](auto x, auto y) {
                     return result.series_[x.series].times[x.row]
                            < result.series_[y.series].times[y.row];
                   });
  result.data_hash_ = hexadecimal(result.hash_);
  return result;
}

std::optional<fault> training_set::add(const market_rows& rows) {
  if (auto problem = check_rows(spec_, plan_, rows))
    return problem;
  for (const auto& known : series_)
    if (known.name == rows.name)
      return fault{rows.name + ": expected each instrument once"};
  auto count = rows.rows();
  std::vector<const double*> sources;
  for (auto source : plan_.sources) {
    sources.push_back(rows.columns[source].data());
    for (auto value : rows.columns[source])
      hash_ = mix(hash_, bits_of(value));
  }
  for (auto letter : rows.name)
    hash_ = mix(hash_, static_cast<uint8_t>(letter));
  for (auto column : kept_columns(spec_))
    for (auto value : rows.columns[column])
      hash_ = mix(hash_, bits_of(value));
  std::vector<std::vector<double>> made(columns(), std::vector<double>(count));
  std::vector<double*> to;
  for (auto& column : made)
    to.push_back(column.data());
  feature_pipeline pipeline{plan_};
  pipeline.update(sources.data(), to.data(), count);
  auto& one = series_.emplace_back();
  one.name = rows.name;
  one.times = rows.columns[time_column];
  one.closes = rows.columns[close_column];
  if (spec_.whole_bars) {
    one.opens = rows.columns[open_column];
    one.highs = rows.columns[high_column];
    one.lows = rows.columns[low_column];
  }
  one.values.resize(count * columns());
  for (size_t j = 0; j < columns(); ++j)
    for (size_t i = 0; i < count; ++i)
      one.values[i * columns() + j] = made[j][i];
  return cut(series_.size() - 1, pipeline.warm_up());
}

std::optional<fault> training_set::cut(size_t series, size_t warm_up) {
  const auto& one = series_[series];
  auto first = warm_up + spec_.lookback - 1;
  auto needed = first + 1 + spec_.horizon;
  auto count = one.times.size();
  if (count < needed)
    return fault{one.name + ": expected at least " + std::to_string(needed)
                 + " rows, of which " + std::to_string(warm_up)
                 + " to warm up, found " + std::to_string(count)};
  size_t unusable = 0;
  size_t example = 0;
  for (auto row = first; row + spec_.horizon < count; ++row) {
    if (is_usable(series, row)) {
      windows_.push_back({series, row});
      continue;
    }
    if (unusable++ == 0)
      example = row;
  }
  auto all = count - needed + 1;
  auto share = static_cast<double>(unusable) / static_cast<double>(all);
  if (share > spec_.max_unusable || unusable == all)
    return fault{one.name + ": " + std::to_string(unusable) + " of "
                 + std::to_string(all)
                 + " windows have rows that are missing or values that are not "
                   "defined, the first at row "
                 + std::to_string(example) + "; repair the data first"};
  return std::nullopt;
}

bool training_set::is_usable(size_t series, size_t row) const {
  const auto& one = series_[series];
  auto interval = static_cast<double>(plan_.interval.count());
  auto begin = row + 1 - spec_.lookback;
  for (auto i = begin; i < row + spec_.horizon; ++i)
    if (one.times[i + 1] - one.times[i] != interval)
      return false;
  for (auto i = row; i <= row + spec_.horizon; ++i)
    if (!std::isfinite(one.closes[i]) || one.closes[i] <= 0)
      return false;
  auto finite = [](double x) { return std::isfinite(x); };
  auto values = past({series, row});
  return std::all_of(values.begin(), values.end(), finite);
}

std::vector<std::string> training_set::known_names() const {
  std::vector<std::string> result;
  for (auto column : known_)
    result.push_back(plan_.columns[column].name);
  return result;
}

std::span<const double> training_set::past(training_window x) const noexcept {
  auto begin = (x.row + 1 - spec_.lookback) * columns();
  return std::span{series_[x.series].values}.subspan(begin, spec_.lookback
                                                              * columns());
}

std::span<const double> training_set::row(size_t series,
                                          size_t row) const noexcept {
  return std::span{series_[series].values}.subspan(row * columns(), columns());
}

double training_set::target(training_window x, size_t ahead) const noexcept {
  const auto& closes = series_[x.series].closes;
  return std::log(closes[x.row + ahead] / closes[x.row]);
}

sample_span training_set::span(training_window x) const noexcept {
  const auto& times = series_[x.series].times;
  return {static_cast<int64_t>(times[x.row]),
          static_cast<int64_t>(times[x.row + spec_.horizon])};
}

std::vector<sample_span> training_set::spans() const {
  std::vector<sample_span> result;
  for (auto window : windows_)
    result.push_back(span(window));
  return result;
}

} // namespace qalpha
