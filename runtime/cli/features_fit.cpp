#include "runtime/cli/features_fit.hpp"

#include "models/features/feature_request_text.hpp"
#include "models/features/order_flow/micro_price_bars.hpp"
#include "models/machine/quoted_text.hpp"
#include "runtime/features/fitted_features.hpp"

#include <fmt/format.h>

#include <array>
#include <set>
#include <sstream>
#include <utility>

namespace qalpha {

namespace {

constexpr const char* micro = "micro_price";
constexpr const char* integrated = "order_flow_integrated";

features_refusal refuse(std::string why, exit_code how) {
  return {how, std::move(why)};
}

std::variant<std::set<std::string>, features_refusal>
read_names(const std::string& text) {
  std::set<std::string> result;
  std::istringstream parts{text};
  for (std::string name; std::getline(parts, name, ',');) {
    if (name != micro && name != integrated)
      return refuse("--fit: expected micro_price or order_flow_integrated, "
                    "found "
                      + quoted_text(name),
                    exit_code::usage);
    result.insert(name);
  }
  return result;
}

/// Counts the books of a recording as the feature tells them apart, for each
/// widest spread that it may have.
class micro_price_fit {
public:
  micro_price_fit() {
    for (size_t i = 1; i <= micro_price_spreads; ++i)
      counts_.emplace_back(*micro_price_states::even(micro_price_buckets, i));
  }

  void take(const book* levels) {
    if (!levels) {
      for (auto& one : counts_)
        one.restart();
      return;
    }
    auto top = top_of(*levels, 1, 1);
    auto spread = static_cast<size_t>(quoted_spread(top));
    if (spread <= micro_price_spreads)
      ++seen_[spread - 1];
    for (auto& one : counts_)
      one.add(top);
  }

  fallible<fitted_feature> finish() const {
    auto spreads = usable();
    auto& counts = counts_[spreads - 1];
    if (counts.transitions() == 0)
      return fault{"micro_price: expected a recording of books with spreads of "
                   "up to "
                   + std::to_string(micro_price_spreads)
                   + " ticks, found none that follow each other"};
    auto fitted = counts.fit();
    if (!fitted)
      return fault{"micro_price: " + fitted.error().text};
    return fitted_feature{
      {micro, micro, {}, parameters_of(*fitted)},
      counts.transitions(),
      fmt::format(
        "{} changes of the book with spreads of up to {}", counts.transitions(),
        spreads == 1 ? "one tick" : std::to_string(spreads) + " ticks")};
  }

private:
  // A few books say nothing about their spread: wider ones are left out.
  size_t usable() const {
    constexpr uint64_t enough = 100 * micro_price_buckets;
    size_t result = 1;
    while (result < seen_.size() && seen_[result] >= enough)
      ++result;
    return result;
  }

  std::vector<micro_price_counts> counts_;
  std::array<uint64_t, micro_price_spreads> seen_{};
};

} // namespace

std::variant<fitted_list, features_refusal>
fit_features(const std::string& names, const std::string& file,
             const std::string& symbol, std::optional<timespan> interval) {
  auto read = read_names(names);
  if (auto no = std::get_if<features_refusal>(&read))
    return *no;
  auto& wanted = std::get<std::set<std::string>>(read);
  micro_price_fit prices;
  auto outcome = read_features_input(file, symbol, interval,
                                     [&](const book* x) { prices.take(x); });
  if (auto no = std::get_if<features_refusal>(&outcome))
    return *no;
  fitted_list result;
  std::vector<feature_request> requests;
  auto add = [&](const std::string& name, fallible<fitted_feature> fitted) {
    if (!fitted)
      return fitted.error().text;
    requests.push_back(fitted->request);
    result.qualities.push_back(name + ": " + fitted->quality);
    return std::string{};
  };
  std::string problem;
  if (wanted.count(micro) > 0)
    problem = add(micro, prices.finish());
  if (problem.empty() && wanted.count(integrated) > 0)
    problem = add(integrated,
                  fit_integrated_flow(std::get<market_table>(outcome)));
  if (!problem.empty())
    return refuse(file + ": " + problem, exit_code::gate_failed);
  result.json = feature_requests_json(requests);
  return result;
}

} // namespace qalpha
