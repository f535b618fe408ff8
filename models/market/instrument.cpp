#include "models/market/instrument.hpp"

#include "models/market/decimal.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace qalpha {

namespace {

constexpr int64_t one_e8 = 100'000'000;

/// @returns the decimals that a multiple of `step_e8` can have, 0..8.
int places_of(int64_t step_e8) noexcept {
  auto result = 8;
  for (; result > 0 && step_e8 % 10 == 0; step_e8 /= 10)
    --result;
  return result;
}

std::string text_of(int64_t count, int64_t step_e8) {
  auto e8 = money_from(static_cast<__int128>(count) * step_e8).e8;
  return format_fixed_e8(e8, places_of(step_e8));
}

fault bad_rule(const instrument_rules& rules, const std::string& what) {
  auto name = rules.name.empty() ? "instrument" : rules.name;
  return {name + ": " + what};
}

} // namespace

fallible<instrument> instrument::make(symbol_id id, instrument_rules rules) {
  if (rules.name.empty())
    return bad_rule(rules, "name must not be empty");
  if (rules.tick_e8 <= 0)
    return bad_rule(rules, "tick must be positive, was "
                             + format_decimal_e8(rules.tick_e8));
  if (rules.lot_e8 <= 0)
    return bad_rule(rules, "lot must be positive, was "
                             + format_decimal_e8(rules.lot_e8));
  if (rules.min_notional.e8 < 0)
    return bad_rule(rules, "minimum notional must not be negative, was "
                             + format_decimal_e8(rules.min_notional.e8));
  if (rules.max_order.lots < 0)
    return bad_rule(rules, "largest order must not be negative, was "
                             + std::to_string(rules.max_order.lots) + " lots");
  auto product = static_cast<__int128>(rules.tick_e8) * rules.lot_e8;
  auto unit = product / one_e8;
  if (product % one_e8 != 0 || unit > std::numeric_limits<int64_t>::max())
    return bad_rule(rules, "tick times lot must be a multiple of 0.00000001, "
                           "was "
                             + format_decimal_e8(rules.tick_e8) + " times "
                             + format_decimal_e8(rules.lot_e8));
  return instrument{id, std::move(rules), static_cast<int64_t>(unit)};
}

instrument::instrument(symbol_id id, instrument_rules rules, int64_t unit_e8)
  : id_(id), rules_(std::move(rules)), unit_e8_(unit_e8),
    tick_(static_cast<double>(rules_.tick_e8) / one_e8),
    lot_(static_cast<double>(rules_.lot_e8) / one_e8) {
  // nop
}

std::optional<price> instrument::exact_price(int64_t e8) const noexcept {
  if (e8 <= 0 || e8 % rules_.tick_e8 != 0)
    return std::nullopt;
  return price{e8 / rules_.tick_e8};
}

price instrument::nearest_price(int64_t e8) const noexcept {
  auto ticks = e8 / rules_.tick_e8;
  // Written without a sum that could overflow; a half rounds up.
  auto rest = e8 % rules_.tick_e8;
  if (rest >= rules_.tick_e8 - rest)
    ++ticks;
  return {std::max<int64_t>(ticks, 1)};
}

quantity instrument::whole_lots(int64_t e8) const noexcept {
  return {e8 / rules_.lot_e8};
}

std::string instrument::text(price px) const {
  return text_of(px.ticks, rules_.tick_e8);
}

std::string instrument::text(quantity qty) const {
  return text_of(qty.lots, rules_.lot_e8);
}

const instrument* find_instrument(const universe& all, std::string_view name) {
  auto match = [name](const instrument& x) { return x.name() == name; };
  auto i = std::find_if(all.begin(), all.end(), match);
  return i == all.end() ? nullptr : &*i;
}

} // namespace qalpha
