#include "models/strategies/donchian_breakout.hpp"

#include "models/strategies/feature_values.hpp"

namespace qalpha {

namespace {

// The columns that it wants; the channels are those of the bar before.
enum column : size_t {
  close_price = 4,
  entry_high,
  entry_low,
  exit_high,
  exit_low,
};

} // namespace

std::vector<feature_request> donchian_breakout::features() const {
  auto extreme = [](std::string feature, std::string name, size_t period) {
    return feature_request{std::move(feature),
                           std::move(name),
                           {},
                           {{"period", static_cast<double>(period)}}};
  };
  auto before = [](std::string name, std::string of) {
    return feature_request{
      "lag", std::move(name), {{"close", std::move(of)}}, {}};
  };
  return {extreme("highest", "entry_high_now", entry_),
          extreme("lowest", "entry_low_now", entry_),
          extreme("highest", "exit_high_now", exit_),
          extreme("lowest", "exit_low_now", exit_),
          {"value", "price", {}, {}},
          before("entry_high", "entry_high_now"),
          before("entry_low", "entry_low_now"),
          before("exit_high", "exit_high_now"),
          before("exit_low", "exit_low_now")};
}

std::optional<exposure>
donchian_breakout::on_bar(const bar&, std::span<const double> values) {
  if (!all_defined(values))
    return opinion_of(stance::undecided);
  auto is_long = stance_ == stance::long_side;
  auto is_short = stance_ == stance::short_side;
  close_ = values[close_price];
  upper_ = values[is_short ? exit_high : entry_high];
  lower_ = values[with_short_ && !is_long ? entry_low : exit_low];
  // Extremes are prices of bars, so that nothing is rounded.
  if (close_ > values[entry_high])
    stance_ = stance::long_side;
  else if (with_short_ && close_ < values[entry_low])
    stance_ = stance::short_side;
  else if ((is_long && close_ < values[exit_low])
           || (is_short && close_ > values[exit_high]))
    stance_ = stance::flat;
  return opinion_of(stance_);
}

std::string donchian_breakout::reason() const {
  return "donchian_breakout: close " + value_text(close_) + ", channel "
         + value_text(lower_) + " to " + value_text(upper_) + " ("
         + std::to_string(entry_) + "/" + std::to_string(exit_) + ")";
}

fallible<std::unique_ptr<strategy>>
make_donchian_breakout(std::span<const double> values) {
  return std::unique_ptr<strategy>{std::make_unique<donchian_breakout>(
    static_cast<size_t>(values[0]), static_cast<size_t>(values[1]),
    values[2] == 1)};
}

} // namespace qalpha
