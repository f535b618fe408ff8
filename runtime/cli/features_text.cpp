#include "runtime/cli/features_text.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/pipeline.hpp"
#include "runtime/config/units.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace qalpha {

namespace {

/// @returns NAME:VALUE:... with the defaults.
std::string example_of(const feature_entry& entry) {
  std::string result{entry.name};
  for (const auto& rule : entry.parameters)
    result += ":" + parameter_text(rule, rule.default_value);
  return result;
}

made_feature made_by_default(const feature_entry& entry) {
  std::vector<double> values;
  for (const auto& rule : entry.parameters)
    values.push_back(rule.default_value);
  return std::move(*entry.make(values));
}

template <class Range, class Format>
std::string joined(const Range& range, Format format) {
  std::string result;
  for (const auto& x : range)
    result += (result.empty() ? "" : ", ") + format(x);
  return result;
}

std::string names_json(std::span<const std::string_view> names) {
  return "[" + joined(names, [](auto x) { return json_text(x); }) + "]";
}

std::string parameter_json(const parameter& rule) {
  if (!rule.choices.empty())
    return fmt::format(
      R"({{"name": {}, "default": {}, "choices": {}, "help": {}}})",
      json_text(rule.name), json_text(parameter_text(rule, rule.default_value)),
      names_json(rule.choices), json_text(rule.help));
  return fmt::format(R"({{"name": {}, "default": {}, "lowest": {}, )"
                     R"("highest": {}, "whole": {}, "help": {}}})",
                     json_text(rule.name), rule.default_value, rule.lowest,
                     rule.highest, rule.whole, json_text(rule.help));
}

std::string range_text(const parameter& rule) {
  if (!rule.choices.empty())
    return joined(rule.choices, [](auto x) { return std::string{x}; });
  return fmt::format("{} to {}{}", rule.lowest, rule.highest,
                     rule.whole ? ", whole" : "");
}

std::string entry_json(const feature_entry& entry) {
  auto made = made_by_default(entry);
  auto output = [](const feature_output& x) {
    return fmt::format(R"({{"name": {}, "help": {}}})", json_text(x.name),
                       json_text(x.help));
  };
  return fmt::format(
    R"({{"name": {}, "help": {}, "source": {}, "inputs": {}, )"
    R"("parameters": [{}], "outputs": [{}], "warm_up": {}, "memory": {}, )"
    R"("example": {}}})",
    json_text(entry.name), json_text(entry.help), json_text(entry.source),
    names_json(entry.inputs), joined(entry.parameters, parameter_json),
    joined(entry.outputs, output), made.warm_up, made.memory,
    json_text(example_of(entry)));
}

std::string entry_text(const feature_entry& entry) {
  auto made = made_by_default(entry);
  auto text = fmt::format(
    "{}\n    {}\n    source: {}\n    reads: {}\n", entry.name, entry.help,
    entry.source, joined(entry.inputs, [](auto x) { return std::string{x}; }));
  for (const auto& rule : entry.parameters)
    text += fmt::format("    {} = {} ({}): {}\n", rule.name,
                        parameter_text(rule, rule.default_value),
                        range_text(rule), rule.help);
  for (const auto& output : entry.outputs)
    text += fmt::format("    gives {}: {}\n", output.name, output.help);
  return text
         + fmt::format("    warm-up {} rows, remembers {} rows\n"
                       "    example: --spec {}\n",
                       made.warm_up, made.memory, example_of(entry));
}

std::string column_names(const feature_plan& plan) {
  return joined(plan.columns, [](auto& x) { return json_text(x.name); });
}

std::string time_of(const market_table& table, size_t row) {
  return format_utc(table.times[row]);
}

std::string value_json(double x) {
  return std::isfinite(x) ? fmt::format("{}", x) : "null";
}

} // namespace

std::string catalogue_text() {
  std::string result;
  for (const auto& entry : feature_catalogue())
    result += entry_text(entry) + "\n";
  result += "Columns of a market that features start from:\n";
  for (const auto& column : market_columns)
    result += fmt::format("    {:<17} {}\n", column.name, column.help);
  return result;
}

std::string catalogue_json() {
  auto column = [](const market_column& x) {
    return fmt::format(R"({{"name": {}, "help": {}}})", json_text(x.name),
                       json_text(x.help));
  };
  return fmt::format("{{\"features\": [{}], \"columns\": [{}]}}\n",
                     joined(feature_catalogue(), entry_json),
                     joined(market_columns, column));
}

std::string features_text(const std::string& file, const std::string& out,
                          const feature_plan& plan, const market_table& table) {
  auto gaps = table.gaps == 0 ? std::string{"no gaps"}
                              : fmt::format("{} gaps ({} bars missing)",
                                            table.gaps, table.missing_bars);
  return fmt::format("{}: {} bars of {}, {} to {}, {}\n"
                     "{}: {} columns, schema {}, complete after {} rows\n",
                     file, table.rows(), format_timespan(table.interval),
                     time_of(table, 0), time_of(table, table.rows() - 1), gaps,
                     out, plan.columns.size(), plan.schema_hash,
                     feature_pipeline{plan}.warm_up());
}

std::string features_json(const std::string& file, const std::string& out,
                          const feature_plan& plan, const market_table& table) {
  return fmt::format(
    R"({{"file": {}, "sha256": "{}", "rows": {}, "interval": {}, "gaps": {}, )"
    R"("missing_bars": {}, "features": [{}], "schema": "{}", "warm_up": {}, )"
    R"("out": {}}})"
    "\n",
    json_text(file), table.sha256, table.rows(),
    json_text(format_timespan(table.interval)), table.gaps, table.missing_bars,
    column_names(plan), plan.schema_hash, feature_pipeline{plan}.warm_up(),
    json_text(out));
}

std::string lookahead_text(const feature_plan& plan, const market_table& table,
                           std::span<const lookahead_finding> findings) {
  std::string result;
  for (const auto& x : findings)
    result += fmt::format("{}: looks ahead: {} at {} with later rows, {} "
                          "without\n",
                          x.column, x.with_future, time_of(table, x.row),
                          x.without_future);
  return result
         + fmt::format(
           "{} columns over {} rows: {}\n", plan.columns.size(), table.rows(),
           findings.empty() ? std::string{"none looks ahead"}
                            : fmt::format("{} look ahead", findings.size()));
}

std::string lookahead_json(const feature_plan& plan, const market_table& table,
                           std::span<const lookahead_finding> findings) {
  auto finding = [&](const lookahead_finding& x) {
    return fmt::format(R"({{"column": {}, "row": {}, "with_future": {}, )"
                       R"("without_future": {}}})",
                       json_text(x.column), x.row, value_json(x.with_future),
                       value_json(x.without_future));
  };
  return fmt::format(R"({{"columns": [{}], "rows": {}, "schema": "{}", )"
                     R"("look_ahead": [{}]}})"
                     "\n",
                     column_names(plan), table.rows(), plan.schema_hash,
                     joined(findings, finding));
}

} // namespace qalpha
