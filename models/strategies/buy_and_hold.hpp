// The benchmark.

#pragma once

#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

namespace qalpha {

inline constexpr strategy_entry buy_and_hold_entry{
  "buy_and_hold",
  "long from the first bar on; what others have to beat",
  {},
};

/// Always fully long.
class buy_and_hold final : public strategy {
public:
  std::vector<feature_request> features() const override {
    return {};
  }

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  stance stance_ = stance::long_side;
};

/// @param values empty
fallible<std::unique_ptr<strategy>>
make_buy_and_hold(std::span<const double> values);

} // namespace qalpha
