#include "models/strategies/catalogue.hpp"

#include "models/strategies/bollinger_reversion.hpp"
#include "models/strategies/buy_and_hold.hpp"
#include "models/strategies/donchian_breakout.hpp"
#include "models/strategies/order_flow_momentum.hpp"
#include "models/strategies/sma_cross.hpp"
#include "models/strategies/trinity.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

using maker
  = fallible<std::unique_ptr<strategy>> (*)(std::span<const double> values);

// The list to extend: entries sorted by name, and how each is built.

constexpr std::array entries{
  bollinger_reversion_entry, buy_and_hold_entry, donchian_breakout_entry,
  order_flow_momentum_entry, sma_cross_entry,    trinity_entry,
};

constexpr std::array<maker, entries.size()> makers{
  make_bollinger_reversion, make_buy_and_hold, make_donchian_breakout,
  make_order_flow_momentum, make_sma_cross,    make_trinity,
};

static_assert(std::is_sorted(entries.begin(), entries.end(),
                             [](const auto& a, const auto& b) {
                               return a.name < b.name;
                             }));

std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  for (const auto& entry : entries)
    result.push_back(entry.name);
  return result;
}

} // namespace

std::span<const strategy_entry> strategy_catalogue() {
  return entries;
}

fallible<std::unique_ptr<strategy>>
make_strategy(const strategy_choice& which) {
  auto match = [&](const auto& entry) { return entry.name == which.name; };
  auto entry = std::find_if(entries.begin(), entries.end(), match);
  if (entry == entries.end())
    return unknown_name("strategy", which.name, names());
  auto values = resolve_parameters(which.name, entry->parameters,
                                   which.parameters);
  if (!values)
    return values.error();
  return makers[static_cast<size_t>(entry - entries.begin())](*values);
}

} // namespace qalpha
