#define CAF_SUITE golden_indicators

// Every column of the golden vectors against the feature that stands for it.

#include "tests/models/features/golden_rules.hpp"
#include "tests/models/features/golden_table.hpp"

#include "models/features/catalogue.hpp"

#include <caf/test/unit_test.hpp>

#include <set>

using namespace qalpha;
using namespace qalpha::test;

namespace {

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// Reads "a=b,c=d"; "a==b" comes as {"a", "=b"}.
text_pairs pairs_of(std::string_view text) {
  text_pairs result;
  std::istringstream in{std::string{text}};
  for (std::string item; std::getline(in, item, ',');) {
    auto equals = item.find('=');
    result.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return result;
}

number_table computed(const feature_request& request,
                      const named_columns& market, size_t first,
                      std::vector<std::string>& names) {
  auto& times = market.at("ts");
  feature_spec spec{
    std::chrono::milliseconds{static_cast<int64_t>(times[1] - times[0])}, {}};
  for (const auto& [input, from] : request.inputs)
    if (from == "middle")
      spec.features.push_back({"medprice", "middle", {}, {}});
  spec.features.push_back(request);
  auto plan = feature_plan::make(spec);
  if (!plan)
    CAF_FAIL(request.feature << ": " << plan.error().text);
  feature_pipeline pipeline{*plan};
  auto result = run_at_once(pipeline, golden_sources(*plan, market, first));
  for (const auto& column : plan->columns)
    names.push_back(column.name);
  return result;
}

/// @returns the column of an output of the feature called "x".
const number_column& output_of(const number_table& table,
                               const std::vector<std::string>& names,
                               const std::string& output) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == "x" || names[i] == "x." + output)
      return table.columns[i];
  CAF_FAIL("no output " << output);
  return table.columns.front();
}

bool is_loose(std::string_view function) {
  for (auto name : {"TA_VAR", "TA_STDDEV", "TA_BBANDS", "TA_CORREL", "TA_BETA",
                    "TA_LINEARREG", "TA_TSF"})
    if (function.starts_with(name))
      return true;
  return false;
}

/// One entry of a manifest of TA-Lib.
class talib_case {
public:
  talib_case(const rapidjson::Value& entry) : entry_(entry) {
    // nop
  }

  std::string function() const {
    return entry_["func"].GetString();
  }

  /// @returns rows since the one that TA-Lib names; undefined where several are
  ///          as far out, of which it names the one or the other.
  static number_column ages_of(const number_column& named,
                               const number_column& values,
                               const feature_request& request) {
    auto period = static_cast<size_t>(request.parameters.at("period"));
    number_column result(named.size(), undefined);
    for (auto row = period - 1; row < named.size(); ++row) {
      auto extreme = values[static_cast<size_t>(named[row])];
      auto end = values.begin() + static_cast<ptrdiff_t>(row) + 1;
      if (std::count(end - static_cast<ptrdiff_t>(period), end, extreme) == 1)
        result[row] = static_cast<double>(row) - named[row];
    }
    return result;
  }

  size_t number(const char* name) const {
    return static_cast<size_t>(entry_[name].GetInt());
  }

  /// @returns whether the rule is for this entry.
  bool request(const talib_rule& rule, feature_request& result) const {
    if (rule.function != function())
      return false;
    result = {std::string{rule.feature}, "x", {}, {}};
    for (const auto& [ours, theirs] : pairs_of(rule.parameters))
      if (theirs.starts_with('=')) {
        auto wanted = std::stod(theirs.substr(1));
        if (entry_["params"][ours.c_str()].GetDouble() != wanted)
          return false;
      } else if (entry_["params"].HasMember(theirs.c_str())) {
        result.parameters[ours] = entry_["params"][theirs.c_str()].GetDouble();
      } else {
        result.parameters[ours] = std::stod(theirs);
      }
    for (const auto& [input, from] : pairs_of(rule.inputs))
      result.inputs[input] = from;
    return is_possible(result);
  }

  /// @returns the columns that a rule speaks of, and the outputs of ours.
  text_pairs outputs(const talib_rule& rule) const {
    text_pairs result;
    for (const auto& [theirs, ours] : pairs_of(rule.outputs))
      result.emplace_back(entry_["id"].GetString() + ("." + theirs), ours);
    return result;
  }

  bool compare(const talib_rule& rule, const feature_request& wanted,
               const named_columns& market, const named_columns& golden,
               golden_judge& judge) const {
    auto start = number("start_idx");
    auto first = start == 0 ? 0 : start - number("lookback");
    std::vector<std::string> names;
    auto table = computed(wanted, market, first, names);
    auto good = true;
    for (const auto& [id, ours] : outputs(rule)) {
      auto column = output_of(table, names, ours);
      for (auto& value : column)
        value = value * rule.factor + rule.added;
      column.insert(column.begin(), first, undefined);
      auto expected = golden.at(id);
      if (rule.function.ends_with("INDEX"))
        expected = ages_of(expected, market.at("close"), wanted);
      if (ours != "line")
        forget_seed(expected);
      auto tolerance = is_loose(rule.function) ? 1e-6 : 1e-9;
      good &= judge.judge(id, column, expected, tolerance);
      if (number("unstable_period") == 0 && number("nbElement") > 0)
        good &= std::all_of(column.begin(),
                            column.begin()
                              + static_cast<ptrdiff_t>(number("begIdx")),
                            [](double x) { return std::isnan(x); });
      if (!good)
        CAF_MESSAGE(id << " differs");
    }
    return good;
  }

private:
  /// An unstable period of MACD moves the seed of the signal. It takes that
  /// many rows until the signal has forgotten where it began.
  void forget_seed(number_column& expected) const {
    if (function() != "TA_MACD" || number("unstable_period") == 0)
      return;
    auto rows = std::min(number("begIdx") + 100, expected.size());
    std::fill_n(expected.begin(), rows, undefined);
  }

  /// TA-Lib does something else for a period of 1 now and then.
  static bool is_possible(const feature_request& request) {
    auto entry = find_feature(request.feature);
    if (entry == nullptr)
      CAF_FAIL("no feature " << request.feature);
    return resolve_parameters("x", entry->parameters, request.parameters)
      .
      operator bool();
  }

  const rapidjson::Value& entry_;
};

std::set<std::string_view> as_set(const std::vector<std::string_view>& names) {
  return {names.begin(), names.end()};
}

} // namespace

CAF_TEST(features_are_what_talib_computes) {
  golden_judge judge;
  std::set<std::string> unknown;
  for (const auto& [inputs, folder, name] : golden_markets()) {
    auto market = golden_table(inputs);
    auto golden = golden_table(folder + "/talib/" + name + ".csv");
    auto manifest = golden_json(folder + "/talib/" + name + "_manifest.json");
    for (const auto& entry : manifest.GetArray()) {
      talib_case one{entry};
      if (one.function().starts_with("TA_CDL"))
        continue; // Candle patterns have golden vectors of their own.
      std::set<std::string> left;
      for (const auto& output : entry["outputs"].GetArray())
        left.insert(output.GetString());
      for (const auto& rule : talib_rules()) {
        feature_request wanted;
        if (!one.request(rule, wanted))
          continue;
        CAF_CHECK(one.compare(rule, wanted, market, golden, judge));
        for (const auto& [id, ours] : one.outputs(rule))
          left.erase(id);
      }
      for (const auto& output : entry["outputs"].GetArray())
        if (left.contains(output.GetString()))
          unknown.insert(output.GetString());
    }
  }
  CAF_MESSAGE(judge.columns << " columns, worst at " << judge.worst
                            << " of the tolerance: " << judge.worst_name);
  for (const auto& column : unknown)
    CAF_ERROR(column << " is not compared");
}

CAF_TEST(features_are_what_other_libraries_compute) {
  golden_judge judge;
  auto listed = as_set(extra_without_feature());
  for (const auto& [inputs, folder, name] : golden_markets()) {
    auto market = golden_table(inputs);
    auto golden = golden_table(folder + "/extra/" + name + ".csv");
    std::set<std::string> left;
    auto manifest = golden_json(folder + "/extra/" + name + "_manifest.json");
    for (const auto& entry : manifest.GetObject())
      left.insert(entry.name.GetString());
    for (const auto& rule : extra_rules()) {
      feature_request request{std::string{rule.feature}, "x", {}, {}};
      for (const auto& [parameter, value] : pairs_of(rule.parameters))
        request.parameters[parameter] = std::stod(value);
      std::vector<std::string> names;
      auto table = computed(request, market, 0, names);
      auto expected = golden.at(std::string{rule.column});
      std::fill_n(expected.begin(), std::min(rule.first_row, expected.size()),
                  undefined);
      if (!rule.added_to.empty())
        for (size_t row = 0; row < expected.size(); ++row)
          expected[row] += golden.at(std::string{rule.added_to})[row];
      auto good = judge.judge(std::string{rule.column},
                              output_of(table, names, std::string{rule.output}),
                              expected, rule.tolerance);
      if (!good)
        CAF_ERROR(rule.column << " of " << name << " differs, worst "
                              << judge.worst << " " << judge.worst_name);
      left.erase(std::string{rule.column});
      CAF_CHECK(!listed.contains(rule.column));
    }
    for (const auto& column : left)
      if (!listed.contains(column))
        CAF_ERROR(column << " is neither compared nor listed");
  }
  CAF_MESSAGE(judge.columns << " columns, worst at " << judge.worst
                            << " of the tolerance: " << judge.worst_name);
}
