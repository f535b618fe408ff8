#include "models/checkpoints/manifest_text.hpp"

#include "models/checkpoints/sha256.hpp"
#include "models/features/feature_request_text.hpp"
#include "models/machine/json_object.hpp"
#include "models/machine/number_text.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>
#include <chrono>

namespace qalpha {

namespace {

// Changes when the meaning of a key does.
constexpr int64_t format = 1;

constexpr size_t longest_text = 64;

// A year; bars are not longer.
constexpr int64_t longest_interval_ms = 366LL * 24 * 3600 * 1000;

// -- reading
// ---------------------------------------------------------------------

/// Reads the members of the group `key`, each with `read(place, value)`.
template <class Value, class Read>
std::map<std::string, Value>
read_map(json_object& in, std::string_view key, Read read) {
  std::map<std::string, Value> result;
  auto group = in.member(key, json_kind::object);
  if (group == nullptr)
    return result;
  for (const auto& [name, json] : group->children) {
    auto value = read(in.place_of(key) + "." + name, json);
    if (value)
      result[name] = std::move(*value);
    else
      in.fail(value.error());
  }
  return result;
}

/// Reads the elements of a list, each with `read(place, value)`.
template <class Value, class Read>
fallible<std::vector<Value>>
read_list(const std::string& place, const json_value& json, Read read) {
  if (json.kind != json_kind::array)
    return fault{place + ": expected a list, found " + describe(json)};
  std::vector<Value> result;
  for (size_t i = 0; i < json.children.size(); ++i) {
    auto value = read(place + "[" + std::to_string(i) + "]",
                      json.children[i].value);
    if (!value)
      return value.error();
    result.push_back(std::move(*value));
  }
  return result;
}

fallible<std::vector<double>> read_numbers(const std::string& place,
                                           const json_value& json) {
  return read_list<double>(place, json, finite_number);
}

fallible<std::string> read_name(const std::string& place,
                                const json_value& json) {
  if (json.kind != json_kind::text)
    return fault{place + ": expected a text, found " + describe(json)};
  return json.text;
}

fallible<std::vector<std::string>> read_names(const std::string& place,
                                              const json_value& json) {
  return read_list<std::string>(place, json, read_name);
}

fallible<column_scale> read_scale(const std::string& place,
                                  const json_value& json) {
  json_object in{place, json};
  column_scale result;
  result.mean = in.number("mean");
  result.deviation = in.number("deviation");
  if (auto problem = in.finish())
    return *problem;
  return result;
}

template <size_t Size>
void read_array(json_object& in, std::string_view key,
                std::array<double, Size>& into) {
  auto json = in.member(key);
  if (json == nullptr)
    return;
  auto numbers = read_numbers(in.place_of(key), *json);
  if (!numbers)
    return in.fail(numbers.error());
  if (numbers->size() != Size)
    return in.fail({in.place_of(key) + ": expected " + std::to_string(Size)
                    + " numbers, found " + std::to_string(numbers->size())});
  std::copy(numbers->begin(), numbers->end(), into.begin());
}

fallible<column_bins> read_bins(const std::string& place,
                                const json_value& json) {
  json_object in{place, json};
  column_bins result;
  read_array(in, "edges", result.edges);
  read_array(in, "shares", result.shares);
  if (auto problem = in.finish())
    return *problem;
  return result;
}

/// Takes a value, or keeps its fault.
template <class Value>
void take(json_object& in, fallible<Value> from, Value& into) {
  if (from)
    into = std::move(*from);
  else
    in.fail(from.error());
}

void read_features(json_object& in, manifest& into) {
  into.features.interval = std::chrono::milliseconds{
    in.whole("interval_ms", 1, longest_interval_ms)};
  if (auto json = in.member("features"))
    take(in, read_feature_requests("features", *json), into.features.features);
  into.schema_hash = in.text("schema_hash", longest_text);
  if (auto json = in.member("scales"))
    take(in, read_list<column_scale>("scales", *json, read_scale), into.scales);
  if (auto json = in.member("bins"))
    take(in, read_list<column_bins>("bins", *json, read_bins), into.bins);
}

void read_data(json_object& in, manifest& into) {
  auto json = in.member("data");
  if (json == nullptr)
    return;
  json_object data{"data", *json};
  into.data_hash = data.text("hash", longest_text);
  into.data_begin_ms = data.whole("begin_ms", 0, INT64_MAX);
  into.data_end_ms = data.whole("end_ms", 0, INT64_MAX);
  if (auto problem = data.finish())
    in.fail(*problem);
}

sealed_manifest read_members(json_object& in) {
  sealed_manifest result;
  auto& about = result.about;
  in.whole("format", format, format);
  about.id = in.text("id", longest_text);
  about.architecture = in.text("architecture", longest_text);
  result.weights_sha256 = in.text("weights_sha256", longest_text);
  read_features(in, about);
  about.settings = read_map<double>(in, "settings", finite_number);
  about.lists = read_map<std::vector<double>>(in, "lists", read_numbers);
  about.names = read_map<std::vector<std::string>>(in, "names", read_names);
  read_data(in, about);
  about.seed = in.count("seed");
  about.commit = in.text("commit", longest_text);
  about.trained_at_ms = in.whole("trained_at_ms", 0, INT64_MAX);
  about.metrics = read_map<double>(in, "metrics", finite_number);
  return result;
}

std::optional<fault> check_sealed(const sealed_manifest& x) {
  if (!is_sha256(x.weights_sha256))
    return fault{"weights_sha256: expected 64 hexadecimal digits, found "
                 + quoted_text(x.weights_sha256)};
  return check_manifest(x.about);
}

// -- writing
// ---------------------------------------------------------------------

template <class Range, class Format>
std::string
joined(const Range& range, const std::string& between, Format format_one) {
  std::string result;
  for (const auto& x : range)
    result += (result.empty() ? "" : between) + format_one(x);
  return result;
}

template <class Range>
std::string numbers_json(const Range& numbers) {
  return "[" + joined(numbers, ", ", exact_number_text) + "]";
}

template <class Range, class Format>
std::string lines_json(const Range& range, Format format_one) {
  auto lines = joined(range, ",\n    ", format_one);
  return lines.empty() ? "[]" : "[\n    " + lines + "\n  ]";
}

template <class Map, class Format>
std::string group_json(const Map& map, Format format_one) {
  auto members = joined(map, ",\n    ", [&](const auto& x) {
    return json_text(x.first) + ": " + format_one(x.second);
  });
  return members.empty() ? "{}" : "{\n    " + members + "\n  }";
}

std::string scale_json(const column_scale& x) {
  return "{\"mean\": " + exact_number_text(x.mean)
         + ", \"deviation\": " + exact_number_text(x.deviation) + "}";
}

std::string bins_json(const column_bins& x) {
  return "{\"edges\": " + numbers_json(x.edges)
         + ", \"shares\": " + numbers_json(x.shares) + "}";
}

std::string names_json(const std::vector<std::string>& names) {
  return "["
         + joined(names, ", ",
                  [](const std::string& x) { return json_text(x); })
         + "]";
}

std::string data_json(const manifest& x) {
  return "{\"hash\": " + json_text(x.data_hash)
         + ", \"begin_ms\": " + std::to_string(x.data_begin_ms)
         + ", \"end_ms\": " + std::to_string(x.data_end_ms) + "}";
}

std::string manifest_json(const sealed_manifest& x) {
  const auto& about = x.about;
  auto numbers = [](const std::vector<double>& list) {
    return numbers_json(list);
  };
  std::vector<std::pair<std::string, std::string>> members{
    {"format", std::to_string(format)},
    {"id", json_text(about.id)},
    {"architecture", json_text(about.architecture)},
    {"weights_sha256", json_text(x.weights_sha256)},
    {"interval_ms", std::to_string(about.features.interval.count())},
    {"features", feature_requests_json(about.features.features, "  ")},
    {"schema_hash", json_text(about.schema_hash)},
    {"scales", lines_json(about.scales, scale_json)},
    {"bins", lines_json(about.bins, bins_json)},
    {"settings", group_json(about.settings, exact_number_text)},
    {"lists", group_json(about.lists, numbers)},
    {"names", group_json(about.names, names_json)},
    {"data", data_json(about)},
    {"seed", std::to_string(about.seed)},
    {"commit", json_text(about.commit)},
    {"trained_at_ms", std::to_string(about.trained_at_ms)},
    {"metrics", group_json(about.metrics, exact_number_text)},
  };
  return "{\n  "
         + joined(members, ",\n  ",
                  [](const auto& member) {
                    return json_text(member.first) + ": " + member.second;
                  })
         + "\n}\n";
}

} // namespace

fallible<std::string> write_manifest_text(const sealed_manifest& x) {
  if (auto problem = check_sealed(x))
    return *problem;
  auto result = manifest_json(x);
  if (result.size() > largest_manifest)
    return fault{"expected a manifest of at most 1 MiB"};
  return result;
}

fallible<sealed_manifest> read_manifest_text(std::string_view text) {
  auto json = parse_json(
    text, {.bytes = largest_manifest, .levels = 8, .relaxed = false});
  if (!json)
    return json.error();
  json_object in{"", *json};
  auto result = read_members(in);
  if (auto problem = in.finish())
    return *problem;
  if (auto problem = check_sealed(result))
    return *problem;
  return result;
}

} // namespace qalpha
