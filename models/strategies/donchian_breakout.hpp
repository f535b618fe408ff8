// Breakouts from a channel.

#pragma once

#include "models/features/feature.hpp"
#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

inline constexpr parameter donchian_breakout_parameters[] = {
  {"entry", 20, 1, 100'000, "bars in the channel that opens a position"},
  {"exit", 10, 1, 100'000, "bars in the channel that closes it"},
  {"short", 0, 0, 1, "1 also trades breakouts to the down side"},
};

inline constexpr strategy_entry donchian_breakout_entry{
  "donchian_breakout",
  "long after a close above the highest high of the bars before",
  donchian_breakout_parameters,
};

/// Goes long on a close above the highest high of the last `entry` bars and out
/// on a close below the lowest low of the last `exit` bars; the other way round
/// for shorts. The channels end with the bar before: with the bar itself
/// inside, no close could leave them. An entry beats an exit.
class donchian_breakout final : public strategy {
public:
  /// @pre `entry > 0 && exit > 0`
  donchian_breakout(size_t entry, size_t exit, bool with_short)
    : entry_(entry), exit_(exit), with_short_(with_short) {
    // nop
  }

  std::vector<feature_request> features() const override;

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  size_t entry_;
  size_t exit_;
  bool with_short_;
  stance stance_ = stance::flat;
  // Behind the last opinion.
  double close_ = undefined;
  double upper_ = undefined;
  double lower_ = undefined;
};

/// @param values in the order of `donchian_breakout_parameters`, each in its
///               range
fallible<std::unique_ptr<strategy>>
make_donchian_breakout(std::span<const double> values);

} // namespace qalpha
