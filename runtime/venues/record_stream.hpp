// Records of a venue in their order, whoever wrote them.

#pragma once

#include "runtime/storage/raw/raw_reader.hpp"
#include "runtime/storage/raw/raw_record.hpp"

#include <memory>
#include <optional>

namespace qalpha {

class record_stream {
public:
  virtual ~record_stream() = default;

  /// @returns the next record, valid until the next call.
  virtual std::optional<raw_record> next() = 0;

  /// What is missing, as far as it was read.
  virtual const raw_damage& damage() const = 0;
};

/// @returns the records of a raw recording.
std::unique_ptr<record_stream> records_of(raw_reader reader);

} // namespace qalpha
