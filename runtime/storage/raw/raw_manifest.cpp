#include "runtime/storage/raw/raw_manifest.hpp"

#include "runtime/storage/raw/raw_file.hpp"
#include "runtime/storage/raw/raw_format.hpp"

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace qalpha {

namespace {

using json_out = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_entry(json_out& out, const raw_manifest_entry& entry) {
  auto count = [&out](const char* name, uint64_t value) {
    out.Key(name);
    out.Uint64(value);
  };
  out.StartObject();
  out.Key("file");
  out.String(segment_name(entry.number).c_str());
  count("number", entry.number);
  count("first_sequence", entry.first_sequence);
  count("records", entry.records);
  out.Key("first_ns");
  out.Int64(entry.first.ns);
  out.Key("last_ns");
  out.Int64(entry.last.ns);
  count("file_bytes", entry.file_bytes);
  count("torn_bytes", entry.torn_bytes);
  out.Key("sha256");
  out.String(entry.sha256.c_str());
  out.EndObject();
}

/// Reads the members of one entry; what is wrong is the name of a member.
class entry_reader {
public:
  explicit entry_reader(const rapidjson::Value& json) : json_(json) {
    // nop
  }

  uint64_t count(const char* name) {
    auto found = member(name);
    if (found && found->IsUint64())
      return found->GetUint64();
    return refuse(name);
  }

  int64_t time(const char* name) {
    auto found = member(name);
    if (found && found->IsInt64())
      return found->GetInt64();
    return static_cast<int64_t>(refuse(name));
  }

  std::string text(const char* name) {
    auto found = member(name);
    if (found && found->IsString())
      return {found->GetString(), found->GetStringLength()};
    refuse(name);
    return {};
  }

  const std::string& wrong() const noexcept {
    return wrong_;
  }

private:
  const rapidjson::Value* member(const char* name) const {
    if (!json_.IsObject())
      return nullptr;
    auto found = json_.FindMember(name);
    return found == json_.MemberEnd() ? nullptr : &found->value;
  }

  uint64_t refuse(const char* name) {
    if (wrong_.empty())
      wrong_ = name;
    return 0;
  }

  const rapidjson::Value& json_;
  std::string wrong_;
};

fallible<raw_manifest_entry> read_entry(const rapidjson::Value& json) {
  entry_reader in{json};
  raw_manifest_entry result;
  auto number = in.count("number");
  result.number = static_cast<uint32_t>(number);
  result.first_sequence = in.count("first_sequence");
  result.records = in.count("records");
  result.first = {in.time("first_ns")};
  result.last = {in.time("last_ns")};
  result.file_bytes = in.count("file_bytes");
  result.torn_bytes = in.count("torn_bytes");
  result.sha256 = in.text("sha256");
  if (!in.wrong().empty())
    return fault{"expected a number or text as \"" + in.wrong() + "\""};
  if (number == 0 || number != result.number)
    return fault{"expected a positive number of the segment"};
  return result;
}

} // namespace

std::filesystem::path manifest_of(const std::filesystem::path& directory) {
  return directory / "manifest.json";
}

fallible<raw_manifest> read_manifest(const std::filesystem::path& directory) {
  auto file = manifest_of(directory);
  std::ifstream in{file, std::ios::binary};
  raw_manifest result;
  if (!in)
    return result;
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  rapidjson::Document json;
  // Damaged bytes may nest deeply; the iterative parser has no stack to lose.
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("segments")
      || !json["segments"].IsArray())
    return fault{file.string() + ": expected a list of segments as JSON"};
  for (auto& element : json["segments"].GetArray()) {
    auto entry = read_entry(element);
    auto name = file.string() + ": segment " + std::to_string(result.size() + 1)
                + ": ";
    if (!entry)
      return fault{name + entry.error().text};
    if (!result.empty() && result.back().number >= entry->number)
      return fault{name + "expected ascending numbers"};
    result.push_back(std::move(*entry));
  }
  return result;
}

std::optional<fault> write_manifest(const std::filesystem::path& directory,
                                    const raw_manifest& manifest) {
  rapidjson::StringBuffer text;
  json_out out{text};
  out.SetIndent(' ', 1);
  out.StartObject();
  out.Key("segments");
  out.StartArray();
  for (auto& entry : manifest)
    write_entry(out, entry);
  out.EndArray();
  out.EndObject();
  return replace_file(manifest_of(directory),
                      {text.GetString(), text.GetSize()});
}

} // namespace qalpha
