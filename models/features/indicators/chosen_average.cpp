#include "models/features/indicators/chosen_average.hpp"

#include "models/features/block/rows.hpp"
#include "models/features/indicators/average_chains.hpp"
#include "models/features/indicators/hilbert.hpp"
#include "models/features/indicators/moving_averages.hpp"
#include "models/features/indicators/weighted_averages.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace qalpha {

namespace {

using family = std::span<const feature_entry> (*)();

struct average_feature {
  family all;
  std::string_view name;
};

// In the order of the kinds.
constexpr average_feature features[] = {
  {moving_averages, "sma"},    {moving_averages, "ema"},
  {weighted_averages, "wma"},  {average_chains, "dema"},
  {average_chains, "tema"},    {weighted_averages, "trima"},
  {weighted_averages, "kama"}, {hilbert_indicators, "mama"},
  {average_chains, "t3"},
};

const feature_entry& entry_of(average_kind kind) {
  const auto& [all, name] = features[static_cast<size_t>(kind)];
  auto entries = all();
  return *std::find_if(entries.begin(), entries.end(),
                       [name = name](const auto& x) { return x.name == name; });
}

} // namespace

fallible<chosen_average> chosen_average::make(const average_request& wanted) {
  auto [kind, period] = wanted;
  const auto& entry = entry_of(period == 1 ? average_kind::simple : kind);
  std::map<std::string, double> given;
  if (entry.parameters.front().name == "period")
    given["period"] = static_cast<double>(period);
  auto values = resolve_parameters(std::string{entry.name}, entry.parameters,
                                   given);
  if (!values)
    return values.error();
  auto made = entry.make(*values);
  if (!made)
    return made.error();
  return chosen_average{std::move(*made)};
}

chosen_average::chosen_average(made_feature made)
  : object_(std::move(made.object)), warm_up_(made.warm_up),
    memory_(made.memory) {
  // nop
}

void chosen_average::update(const double* x, double* out, size_t rows) {
  auto skipped = std::min(rows, begin_ - seen_);
  std::fill_n(out, skipped, undefined);
  seen_ += skipped;
  if (skipped == rows)
    return;
  // MAMA has a second output, of no use here.
  std::array<double, block_rows> rest;
  auto from = x + skipped;
  std::array<double*, 2> to{out + skipped, rest.data()};
  object_->update(&from, to.data(), rows - skipped);
}

void chosen_average::reset() {
  object_->reset();
  seen_ = 0;
}

} // namespace qalpha
