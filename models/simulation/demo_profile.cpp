#include "models/simulation/demo_profile.hpp"

#include <algorithm>

namespace qalpha {

namespace {

using namespace std::chrono_literals;

// Trends are long and strong enough that a moving average over a minute or two
// of five-second bars earns about the fees that it pays in the other regimes.
constexpr regime_profile regimes[] = {
  {60, 0, 20s, 70s, {0, 2, 2, 1}},
  {100, 28, 90s, 240s, {2, 0, 2, 1}},
  {100, -28, 90s, 240s, {2, 2, 0, 1}},
  {220, 0, 15s, 45s, {2, 1, 1, 0}},
};

constexpr demo_profile profiles[] = {
  {.name = "BTCUSDT",
   .tick_e8 = 10'000'000,
   .lot_e8 = 100'000,
   .anchor_e8 = 9'500'000'000'000,
   .volatility_e9 = 65'000,
   .common_percent = 80,
   .trades_per_1000s = 6'000,
   .trade_lots = 8,
   .level_lots = 1'500,
   .level_ticks = 10,
   .half_spread_e8 = 20'000'000,
   .opening = market_regime::trending_up},
  {.name = "ETHUSDT",
   .tick_e8 = 1'000'000,
   .lot_e8 = 1'000'000,
   .anchor_e8 = 330'000'000'000,
   .volatility_e9 = 85'000,
   .common_percent = 75,
   .trades_per_1000s = 5'000,
   .trade_lots = 15,
   .level_lots = 3'000,
   .level_ticks = 5,
   .half_spread_e8 = 2'000'000,
   .opening = market_regime::trending_down},
  {.name = "SOLUSDT",
   .tick_e8 = 1'000'000,
   .lot_e8 = 10'000'000,
   .anchor_e8 = 14'000'000'000,
   .volatility_e9 = 85'000,
   .common_percent = 65,
   .trades_per_1000s = 4'000,
   .trade_lots = 20,
   .level_lots = 4'000,
   .level_ticks = 1,
   .half_spread_e8 = 200'000,
   .opening = market_regime::trending_up},
};

constexpr money min_notional{5 * money::scale};

instrument_rules rules_of(const demo_profile& profile) {
  return {std::string{profile.name},
          profile.tick_e8,
          profile.lot_e8,
          min_notional,
          {}};
}

} // namespace

const regime_profile& profile_of(market_regime x) {
  return regimes[static_cast<size_t>(x)];
}

std::span<const demo_profile> demo_profiles() {
  return profiles;
}

const demo_profile* find_demo_profile(std::string_view name) {
  auto same = [name](const demo_profile& x) { return x.name == name; };
  auto result = std::find_if(std::begin(profiles), std::end(profiles), same);
  return result != std::end(profiles) ? result : nullptr;
}

fallible<universe> make_demo_universe(std::span<const std::string> names) {
  universe result;
  for (auto& name : names) {
    auto profile = find_demo_profile(name);
    if (profile == nullptr)
      return fault{"the demo market has BTCUSDT, ETHUSDT and SOLUSDT, not \""
                   + name + "\""};
    if (find_instrument(result, name) != nullptr)
      return fault{"each symbol of the demo market must be named once, \""
                   + name + "\" was named twice"};
    auto id = symbol_id{static_cast<uint16_t>(result.size())};
    auto made = instrument::make(id, rules_of(*profile));
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  if (result.empty())
    return fault{"the demo market needs at least one symbol"};
  return result;
}

universe demo_universe() {
  std::vector<std::string> names;
  for (auto& profile : profiles)
    names.emplace_back(profile.name);
  return std::move(*make_demo_universe(names));
}

} // namespace qalpha
