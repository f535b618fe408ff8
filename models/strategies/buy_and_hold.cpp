#include "models/strategies/buy_and_hold.hpp"

namespace qalpha {

std::optional<exposure> buy_and_hold::on_bar(const bar&,
                                             std::span<const double>) {
  return opinion_of(stance_);
}

std::string buy_and_hold::reason() const {
  return "buy_and_hold: always long";
}

fallible<std::unique_ptr<strategy>> make_buy_and_hold(std::span<const double>) {
  return std::unique_ptr<strategy>{std::make_unique<buy_and_hold>()};
}

} // namespace qalpha
