#include "models/strategies/sma_cross.hpp"

#include "models/strategies/feature_values.hpp"

namespace qalpha {

std::vector<feature_request> sma_cross::features() const {
  auto mean = [](std::string name, size_t period) {
    return feature_request{
      "sma", std::move(name), {}, {{"period", static_cast<double>(period)}}};
  };
  return {mean("fast", fast_), mean("slow", slow_)};
}

std::optional<exposure> sma_cross::on_bar(const bar&,
                                          std::span<const double> values) {
  fast_mean_ = values[0];
  slow_mean_ = values[1];
  if (!all_defined(values))
    return opinion_of(stance::undecided);
  auto above = clearly_above(fast_mean_, slow_mean_);
  return opinion_of(above ? stance::long_side : otherwise_);
}

std::string sma_cross::reason() const {
  return "sma_cross: SMA" + std::to_string(fast_) + " " + value_text(fast_mean_)
         + ", SMA" + std::to_string(slow_) + " " + value_text(slow_mean_);
}

fallible<std::unique_ptr<strategy>>
make_sma_cross(std::span<const double> values) {
  auto fast = static_cast<size_t>(values[0]);
  auto slow = static_cast<size_t>(values[1]);
  if (fast >= slow)
    return fault{"sma_cross: fast must be less than slow, was "
                 + std::to_string(fast) + " and " + std::to_string(slow)};
  auto otherwise = values[2] == 1 ? stance::short_side : stance::flat;
  return std::unique_ptr<strategy>{
    std::make_unique<sma_cross>(fast, slow, otherwise)};
}

} // namespace qalpha
