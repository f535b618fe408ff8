#include "runtime/venues/simulated/recording.hpp"

#include "models/simulation/byte_archive.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <zlib.h>

namespace qalpha {

namespace {

// A frame holds at most a second of a few symbols; anything larger is damage.
constexpr uint32_t largest_record = 64u << 20;

constexpr timespan flush_every = std::chrono::seconds{1};

// Fast: recording must not slow down a run at many times real time.
constexpr const char* write_mode = "wb1";

template <class T>
std::string pack(const T& value) {
  byte_writer out;
  out(value);
  return out.sealed();
}

template <class T>
bool unpack(const std::string& record, T& value) {
  byte_reader in{record};
  in(value);
  return in.complete();
}

} // namespace

void gzip_closer::operator()(gzFile_s* file) const noexcept {
  gzclose(file);
}

// -- writer -------------------------------------------------------------------

recording_writer::recording_writer(std::filesystem::path file,
                                   const recording_header& header)
  : path_(std::move(file)), file_(gzopen(path_.c_str(), write_mode)) {
  if (!file_)
    throw std::runtime_error{path_.string() + ": cannot create the recording"};
  put(pack(header));
}

void recording_writer::append(const market_frame& frame) {
  put(pack(frame));
  if (frame.time - flushed_ < flush_every)
    return;
  flushed_ = frame.time;
  if (gzflush(file_.get(), Z_SYNC_FLUSH) != Z_OK)
    throw std::runtime_error{path_.string() + ": cannot write the recording"};
}

void recording_writer::put(const std::string& record) {
  auto size = static_cast<uint32_t>(record.size());
  std::array<unsigned char, 4> length{};
  for (size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<unsigned char>(size >> (8 * i));
  if (gzwrite(file_.get(), length.data(), length.size()) != 4
      || gzwrite(file_.get(), record.data(), size) != static_cast<int>(size))
    throw std::runtime_error{path_.string() + ": cannot write the recording"};
}

// -- source -------------------------------------------------------------------

recording_source::recording_source(gzip_file file) : file_(std::move(file)) {
  // nop
}

fallible<std::unique_ptr<recording_source>>
recording_source::open(const std::filesystem::path& file,
                       const std::vector<std::string>& symbols) {
  gzip_file handle{gzopen(file.c_str(), "rb")};
  if (!handle)
    return fault{file.string() + ": cannot open the recording"};
  std::unique_ptr<recording_source> result{
    new recording_source{std::move(handle)}};
  auto record = result->read_record();
  if (!record || !unpack(*record, result->header_))
    return fault{file.string() + ": expected a recording of a run"};
  if (result->header_.symbols != symbols)
    return fault{file.string()
                 + ": recorded with other symbols than "
                   "configured"};
  return result;
}

std::vector<bar_closed> recording_source::history() {
  return header_.history;
}

std::optional<market_frame> recording_source::next() {
  market_frame result;
  auto record = read_record();
  if (!record || !unpack(*record, result))
    return std::nullopt;
  return result;
}

std::string recording_source::save() const {
  return {};
}

bool recording_source::restore(std::string_view) {
  return false;
}

std::optional<std::string> recording_source::read_record() {
  std::array<unsigned char, 4> length{};
  if (gzread(file_.get(), length.data(), length.size()) != 4)
    return std::nullopt;
  uint32_t size = 0;
  for (size_t i = 0; i < length.size(); ++i)
    size |= uint32_t{length[i]} << (8 * i);
  if (size > largest_record)
    return std::nullopt;
  std::string record(size, '\0');
  if (gzread(file_.get(), record.data(), size) != static_cast<int>(size))
    return std::nullopt;
  return record;
}

} // namespace qalpha
