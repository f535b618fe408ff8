#include "runtime/study/study_config.hpp"

#include "models/features/feature_request_text.hpp"
#include "models/machine/json_object.hpp"
#include "models/outlook/linear_forecast.hpp"
#include "runtime/config/units.hpp"
#include "runtime/study/trained_forecasts.hpp"
#include "runtime/training/train_config.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace qalpha {

namespace {

constexpr size_t longest_text = 4'096;
constexpr size_t most_entries = 1'000;

fault expected(const std::string& place, const std::string& what,
               const json_value& found) {
  return {place + ": expected " + what + ", found " + describe(found)};
}

void read_span(json_object& from, std::string_view key, timespan& into) {
  auto text = from.text(key, longest_text);
  auto span = parse_timespan(text);
  if (span)
    into = *span;
  else
    from.fail({from.place_of(key) + ": " + span.error().text});
}

/// @returns the elements of an array.
const std::vector<json_member>& list_of(json_object& from,
                                        std::string_view key) {
  static const std::vector<json_member> none;
  auto value = from.member(key, json_kind::array);
  if (value == nullptr || value->kind != json_kind::array)
    return none;
  if (value->children.size() > most_entries)
    from.fail({from.place_of(key) + ": expected at most "
               + std::to_string(most_entries) + " entries"});
  return value->children;
}

std::vector<double> numbers_of(json_object& from, std::string_view key) {
  std::vector<double> result;
  for (const auto& [name, value] : list_of(from, key)) {
    auto number = finite_number(from.place_of(key), value);
    if (number)
      result.push_back(*number);
    else
      from.fail(number.error());
  }
  return result;
}

std::map<std::string, double> parameters_of(json_object& from,
                                            const std::string& place,
                                            const json_value& json) {
  std::map<std::string, double> result;
  if (json.kind != json_kind::object) {
    from.fail(expected(place, "an object of numbers", json));
    return result;
  }
  for (const auto& [key, value] : json.children) {
    auto number = finite_number(place + "." + key, value);
    if (number)
      result[key] = *number;
    else
      from.fail(number.error());
  }
  return result;
}

void read_lengths(json_object& from, walk_forward_lengths& into) {
  auto json = from.member("walk_forward", json_kind::object);
  if (json == nullptr || json->kind != json_kind::object)
    return;
  json_object lengths{"walk_forward", *json};
  read_span(lengths, "first_training", into.first_training);
  read_span(lengths, "test", into.test);
  read_span(lengths, "embargo", into.embargo);
  read_span(lengths, "longest_training", into.longest_training);
  if (auto wrong = lengths.finish())
    from.fail(*wrong);
}

void read_distances(json_object& from, std::vector<size_t>& into) {
  for (auto x : numbers_of(from, "distances")) {
    if (!(x >= 1 && x <= 100'000) || x != static_cast<double>(size_t(x)))
      from.fail({"distances: expected whole numbers from 1 to 100000"});
    else
      into.push_back(static_cast<size_t>(x));
  }
}

void read_rules(json_object& from, std::vector<strategy_choice>& into) {
  size_t number = 0;
  for (const auto& [key, json] : list_of(from, "rules")) {
    auto place = "rules[" + std::to_string(number++) + "]";
    if (json.kind != json_kind::object) {
      from.fail(expected(place, "an object with name and params", json));
      continue;
    }
    json_object rule{place, json};
    strategy_choice choice{.name = rule.text("name", longest_text)};
    if (auto params = rule.member("params", json_kind::object))
      choice.parameters = parameters_of(rule, place + ".params", *params);
    if (auto wrong = rule.finish())
      from.fail(*wrong);
    else if (auto made = make_strategy(choice); !made)
      from.fail({place + ": " + made.error().text});
    into.push_back(std::move(choice));
  }
}

void read_trades(json_object& from,
                 std::vector<std::map<std::string, double>>& into) {
  size_t number = 0;
  for (const auto& [key, json] : list_of(from, "trades")) {
    auto place = "trades[" + std::to_string(number++) + "]";
    into.push_back(parameters_of(from, place, json));
    if (auto made = make_strategy({"trinity", into.back()}); !made)
      from.fail({place + ": " + made.error().text});
  }
  if (into.empty())
    from.fail({"trades: expected at least one"});
}

fallible<std::unique_ptr<forecast_maker>>
read_linear(const json_value& model, const forecast_maker_context& context) {
  json_object from{"model", model};
  from.text("kind", longest_text);
  linear_forecast_settings settings;
  settings.features.interval
    = std::chrono::duration_cast<std::chrono::milliseconds>(
      context.bar_interval);
  settings.horizon = static_cast<size_t>(from.whole("horizon", 1, 10'000));
  settings.levels = numbers_of(from, "levels");
  settings.shrinkage = from.number("shrinkage");
  if (auto list = from.member("features", json_kind::array)) {
    auto requests = read_feature_requests("model.features", *list);
    if (requests)
      settings.features.features = std::move(*requests);
    else
      from.fail(requests.error());
  }
  if (auto wrong = from.finish())
    return *wrong;
  auto made = make_linear_forecasts(settings);
  if (!made)
    return fault{"model." + made.error().text};
  return made;
}

fallible<std::unique_ptr<forecast_maker>>
read_trained(const json_value& model, const forecast_maker_context& context) {
  json_object from{"model", model};
  from.text("kind", longest_text);
  std::filesystem::path file{from.text("config", longest_text)};
  auto seed = from.whole("seed", 0, int64_t{largest_seed});
  if (auto wrong = from.finish())
    return *wrong;
  if (context.neural == nullptr)
    return fault{"model.kind: expected a program with LibTorch for \"tft\""};
  if (file.is_relative())
    file = context.directory / file;
  auto config = read_train_config(file.string(), model_kind::forecast,
                                  static_cast<uint64_t>(seed));
  if (!config)
    return config.error();
  if (config->forecast.windows.features.interval != context.bar_interval)
    return fault{file.string()
                 + ": tft.interval: expected that of the study's bars"};
  return std::unique_ptr<forecast_maker>{std::make_unique<trained_forecasts>(
    *context.neural, std::move(config->forecast))};
}

constexpr auto trained_kind = "tft";

bool is_kind(const json_value& model, std::string_view name) {
  auto kind = model.find("kind");
  return kind != nullptr && kind->kind == json_kind::text && kind->text == name;
}

} // namespace

fallible<study_config> parse_study_config(const std::string& text) {
  auto json = parse_json(text);
  if (!json)
    return json.error();
  if (json->kind != json_kind::object)
    return fault{"expected an object, found " + describe(*json)};
  json_object from{"", *json};
  study_config result;
  result.market = from.text("market", longest_text);
  auto& settings = result.settings;
  read_lengths(from, settings.lengths);
  read_distances(from, settings.distances);
  read_trades(from, settings.trades);
  read_rules(from, settings.rules);
  settings.earlier_trials
    = static_cast<uint64_t>(from.whole("earlier_trials", 0, 1'000'000));
  if (auto model = from.member("model", json_kind::object))
    result.model = *model;
  if (auto wrong = from.finish())
    return *wrong;
  return result;
}

fallible<study_config> read_study_config(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return fault{path + ": cannot be read"};
  auto result = parse_study_config(text.str());
  if (!result)
    return fault{path + ": " + result.error().text};
  auto directory = std::filesystem::path{path}.parent_path();
  result->directory = directory.string();
  auto market = std::filesystem::path{result->market};
  if (market.is_relative())
    result->market = (directory / market).string();
  return result;
}

bool needs_neural_program(const json_value& model) {
  return is_kind(model, trained_kind);
}

fallible<std::unique_ptr<forecast_maker>>
make_forecasts(const json_value& model, const forecast_maker_context& context) {
  if (is_kind(model, "linear"))
    return read_linear(model, context);
  if (is_kind(model, trained_kind))
    return read_trained(model, context);
  return fault{"model.kind: expected \"linear\" or \"tft\""};
}

} // namespace qalpha
