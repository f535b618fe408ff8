#include "runtime/storage/raw/plain_recording.hpp"

#include "models/market/decimal.hpp"
#include "runtime/storage/bar_history_input.hpp"

#include <charconv>
#include <utility>

namespace qalpha {

namespace {

constexpr std::string_view answer_mark = " -> ";
constexpr std::string_view connection_mark = " <-> ";

// A day in 2001 in nanoseconds, and one in 2100 in seconds: what is between is
// no time of a recording.
constexpr int64_t least_ns = 1'000'000'000'000'000'000;
constexpr int64_t most_seconds = 4'102'444'800;

/// @returns `nullopt` if the text is no such time.
std::optional<utc_time> parse_seconds(std::string_view text) {
  auto point = text.find('.');
  int64_t seconds = 0;
  auto whole = text.substr(0, point);
  auto [stop, code] = std::from_chars(whole.data(), whole.data() + whole.size(),
                                      seconds);
  if (code != std::errc{} || stop != whole.data() + whole.size() || seconds <= 0
      || seconds > most_seconds)
    return std::nullopt;
  int64_t nanos = 0;
  if (point != text.npos) {
    auto fraction = parse_decimal_e8("0" + std::string{text.substr(point)});
    if (!fraction)
      return std::nullopt;
    nanos = *fraction * 10;
  }
  return utc_time{seconds * 1'000'000'000 + nanos};
}

std::optional<utc_time> parse_ns(std::string_view text) {
  int64_t ns = 0;
  auto end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data(), end, ns);
  if (code != std::errc{} || stop != end || ns < least_ns)
    return std::nullopt;
  return utc_time{ns};
}

/// Cuts `text` behind `mark`.
/// @returns what was before it; `nullopt` if there is none.
std::optional<std::string_view> cut(std::string_view& text,
                                    std::string_view mark) {
  auto found = text.find(mark);
  if (found == text.npos)
    return std::nullopt;
  auto result = text.substr(0, found);
  text.remove_prefix(found + mark.size());
  return result;
}

/// Behind the host of an address.
std::string_view path_of(std::string_view address) {
  auto host = address.find("://");
  auto path = host == address.npos ? host : address.find('/', host + 3);
  return path == address.npos ? address : address.substr(path);
}

bool is_snapshot(std::string_view json) {
  return json.starts_with(R"({"lastUpdateId":)");
}

/// @returns the record of a line; views into the line.
std::optional<raw_record> parse_line(std::string_view line,
                                     std::string_view snapshot_target) {
  raw_record result;
  result.connection = "recorded";
  std::optional<utc_time> time;
  if (line.starts_with("wss://")) {
    auto address = cut(line, connection_mark);
    result.kind = raw_kind::connected;
    time = address ? parse_seconds(line) : std::nullopt;
  } else if (line.starts_with("https://")) {
    auto address = cut(line, answer_mark);
    auto stamp = address ? cut(line, ": ") : std::nullopt;
    result.kind = raw_kind::rest_answer;
    result.target = path_of(address.value_or(""));
    result.bytes = line;
    time = stamp ? parse_seconds(*stamp) : std::nullopt;
  } else {
    auto stamp = cut(line, " ");
    result.bytes = line;
    if (stamp && stamp->ends_with(':'))
      time = parse_seconds(stamp->substr(0, stamp->size() - 1));
    else if (stamp)
      time = parse_ns(*stamp);
    if (is_snapshot(line)) {
      result.kind = raw_kind::rest_answer;
      result.target = snapshot_target;
    }
  }
  if (!time)
    return std::nullopt;
  result.received = *time;
  return result;
}

} // namespace

struct plain_recording::source {
  explicit source(const std::filesystem::path& path)
    : file(path.string()), lines(file) {
    // nop
  }

  std::string file;
  line_input lines;
  /// The line that was read, unless the file has ended.
  std::optional<raw_record> record;
};

plain_recording::plain_recording(
  const std::vector<std::filesystem::path>& files, std::string symbol)
  : snapshot_target_("/fapi/v1/depth?symbol=" + std::move(symbol)) {
  for (auto& file : files)
    sources_.push_back(std::make_unique<source>(file));
  for (auto& from : sources_)
    advance(*from);
}

plain_recording::~plain_recording() = default;
plain_recording::plain_recording(plain_recording&&) noexcept = default;
plain_recording&
plain_recording::operator=(plain_recording&&) noexcept = default;

void plain_recording::fail(const source& from, const std::string& text) {
  if (!error_)
    error_ = fault{from.file + ": " + text};
}

void plain_recording::advance(source& from) {
  from.record.reset();
  auto line = from.lines.next();
  while (line && line->empty())
    line = from.lines.next();
  if (!line) {
    if (from.lines.error())
      fail(from, *from.lines.error());
    return;
  }
  from.record = parse_line(*line, snapshot_target_);
  if (!from.record)
    fail(from, "line " + std::to_string(from.lines.line())
                 + ": expected a time and a message, found \""
                 + std::string{line->substr(0, 40)} + "\"");
}

std::optional<raw_record> plain_recording::next() {
  if (told_)
    advance(*std::exchange(told_, nullptr));
  if (error_)
    return std::nullopt;
  for (auto& from : sources_)
    if (from->record
        && (!told_ || from->record->received < told_->record->received))
      told_ = from.get();
  return told_ ? told_->record : std::nullopt;
}

fallible<plain_import>
import_plain_recording(const std::vector<std::filesystem::path>& files,
                       const std::string& symbol, raw_sink& to) {
  plain_recording from{files, symbol};
  plain_import result;
  while (auto record = from.next()) {
    if (!to.append(*record))
      return fault{"the recorder does not keep up; after "
                   + std::to_string(result.records) + " records one was "
                   + "dropped"};
    ++result.records;
    result.bytes += record->bytes.size();
  }
  if (from.error())
    return *from.error();
  return result;
}

} // namespace qalpha
