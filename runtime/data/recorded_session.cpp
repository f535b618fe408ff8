#include "runtime/data/recorded_session.hpp"

#include "models/market/decimal.hpp"
#include "runtime/venues/step_number.hpp"

#include <zlib.h>

#include <algorithm>

namespace qalpha {

namespace fs = std::filesystem;

namespace {

// An answer with the rules of all instruments is the longest line.
constexpr size_t longest_line = size_t{8} << 20;

struct gz_closer {
  void operator()(gzFile_s* x) const noexcept {
    gzclose(x);
  }
};

/// @returns a time in nanoseconds, or in seconds with a point.
std::optional<utc_time> parse_time(std::string_view text) {
  if (text.find('.') != text.npos) {
    auto e8 = plain_decimal_e8(text);
    constexpr int64_t latest_e8 = 900'000'000'000'000'000;
    if (!e8 || *e8 <= 0 || *e8 > latest_e8)
      return std::nullopt;
    return utc_time{*e8 * 10};
  }
  auto ns = whole_number(text);
  if (!ns || *ns == 0 || *ns > latest_ms * 1'000'000)
    return std::nullopt;
  return utc_time{static_cast<int64_t>(*ns)};
}

/// @returns the files that were written beside `path`.
std::vector<fs::path> files_of(const fs::path& path) {
  std::error_code code;
  std::vector<fs::path> result;
  auto name = path.filename().string();
  auto mark = std::min(name.find(".ws."), name.find(".http."));
  if (!fs::is_directory(path, code) && mark == name.npos)
    return {path};
  auto folder = fs::is_directory(path, code) ? path : path.parent_path();
  auto prefix = mark == name.npos ? "" : name.substr(0, mark + 1);
  for (const auto& x :
       fs::directory_iterator(folder.empty() ? "." : folder, code))
    if (x.is_regular_file(code)
        && x.path().filename().string().starts_with(prefix))
      result.push_back(x.path());
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace

std::optional<recorded_line> parse_recorded_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
    line.remove_suffix(1);
  recorded_line result;
  if (line.starts_with("http")) {
    auto arrow = line.find(" -> ");
    if (arrow == line.npos)
      return std::nullopt;
    result.address = line.substr(0, arrow);
    line.remove_prefix(arrow + 4);
  }
  auto space = line.find(' ');
  if (space == line.npos)
    return std::nullopt;
  result.text = line.substr(space + 1);
  auto stamp = line.substr(0, space);
  if (stamp.ends_with(':'))
    stamp.remove_suffix(1);
  auto time = parse_time(stamp);
  if (!time || result.text.empty())
    return std::nullopt;
  result.received = *time;
  return result;
}

/// One file and the line that it is at.
class recorded_session::file {
public:
  explicit file(fs::path path)
    : path_(std::move(path)), in_(gzopen(path_.c_str(), "rb")) {
    // nop
  }

  bool is_open() const noexcept {
    return in_ != nullptr;
  }

  /// Moves to the next line of a known layout.
  void advance() {
    for (line_.reset(); read_line();) {
      line_ = parse_recorded_line(buffer_);
      if (line_)
        return;
      ++skipped_;
    }
  }

  const std::optional<recorded_line>& line() const noexcept {
    return line_;
  }

  uint64_t skipped() const noexcept {
    return skipped_;
  }

  std::optional<fault> damage() const {
    auto code = Z_OK;
    gzerror(in_.get(), &code);
    if (code == Z_OK || code == Z_STREAM_END)
      return std::nullopt;
    return fault{path_.string()
                 + ": expected a whole file, found one that is "
                   "damaged or cut off"};
  }

private:
  /// Reads one line; what is longer than any message is dropped.
  bool read_line() {
    buffer_.clear();
    char piece[65'536];
    while (gzgets(in_.get(), piece, sizeof(piece))) {
      if (buffer_.size() < longest_line)
        buffer_ += piece;
      if (buffer_.ends_with('\n'))
        return true;
      if (buffer_.size() >= longest_line
          && std::string_view{piece}.ends_with('\n')) {
        buffer_.clear();
        ++skipped_;
      }
    }
    return !buffer_.empty() && buffer_.size() < longest_line;
  }

  fs::path path_;
  std::unique_ptr<gzFile_s, gz_closer> in_;
  std::string buffer_;
  std::optional<recorded_line> line_;
  uint64_t skipped_ = 0;
};

recorded_session::recorded_session() = default;

recorded_session::recorded_session(recorded_session&&) noexcept = default;

recorded_session&
recorded_session::operator=(recorded_session&&) noexcept = default;

recorded_session::~recorded_session() = default;

fallible<recorded_session> recorded_session::open(const fs::path& path) {
  recorded_session result;
  for (const auto& x : files_of(path)) {
    auto opened = std::make_unique<file>(x);
    if (!opened->is_open())
      return fault{x.string()
                   + ": expected a recording, found no file that "
                     "can be read"};
    opened->advance();
    result.files_.push_back(std::move(opened));
  }
  if (result.files_.empty())
    return fault{path.string() + ": expected a recording, found no file"};
  return result;
}

std::optional<recorded_line> recorded_session::next() {
  if (current_)
    current_->advance();
  current_ = nullptr;
  for (const auto& x : files_)
    if (x->line()
        && (!current_ || x->line()->received < current_->line()->received))
      current_ = x.get();
  return current_ ? current_->line() : std::nullopt;
}

uint64_t recorded_session::skipped() const noexcept {
  uint64_t result = 0;
  for (const auto& x : files_)
    result += x->skipped();
  return result;
}

std::optional<fault> recorded_session::damage() const {
  for (const auto& x : files_)
    if (auto found = x->damage())
      return found;
  return std::nullopt;
}

} // namespace qalpha
