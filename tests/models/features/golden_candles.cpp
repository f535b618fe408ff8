#define CAF_SUITE golden_candles

// Every candle pattern against TA-Lib.

#include "tests/models/features/golden_table.hpp"

#include "models/features/catalogue.hpp"

#include <caf/test/unit_test.hpp>

#include <set>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr std::string_view source_prefix = "TA-Lib CDL";

/// @returns the patterns of TA-Lib that no feature stands for. It only shrinks.
std::set<std::string> without_feature() {
  return {};
}

bool is_pattern(const feature_entry& entry) {
  return entry.source.starts_with(source_prefix);
}

std::string function_of(const feature_entry& entry) {
  return std::string{entry.source.substr(std::string_view{"TA-Lib "}.size())};
}

/// What a function says where it says something.
using signals = std::map<size_t, double>;

/// @returns what the name of a function with a penetration ends in.
std::string penetrating(double penetration) {
  return penetration > 0 ? " " + std::to_string(penetration) : "";
}

std::map<std::string, signals> golden_signals(const std::string& file) {
  std::map<std::string, signals> result;
  auto functions = golden_column(file, "func");
  auto penetrations = golden_numbers(file, "penetration");
  auto rows = golden_numbers(file, "i");
  auto values = golden_numbers(file, "value");
  for (size_t i = 0; i < functions.size(); ++i) {
    auto name = functions[i]
                + (penetrations.empty() ? "" : penetrating(penetrations[i]));
    result[name][static_cast<size_t>(rows[i])] = values[i];
  }
  return result;
}

number_column computed(const feature_request& request,
                       const named_columns& market) {
  auto& times = market.at("ts");
  feature_spec spec{
    std::chrono::milliseconds{static_cast<int64_t>(times[1] - times[0])},
    {request}};
  auto plan = feature_plan::make(spec);
  if (!plan)
    CAF_FAIL(plan.error().text);
  feature_pipeline pipeline{*plan};
  return run_at_once(pipeline, golden_sources(*plan, market, 0))
    .columns.front();
}

feature_request default_request(const feature_entry& entry) {
  return {std::string{entry.name}, "x", {}, {}};
}

size_t warm_up_of(const feature_entry& entry) {
  std::vector<double> defaults;
  for (const auto& rule : entry.parameters)
    defaults.push_back(rule.default_value);
  return entry.make(defaults)->warm_up;
}

/// @returns how many rows have a signal.
size_t compare(const feature_entry& entry, const number_column& actual,
               const signals& expected) {
  auto warm_up = warm_up_of(entry);
  size_t wrong = 0;
  for (size_t row = 0; row < actual.size(); ++row) {
    auto at = expected.find(row);
    auto wanted = at == expected.end() ? 0 : at->second;
    auto good = row < warm_up ? std::isnan(actual[row]) && wanted == 0
                              : actual[row] == wanted;
    if (!good && ++wrong == 1)
      CAF_MESSAGE(entry.name << " in row " << row << ": " << actual[row]
                             << ", not " << wanted);
  }
  CAF_CHECK_EQUAL(wrong, 0u);
  return expected.size();
}

} // namespace

CAF_TEST(candle_patterns_are_what_talib_finds) {
  for (const auto& [inputs, folder, name] : golden_markets()) {
    auto market = golden_table(inputs);
    auto golden = golden_signals(folder + "/talib/" + name + "_candles.csv");
    size_t patterns = 0;
    size_t found = 0;
    for (const auto& entry : feature_catalogue())
      if (is_pattern(entry)) {
        found += compare(entry, computed(default_request(entry), market),
                         golden[function_of(entry)]);
        ++patterns;
      }
    CAF_MESSAGE(patterns << " patterns, " << found << " signals in " << name);
  }
}

CAF_TEST(rare_candle_patterns_are_what_talib_finds) {
  // Pieces of generated markets, at least one for each value that a pattern can
  // have and many at the limits of a condition, and what TA-Lib (npm talib
  // 1.1.6) finds in them.
  if (!std::filesystem::exists(golden_path("candles/market.csv"))) {
    CAF_MESSAGE("skipped: no candles in this set of golden vectors");
    return;
  }
  auto market = golden_table("candles/market.csv");
  auto golden = golden_signals("candles/signals.csv");
  for (const auto& entry : feature_catalogue()) {
    if (!is_pattern(entry))
      continue;
    auto request = default_request(entry);
    std::vector<double> penetrations{0};
    if (!entry.parameters.empty())
      penetrations = {0, 0.3, 0.5, 0.8};
    size_t found = 0;
    for (auto penetration : penetrations) {
      if (!entry.parameters.empty())
        request.parameters["penetration"] = penetration;
      auto name = function_of(entry) + penetrating(penetration);
      found += compare(entry, computed(request, market), golden[name]);
    }
    CAF_CHECK(found > 0);
  }
}

CAF_TEST(candle_patterns_are_known_when_talib_knows_them) {
  std::map<std::string, size_t> warm_ups;
  for (const auto& entry : feature_catalogue())
    if (is_pattern(entry))
      CAF_CHECK(warm_ups.emplace(function_of(entry), warm_up_of(entry)).second);
  auto missing = without_feature();
  auto manifest = golden_json("indicators/talib/syn_manifest.json");
  for (const auto& entry : manifest.GetArray()) {
    std::string function = entry["func"].GetString();
    if (!function.starts_with("TA_CDL"))
      continue;
    function.erase(0, std::string_view{"TA_"}.size());
    auto at = warm_ups.find(function);
    if ((at == warm_ups.end()) != missing.contains(function))
      CAF_ERROR(function << " is neither compared nor listed, or both");
    if (at == warm_ups.end())
      continue;
    CAF_CHECK_EQUAL(at->second,
                    static_cast<size_t>(entry["lookback"].GetInt()));
    warm_ups.erase(at);
  }
  CAF_CHECK(warm_ups.empty());
}
