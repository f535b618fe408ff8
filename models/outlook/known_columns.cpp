#include "models/outlook/known_columns.hpp"

#include "models/features/market_columns.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// The step that computes a column, among all columns of the plan.
const feature_step& step_of(const feature_plan& plan, size_t column) {
  auto after = [](size_t x, const feature_step& step) {
    return x < step.first_column;
  };
  return *std::prev(
    std::upper_bound(plan.steps.begin(), plan.steps.end(), column, after));
}

size_t find_column(const feature_plan& plan, const std::string& name) {
  auto match = [&](const auto& column) { return column.name == name; };
  auto found = std::find_if(plan.columns.begin(), plan.columns.end(), match);
  return static_cast<size_t>(found - plan.columns.begin());
}

bool needs_only_time(const feature_plan& plan, const feature_step& step) {
  return std::all_of(
    step.inputs.begin(), step.inputs.end(), [&](const feature_input& x) {
      return !x.of_feature && plan.sources[x.column] == time_column;
    });
}

} // namespace

fallible<known_columns>
known_columns::make(const feature_spec& spec,
                    const std::vector<std::string>& names, size_t horizon) {
  auto whole = feature_plan::make(spec);
  if (!whole)
    return whole.error();
  std::vector<bool> wanted(spec.features.size());
  for (auto& name : names) {
    auto column = find_column(*whole, name);
    if (column == whole->columns.size())
      return fault{"known: there is no column \"" + name + "\""};
    auto& step = step_of(*whole, column);
    if (!needs_only_time(*whole, step))
      return fault{"known: column \"" + name
                   + "\" needs more than the time of its bar"};
    wanted[static_cast<size_t>(&step - whole->steps.data())] = true;
  }
  feature_spec part{spec.interval, {}};
  for (size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i])
      part.features.push_back(spec.features[i]);
  auto plan = feature_plan::make(part);
  if (!plan)
    return plan.error();
  std::vector<size_t> places;
  for (auto& name : names)
    places.push_back(find_column(*plan, name));
  known_columns result{std::move(*plan), std::move(places), horizon};
  if (result.pipeline_.warm_up() > 0)
    return fault{"known: a column needs the times of earlier bars"};
  return result;
}

known_columns::known_columns(feature_plan plan, std::vector<size_t> places,
                             size_t horizon)
  : pipeline_(std::move(plan)), places_(std::move(places)), horizon_(horizon),
    interval_ms_(static_cast<double>(pipeline_.plan().interval.count())),
    times_(horizon), columns_(horizon * pipeline_.plan().columns.size()),
    rows_(horizon * places_.size()) {
  // nop
}

std::span<const double> known_columns::ahead(int64_t close_ms) {
  if (places_.empty())
    return {};
  for (size_t i = 0; i < horizon_; ++i)
    times_[i] = static_cast<double>(close_ms)
                + interval_ms_ * static_cast<double>(i + 1);
  const double* sources[] = {times_.data()};
  std::vector<double*> to;
  for (size_t i = 0; i < pipeline_.plan().columns.size(); ++i)
    to.push_back(columns_.data() + i * horizon_);
  pipeline_.reset();
  pipeline_.update(sources, to.data(), horizon_);
  for (size_t i = 0; i < horizon_; ++i)
    for (size_t j = 0; j < places_.size(); ++j)
      rows_[i * places_.size() + j] = columns_[places_[j] * horizon_ + i];
  return rows_;
}

} // namespace qalpha
