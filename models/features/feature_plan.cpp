#include "models/features/feature_plan.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/market_columns.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace qalpha {

namespace {

std::vector<std::string_view> known_features() {
  std::vector<std::string_view> result;
  for (const auto& entry : feature_catalogue())
    result.push_back(entry.name);
  return result;
}

/// @returns a number that differs wherever the double does.
std::string exact_text(double x) {
  std::array<char, 40> buffer;
  auto length = std::snprintf(buffer.data(), buffer.size(), "%.17g", x);
  return {buffer.data(), static_cast<size_t>(length)};
}

std::string fnv1a_text(std::string_view text) {
  uint64_t hash = 14'695'981'039'346'656'037u;
  for (auto letter : text) {
    hash ^= static_cast<uint8_t>(letter);
    hash *= 1'099'511'628'211u;
  }
  std::array<char, 17> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%016llx",
                static_cast<unsigned long long>(hash));
  return buffer.data();
}

/// Letters that need no quotes in any file.
bool is_plain_name(std::string_view x) {
  return !x.empty() && std::all_of(x.begin(), x.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  });
}

/// Binds one request after the other.
class planner {
public:
  explicit planner(const feature_spec& spec) : spec_(spec) {
    plan_.interval = spec.interval;
    plan_.sources = {time_column};
    described_ = std::to_string(spec.interval.count()) + " ms\n";
  }

  fallible<feature_plan> plan() {
    if (spec_.interval.count() <= 0)
      return fault{"interval: must be positive"};
    find_sources();
    for (index_ = 0; index_ < spec_.features.size(); ++index_)
      if (auto problem = add(spec_.features[index_]))
        return *problem;
    plan_.schema_hash = fnv1a_text(described_);
    return std::move(plan_);
  }

private:
  // All that may be read, so that the order of sources is that of the market;
  // what turns out to be unknown is reported when its request is bound.
  void find_sources() {
    for (const auto& request : spec_.features) {
      auto entry = find_feature(request.feature);
      if (entry == nullptr)
        continue;
      for (auto input : entry->inputs) {
        auto bound = request.inputs.find(std::string{input});
        auto index = market_column_index(
          bound == request.inputs.end() ? input : bound->second);
        if (index < market_columns.size())
          plan_.sources.push_back(index);
      }
    }
    auto& all = plan_.sources;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }

  std::optional<fault> add(const feature_request& request) {
    feature_step step;
    step.entry = find_feature(request.feature);
    if (step.entry == nullptr)
      return unknown_name(place() + ".feature:", request.feature,
                          known_features());
    auto values = resolve_parameters(place(), step.entry->parameters,
                                     request.parameters);
    if (!values)
      return values.error();
    step.parameters = std::move(*values);
    if (auto made = step.entry->make(step.parameters); !made)
      return fault{place() + ": " + made.error().text};
    auto name = request.name.empty() ? default_name(step) : request.name;
    described_ += name + " = " + request.feature;
    for (size_t i = 0; i < step.parameters.size(); ++i)
      if (is_named(step, i))
        described_ += " " + exact_text(step.parameters[i]);
    if (auto problem = bind_inputs(request, step))
      return problem;
    return add_columns(name, std::move(step));
  }

  std::optional<fault> bind_inputs(const feature_request& request,
                                   feature_step& step) {
    for (const auto& [input, ignored] : request.inputs)
      if (std::find(step.entry->inputs.begin(), step.entry->inputs.end(), input)
          == step.entry->inputs.end())
        return unknown_name(place() + ".inputs:", input, step.entry->inputs);
    for (auto input : step.entry->inputs) {
      auto bound = request.inputs.find(std::string{input});
      auto from = bound == request.inputs.end() ? std::string{input}
                                                : bound->second;
      auto place_of = find_column(from);
      if (!place_of)
        return fault{place() + ".inputs." + std::string{input} + ": "
                     + place_of.error().text};
      step.inputs.push_back(*place_of);
      described_ += " " + from;
    }
    described_ += "\n";
    return std::nullopt;
  }

  fallible<feature_input> find_column(const std::string& from) const {
    std::vector<std::string_view> known;
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      if (plan_.columns[i].name == from)
        return feature_input{i, true};
      known.push_back(plan_.columns[i].name);
    }
    auto index = market_column_index(from);
    if (index < market_columns.size()) {
      auto at = std::find(plan_.sources.begin(), plan_.sources.end(), index);
      return feature_input{static_cast<size_t>(at - plan_.sources.begin()),
                           false};
    }
    for (const auto& column : market_columns)
      known.push_back(column.name);
    return unknown_name("column", from, known);
  }

  std::optional<fault> add_columns(const std::string& name, feature_step step) {
    step.first_column = plan_.columns.size();
    for (const auto& output : step.entry->outputs) {
      auto full = name;
      if (step.entry->outputs.size() > 1)
        full += "." + std::string{output.name};
      if (!is_plain_name(full))
        return fault{place()
                     + ".name: expected letters, digits, \"_\", \".\" "
                       "and \"-\", found \""
                     + full + "\""};
      if (market_column_index(full) < market_columns.size())
        return fault{place() + ".name: \"" + full
                     + "\" is a column of the market"};
      for (const auto& column : plan_.columns)
        if (column.name == full)
          return fault{place() + ".name: \"" + full + "\" is there already"};
      plan_.columns.push_back({full, std::string{output.help}});
    }
    plan_.steps.push_back(std::move(step));
    return std::nullopt;
  }

  static std::string default_name(const feature_step& step) {
    std::string result{step.entry->name};
    for (size_t i = 0; i < step.parameters.size(); ++i)
      if (is_named(step, i))
        result += "_"
                  + parameter_text(step.entry->parameters[i],
                                   step.parameters[i]);
    return result;
  }

  /// @returns whether the value of a parameter tells schemas apart.
  static bool is_named(const feature_step& step, size_t i) {
    const auto& rule = step.entry->parameters[i];
    return !rule.later || step.parameters[i] != rule.default_value;
  }

  std::string place() const {
    return "features[" + std::to_string(index_) + "]";
  }

  const feature_spec& spec_;
  feature_plan plan_;
  // All that the schema hash covers.
  std::string described_;
  size_t index_ = 0;
};

} // namespace

fallible<feature_plan> feature_plan::make(const feature_spec& spec) {
  return planner{spec}.plan();
}

} // namespace qalpha
