// What the recorder keeps of a venue: bytes exactly as they came.

#pragma once

#include "models/market/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Meaning of a `raw_record`. The numbers are those in the files.
enum class raw_kind : uint8_t {
  /// A message of a stream; `bytes` are its payload.
  message = 1,
  /// The connection is open and nothing came over it yet.
  connected = 2,
  /// The connection is gone; `bytes` say why.
  disconnected = 3,
  /// The body of an answer over REST to `target`.
  rest_answer = 4,
  /// A health report of the collector, as JSON.
  health = 5,
  /// Venue clock minus ours in nanoseconds, as decimal text.
  clock_offset = 6,
  /// The disk did not keep up: records are missing here, `loss_of` says how
  /// many.
  dropped = 7,
  /// Made by the reader where records were recorded and cannot be read any
  /// more; `loss_of` says how many.
  lost = 8,
};

/// @relates raw_kind
constexpr std::string_view to_string(raw_kind x) noexcept {
  switch (x) {
    case raw_kind::message:
      return "message";
    case raw_kind::connected:
      return "connected";
    case raw_kind::disconnected:
      return "disconnected";
    case raw_kind::rest_answer:
      return "rest_answer";
    case raw_kind::health:
      return "health";
    case raw_kind::clock_offset:
      return "clock_offset";
    case raw_kind::dropped:
      return "dropped";
    case raw_kind::lost:
      return "lost";
  }
  return "unknown";
}

/// One thing that happened at a connection. Only views: whoever keeps a record
/// copies what they point to.
struct raw_record {
  /// When the first byte was seen, by our clock.
  utc_time received;
  raw_kind kind = raw_kind::message;
  /// Name of the connection, at most 255 bytes.
  std::string_view connection;
  /// Path and query of a request, at most 65535 bytes; empty for streams.
  std::string_view target;
  std::string_view bytes;

  friend bool operator==(const raw_record&, const raw_record&) = default;
};

/// `bytes` of a `disconnected` record whose connection was ended because the
/// recorder stops.
constexpr std::string_view stopped_on_purpose = "stopped";

/// Records that somebody counted and nobody can read.
struct raw_loss {
  /// False if there may be more than what is counted here.
  bool exact = true;
  uint64_t records = 0;
  /// Sum of `raw_record::bytes`.
  uint64_t bytes = 0;

  friend bool operator==(const raw_loss&, const raw_loss&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, raw_loss& x) {
    return f(caf::meta::type_name("raw_loss"), x.exact, x.records, x.bytes);
  }
};

/// @returns the content of a `dropped` or `lost` record.
std::string to_bytes(const raw_loss& loss);

/// @returns what is missing before the next record; `nullopt` for records of
///          any other kind.
std::optional<raw_loss> loss_of(const raw_record& record);

/// @returns for example "12 records (3400 bytes)" or "at least 12 records
///          (3400 bytes)".
std::string to_string(const raw_loss& loss);

/// Takes records, on any thread, and never waits.
class raw_sink {
public:
  virtual ~raw_sink() = default;

  /// @returns `false` if the record was dropped and counted.
  virtual bool append(const raw_record& record) noexcept = 0;
};

} // namespace qalpha
