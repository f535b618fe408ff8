#include "runtime/venues/json_message.hpp"

#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <bit>
#include <cstring>

namespace qalpha {

namespace {

constexpr size_t arena_size = size_t{32} << 10;

constexpr unsigned parse_flags = rapidjson::kParseInsituFlag
                                 | rapidjson::kParseValidateEncodingFlag;

/// Hands events to a document until a bound is reached. The reader calls itself
/// for each level, so its stack is bounded here too.
class bounded_handler {
public:
  bounded_handler(rapidjson::Document& out, json_limits limits)
    : out_(out), limits_(limits) {
    // nop
  }

  bool Null() {
    return count() && out_.Null();
  }

  bool Bool(bool x) {
    return count() && out_.Bool(x);
  }

  bool Int(int x) {
    return count() && out_.Int(x);
  }

  bool Uint(unsigned x) {
    return count() && out_.Uint(x);
  }

  bool Int64(int64_t x) {
    return count() && out_.Int64(x);
  }

  bool Uint64(uint64_t x) {
    return count() && out_.Uint64(x);
  }

  bool Double(double x) {
    return count() && out_.Double(x);
  }

  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
    return count() && out_.RawNumber(text, size, copy);
  }

  bool String(const char* text, rapidjson::SizeType size, bool copy) {
    return count() && out_.String(text, size, copy);
  }

  bool Key(const char* text, rapidjson::SizeType size, bool copy) {
    return out_.Key(text, size, copy);
  }

  bool StartObject() {
    return open() && out_.StartObject();
  }

  bool EndObject(rapidjson::SizeType members) {
    --depth_;
    return out_.EndObject(members);
  }

  bool StartArray() {
    return open() && out_.StartArray();
  }

  bool EndArray(rapidjson::SizeType elements) {
    --depth_;
    return out_.EndArray(elements);
  }

private:
  bool count() {
    return ++values_ <= limits_.values;
  }

  bool open() {
    return count() && ++depth_ <= limits_.depth;
  }

  rapidjson::Document& out_;
  json_limits limits_;
  size_t values_ = 0;
  unsigned depth_ = 0;
};

} // namespace

json_message::json_message(json_limits limits)
  : limits_(limits), buffer_(padding),
    arena_(std::make_unique<char[]>(arena_size)),
    memory_(arena_.get(), arena_size), document_(&memory_) {
  // nop
}

std::optional<decode_fault> json_message::load(std::string_view bytes) {
  size_ = 0;
  if (bytes.size() > limits_.bytes)
    return decode_fault::too_large;
  if (buffer_.size() < bytes.size() + padding)
    buffer_.resize(std::bit_ceil(bytes.size() + padding));
  std::memcpy(buffer_.data(), bytes.data(), bytes.size());
  std::memset(buffer_.data() + bytes.size(), 0, padding);
  size_ = bytes.size();
  return std::nullopt;
}

std::optional<decode_fault> json_message::parse() {
  document_.SetNull();
  memory_.Clear();
  auto stream = rapidjson::InsituStringStream{buffer_.data()};
  auto outcome = rapidjson::ParseResult{};
  auto read = [&](rapidjson::Document& out) {
    bounded_handler handler{out, limits_};
    rapidjson::Reader reader;
    outcome = reader.Parse<parse_flags>(stream, handler);
    return !outcome.IsError();
  };
  document_.Populate(read);
  if (outcome.Code() == rapidjson::kParseErrorTermination)
    return decode_fault::too_large;
  // To RapidJSON a zero inside the message is its end.
  if (outcome.IsError() || stream.Tell() != size_)
    return decode_fault::malformed;
  return std::nullopt;
}

} // namespace qalpha
