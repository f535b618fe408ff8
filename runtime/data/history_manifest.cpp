// What was found out about the files of a directory, as JSON beside them.

#include "runtime/config/units.hpp"
#include "runtime/data/history_list.hpp"
#include "runtime/data/safe_file.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace qalpha {

namespace {

// A manifest has 300 bytes a file.
constexpr uintmax_t most_bytes = 64 * 1024 * 1024;

// Changes when the meaning of a member does: an older manifest is not believed.
constexpr int64_t version = 1;

/// Reads members of one object; once one is missing, `ok` is `false`.
struct member_reader {
  const rapidjson::Value& from;
  bool ok = true;

  std::string text(const char* name) {
    auto i = from.FindMember(name);
    ok = ok && i != from.MemberEnd() && i->value.IsString();
    return ok ? std::string{i->value.GetString(), i->value.GetStringLength()}
              : std::string{};
  }

  int64_t number(const char* name) {
    auto i = from.FindMember(name);
    ok = ok && i != from.MemberEnd() && i->value.IsInt64();
    return ok ? i->value.GetInt64() : 0;
  }

  uint64_t count(const char* name) {
    auto x = number(name);
    ok = ok && x >= 0;
    return static_cast<uint64_t>(x);
  }
};

std::optional<history_entry> entry_of(const rapidjson::Value& json) {
  if (!json.IsObject())
    return std::nullopt;
  member_reader in{json};
  history_entry x;
  x.file = in.text("file");
  x.bytes = in.count("bytes");
  x.changed_ns = in.number("changed_ns");
  x.symbol = in.text("symbol");
  x.rows = in.count("rows");
  x.first = {in.number("first_ns")};
  x.last = {in.number("last_ns")};
  x.interval = timespan{in.number("interval_ns")};
  x.gaps = in.count("gaps");
  x.missing_bars = in.count("missing_bars");
  x.sha256 = in.text("sha256");
  x.problem = in.text("problem");
  if (!in.ok)
    return std::nullopt;
  return x;
}

std::string json_of(const history_entry& x) {
  return fmt::format(
    R"({{"file": {}, "bytes": {}, "changed_ns": {}, "symbol": {}, )"
    R"("rows": {}, "first_ns": {}, "last_ns": {}, "interval_ns": {}, )"
    R"("gaps": {}, "missing_bars": {}, "sha256": {}, "problem": {}}})",
    json_text(x.file), x.bytes, x.changed_ns, json_text(x.symbol), x.rows,
    x.first.ns, x.last.ns, x.interval.count(), x.gaps, x.missing_bars,
    json_text(x.sha256), json_text(x.problem));
}

} // namespace

std::map<std::string, history_entry> read_manifest(const std::string& path) {
  std::map<std::string, history_entry> result;
  std::error_code code;
  auto size = std::filesystem::file_size(path, code);
  if (code || size > most_bytes)
    return result;
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject())
    return result;
  auto own = json.FindMember("version");
  auto list = json.FindMember("histories");
  if (own == json.MemberEnd() || own->value != version
      || list == json.MemberEnd() || !list->value.IsArray())
    return result;
  for (const auto& each : list->value.GetArray())
    if (auto entry = entry_of(each))
      result[entry->file] = std::move(*entry);
  return result;
}

fallible<bool> write_manifest(const std::string& path,
                              const std::vector<history_entry>& entries) {
  std::string list;
  for (const auto& x : entries)
    list += (list.empty() ? "\n" : ",\n") + json_of(x);
  safe_file file{path};
  file.write(
    fmt::format("{{\"version\": {}, \"histories\": [{}\n]}}\n", version, list));
  return file.commit();
}

} // namespace qalpha
