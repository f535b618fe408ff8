// What the tests of the raw recorder share: records that are easy to make, and
// a recording read into memory.

#pragma once

#include "runtime/storage/raw/raw_reader.hpp"
#include "runtime/storage/raw/raw_recorder.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha::test {

constexpr utc_time raw_start{1'700'000'000'000'000'000};

/// Generous: reached only when something hangs.
constexpr timespan patience = std::chrono::seconds{60};

/// A record that owns its texts.
struct kept_record {
  uint64_t sequence = 0;
  utc_time received;
  raw_kind kind = raw_kind::message;
  std::string connection;
  std::string target;
  std::string bytes;

  friend bool operator==(const kept_record&, const kept_record&) = default;

  raw_record view() const {
    return {received, kind, connection, target, bytes};
  }
};

inline kept_record keep(uint64_t sequence, const raw_record& x) {
  return {sequence,
          x.received,
          x.kind,
          std::string{x.connection},
          std::string{x.target},
          std::string{x.bytes}};
}

inline raw_origin an_origin() {
  return {"node-1",
          "session-1",
          "binance",
          {{"BTCUSDT", 10'000'000, 100'000, {500'000'000}, {1'000'000}}}};
}

inline raw_recorder_settings small_blocks() {
  raw_recorder_settings result;
  result.block_bytes = 4096;
  result.queue_bytes = 1u << 20;
  return result;
}

inline std::unique_ptr<raw_recorder>
record_in(const fs::path& directory,
          const raw_recorder_settings& how = small_blocks()) {
  auto result = raw_recorder::open(directory, an_origin(), how, raw_start);
  if (!result)
    throw std::runtime_error{result.error().text};
  return std::move(*result);
}

/// @returns the fault of opening, empty if there is none.
inline std::string recorder_fault(const fs::path& directory) {
  auto result = raw_recorder::open(directory, an_origin(), small_blocks(),
                                   raw_start);
  return result ? std::string{} : result.error().text;
}

inline std::string reader_fault(const fs::path& directory) {
  auto result = raw_reader::open(directory);
  return result ? std::string{} : result.error().text;
}

/// A recording that was read to its end.
struct whole_recording {
  std::vector<kept_record> records;
  raw_damage damage;
  std::string fault;

  /// @returns the records that are messages.
  std::vector<kept_record> messages() const {
    std::vector<kept_record> result;
    for (auto& record : records)
      if (record.kind == raw_kind::message)
        result.push_back(record);
    return result;
  }
};

inline whole_recording read_all(const fs::path& directory,
                                bool allow_gaps = false) {
  whole_recording result;
  auto reader = raw_reader::open(directory, {.allow_gaps = allow_gaps});
  if (!reader) {
    result.fault = reader.error().text;
    return result;
  }
  while (auto record = reader->next())
    result.records.push_back(keep(reader->sequence(), *record));
  result.damage = reader->damage();
  return result;
}

/// @returns a message whose bytes follow from its number.
inline kept_record message_of(uint64_t number) {
  kept_record result;
  result.sequence = number;
  result.received = raw_start
                    + std::chrono::milliseconds{static_cast<int64_t>(number)};
  result.connection = number % 3 == 0 ? "market" : "public";
  result.bytes = R"({"e":"depthUpdate","u":)" + std::to_string(number) + ",";
  result.bytes.append(static_cast<size_t>(number * 7919 % 90), 'x');
  result.bytes += '}';
  return result;
}

/// Records messages `first` to `last` and waits until each block of `a_block`
/// of them is in the file.
inline void record_messages(raw_recorder& recorder, uint64_t first,
                            uint64_t last, uint64_t a_block) {
  for (auto number = first; number <= last; ++number) {
    recorder.append(message_of(number).view());
    if ((number - first + 1) % a_block == 0 && !recorder.flush(patience))
      throw std::runtime_error{"the disk hangs"};
  }
}

inline std::string bytes_of_file(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void put_file(const fs::path& file, std::string_view bytes) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace qalpha::test
