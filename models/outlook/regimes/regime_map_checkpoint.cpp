#include "models/outlook/regimes/regime_map.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace qalpha {

namespace {

constexpr auto names_key = "regimes";
constexpr auto spread_key = "regime_spread";
constexpr auto reach_key = "regime_reach";
constexpr auto prefix = "regimes.";

tensor_values tensor_of(const std::string& name, size_t rows, size_t columns,
                        std::span<const double> values) {
  tensor_values result{
    prefix + name,
    {static_cast<int64_t>(rows), static_cast<int64_t>(columns)},
    {}};
  for (auto x : values)
    result.values.push_back(static_cast<float>(x));
  return result;
}

fallible<points> points_of(const checkpoint& from, const std::string& name,
                           size_t rows, size_t columns) {
  auto who = "tensor \"" + (prefix + name) + "\"";
  auto same = [&](const auto& x) { return x.name == prefix + name; };
  auto found = std::find_if(from.tensors.begin(), from.tensors.end(), same);
  if (found == from.tensors.end())
    return fault{who + " is missing"};
  if (found->shape
        != std::vector<int64_t>{static_cast<int64_t>(rows),
                                static_cast<int64_t>(columns)}
      || found->values.size() != rows * columns)
    return fault{who + ": expected shape [" + std::to_string(rows) + ", "
                 + std::to_string(columns) + "]"};
  points result{columns, {}};
  for (auto x : found->values) {
    if (!std::isfinite(x))
      return fault{who + ": holds a value that is not finite"};
    result.values.push_back(static_cast<double>(x));
  }
  return result;
}

fallible<double> positive(const manifest& about, const std::string& name) {
  auto found = about.settings.find(name);
  if (found == about.settings.end())
    return fault{"settings." + name + ": missing"};
  if (!(found->second >= 1e-12 && found->second <= 1e12))
    return fault{"settings." + name + ": expected 1e-12 to 1e12"};
  return found->second;
}

// Which row is which regime: all four of them, in any order.
fallible<std::array<size_t, regime_count>> rows_of(const manifest& about) {
  auto found = about.names.find(names_key);
  if (found == about.names.end())
    return fault{"names.regimes: missing"};
  std::array<size_t, regime_count> result;
  for (size_t i = 0; i < regime_count; ++i) {
    auto name = to_string(static_cast<regime>(i));
    auto at = std::find(found->second.begin(), found->second.end(), name);
    if (at == found->second.end() || found->second.size() != regime_count)
      return fault{"names.regimes: expected each of the "
                   + std::to_string(regime_count) + " regimes once"};
    result[i] = static_cast<size_t>(at - found->second.begin());
  }
  return result;
}

} // namespace

void put(const regime_map& map, checkpoint& to) {
  std::erase_if(to.tensors, is_of_map);
  auto width = map.centres.columns;
  to.tensors.push_back(
    tensor_of("centres", regime_count, width, map.centres.values));
  to.tensors.push_back(tensor_of("origin", 1, width, map.axes.origin));
  to.tensors.push_back(tensor_of("axes", 2, width, map.axes.axes.values));
  auto& names = to.about.names[names_key];
  names.clear();
  for (size_t i = 0; i < regime_count; ++i)
    names.emplace_back(to_string(static_cast<regime>(i)));
  to.about.settings[spread_key] = map.spread;
  to.about.settings[reach_key] = map.reach;
}

bool is_of_map(const tensor_values& x) noexcept {
  return x.name.starts_with(prefix);
}

fallible<regime_map> regime_map_of(const checkpoint& from, size_t latent) {
  if (std::count_if(from.tensors.begin(), from.tensors.end(), is_of_map) != 3)
    return fault{
      "tensors: expected \"regimes.centres\", \"regimes.origin\" and "
      "\"regimes.axes\", each once"};
  auto centres = points_of(from, "centres", regime_count, latent);
  if (!centres)
    return centres.error();
  auto origin = points_of(from, "origin", 1, latent);
  if (!origin)
    return origin.error();
  auto axes = points_of(from, "axes", 2, latent);
  if (!axes)
    return axes.error();
  auto rows = rows_of(from.about);
  if (!rows)
    return rows.error();
  auto spread = positive(from.about, spread_key);
  if (!spread)
    return spread.error();
  auto reach = positive(from.about, reach_key);
  if (!reach)
    return reach.error();
  regime_map result;
  result.centres.columns = latent;
  for (auto row : *rows)
    result.centres.add((*centres)[row]);
  result.spread = *spread;
  result.reach = *reach;
  result.axes.origin = std::move(origin->values);
  result.axes.axes = std::move(*axes);
  return result;
}

} // namespace qalpha
