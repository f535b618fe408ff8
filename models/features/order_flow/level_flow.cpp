#include "models/features/order_flow/level_flow.hpp"

#include "models/features/feature.hpp"

#include <cmath>

namespace qalpha {

std::optional<level_flows> order_flow::update(const book_top& now) noexcept {
  if (!is_sound(now)) {
    last_.reset();
    return std::nullopt;
  }
  if (!last_) {
    last_ = now;
    return std::nullopt;
  }
  level_flows result{};
  for (size_t i = 0; i < levels_; ++i)
    result[i] = flow_between(last_->bids[i], last_->asks[i], now.bids[i],
                             now.asks[i]);
  *last_ = now;
  return result;
}

double depth_weighted_flow(std::span<const double> flows,
                           double decay) noexcept {
  double result = 0;
  for (size_t i = 0; i < flows.size(); ++i)
    result += std::exp(-decay * static_cast<double>(i)) * flows[i];
  return result;
}

double trade_weighted_flow(double flow, double signed_volume,
                           double volume) noexcept {
  return volume > 0 ? flow * (1 + std::abs(signed_volume) / volume) : flow;
}

level_flows flow_bucket::normalised() const noexcept {
  level_flows result{};
  if (depth > 0)
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = sums[i] / depth;
  return result;
}

std::optional<flow_bucket> flow_buckets::update(const book_top& now) noexcept {
  auto flow = flow_.update(now);
  if (!flow)
    return std::nullopt;
  for (size_t i = 0; i < levels_; ++i)
    sum_.sums[i] += (*flow)[i];
  sum_.depth += mean_depth(now, levels_);
  if (++count_ < events_)
    return std::nullopt;
  auto result = sum_;
  result.depth /= static_cast<double>(events_);
  sum_ = {};
  count_ = 0;
  return result;
}

void flow_buckets::reset() noexcept {
  flow_.reset();
  sum_ = {};
  count_ = 0;
}

double flow_score::update(double flow) noexcept {
  if (!std::isfinite(flow))
    return undefined;
  auto result = score_.add(flow);
  return std::isnan(result) ? 0.0 : result;
}

} // namespace qalpha
