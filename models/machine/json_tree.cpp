#include "models/machine/json_tree.hpp"

#include "models/machine/quoted_text.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <unordered_set>

namespace qalpha {

namespace {

constexpr unsigned strict_flags = rapidjson::kParseNumbersAsStringsFlag
                                  | rapidjson::kParseValidateEncodingFlag;

constexpr unsigned relaxed_flags = strict_flags | rapidjson::kParseCommentsFlag
                                   | rapidjson::kParseTrailingCommasFlag;

/// Builds the tree. A member function that returns `false` stops the reader;
/// `reason` then says why.
class tree_builder {
public:
  explicit tree_builder(const json_limits& limits) : limits_(limits) {
    // nop
  }

  bool Null() {
    return add({json_kind::null, "null", {}});
  }

  bool Bool(bool value) {
    return add({json_kind::boolean, value ? "true" : "false", {}});
  }

  bool RawNumber(const char* digits, rapidjson::SizeType size, bool) {
    return add({json_kind::number, {digits, size}, {}});
  }

  bool String(const char* chars, rapidjson::SizeType size, bool) {
    return is_clean({chars, size}) && add({json_kind::text, {chars, size}, {}});
  }

  bool Key(const char* chars, rapidjson::SizeType size, bool) {
    std::string key{chars, size};
    if (!is_clean(key))
      return false;
    if (keys_.back().size() == limits_.members)
      return fail("more than " + std::to_string(limits_.members)
                  + " members in a group");
    if (!keys_.back().insert(key).second)
      return fail("duplicate key " + quoted_text(key));
    key_ = std::move(key);
    return true;
  }

  bool StartObject() {
    return begin(json_kind::object);
  }

  bool StartArray() {
    return begin(json_kind::array);
  }

  bool EndObject(rapidjson::SizeType) {
    return end();
  }

  bool EndArray(rapidjson::SizeType) {
    return end();
  }

  // The reader hands numbers over as text; it never calls these.
  bool Int(int) {
    return false;
  }

  bool Uint(unsigned) {
    return false;
  }

  bool Int64(int64_t) {
    return false;
  }

  bool Uint64(uint64_t) {
    return false;
  }

  bool Double(double) {
    return false;
  }

  json_value root;
  std::string reason;

private:
  bool fail(std::string why) {
    reason = std::move(why);
    return false;
  }

  bool is_clean(std::string_view text) {
    auto is_control = [](char ch) {
      return static_cast<unsigned char>(ch) < 0x20;
    };
    return std::none_of(text.begin(), text.end(), is_control)
           || fail("control character in " + quoted_text(text));
  }

  json_value* place(json_value value) {
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    auto& siblings = open_.back()->children;
    siblings.push_back({std::move(key_), std::move(value)});
    key_.clear();
    return &siblings.back().value;
  }

  bool add(json_value value) {
    if (++values_ > limits_.values)
      return fail("more than " + std::to_string(limits_.values) + " values");
    place(std::move(value));
    return true;
  }

  // Pointers stay valid: a parent gets no sibling while it is open.
  bool begin(json_kind kind) {
    if (open_.size() == limits_.levels)
      return fail("more than " + std::to_string(limits_.levels) + " levels");
    if (++values_ > limits_.values)
      return fail("more than " + std::to_string(limits_.values) + " values");
    open_.push_back(place({kind, {}, {}}));
    keys_.emplace_back();
    return true;
  }

  bool end() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  json_limits limits_;
  size_t values_ = 0;
  std::vector<json_value*> open_;
  // What each open group has so far.
  std::vector<std::unordered_set<std::string>> keys_;
  std::string key_;
};

/// @returns "line:column" of a byte, both from 1.
std::string position(std::string_view text, size_t offset) {
  auto before = text.substr(0, std::min(offset, text.size()));
  auto line = 1 + std::count(before.begin(), before.end(), '\n');
  auto newline = before.rfind('\n');
  auto column = newline == std::string_view::npos ? before.size() + 1
                                                  : before.size() - newline;
  return std::to_string(line) + ":" + std::to_string(column);
}

} // namespace

const json_value* json_value::find(std::string_view key) const noexcept {
  for (const auto& [name, value] : children)
    if (name == key)
      return &value;
  return nullptr;
}

fallible<json_value> parse_json(std::string_view text,
                                const json_limits& limits) {
  if (text.size() > limits.bytes)
    return fault{"1:1: syntax: expected at most "
                 + std::to_string(limits.bytes / (1024 * 1024))
                 + " MiB of text"};
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  rapidjson::MemoryStream stream{text.data(), text.size()};
  rapidjson::Reader reader;
  tree_builder builder{limits};
  auto result = limits.relaxed ? reader.Parse<relaxed_flags>(stream, builder)
                               : reader.Parse<strict_flags>(stream, builder);
  if (!result.IsError())
    return std::move(builder.root);
  auto reason = builder.reason.empty()
                  ? std::string{rapidjson::GetParseError_En(result.Code())}
                  : builder.reason;
  return fault{position(text, result.Offset()) + ": syntax: " + reason};
}

std::string describe(const json_value& value) {
  switch (value.kind) {
    case json_kind::null:
      return "null";
    case json_kind::boolean:
      return value.text;
    case json_kind::number:
      return "the number "
             + (value.text.size() > 40 ? value.text.substr(0, 40) + "..."
                                       : value.text);
    case json_kind::text:
      return "the text " + quoted_text(value.text);
    case json_kind::array:
      return "a list";
    case json_kind::object:
      return "a group";
  }
  return "?";
}

} // namespace qalpha
