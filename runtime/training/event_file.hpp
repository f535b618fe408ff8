// The file of training events that TensorBoard follows.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"
#include "runtime/storage/file_handle.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Appends records, each with one write, so that whoever reads along never sees
/// a part of one. A new file each time: TensorBoard puts those of one directory
/// together by their steps, which is how a training that was resumed looks.
class event_file final {
public:
  /// Makes `DIRECTORY/events.out.tfevents.SECONDS.HOST.PROCESS`, with a number
  /// behind it if there is such a file.
  /// @param head what the file begins with, `event_log_head`
  static fallible<event_file> create(const std::string& directory,
                                     std::string_view head, utc_time now);

  /// @param record of `event_log_record`
  /// @returns a fault if the disk does not take it; the file then ends behind
  ///          the record before it, and a later record may fit again.
  std::optional<fault> append(std::string_view record);

  const std::string& path() const noexcept {
    return path_;
  }

private:
  event_file(std::string path, file_handle file);

  std::string path_;
  file_handle file_;
  int64_t size_ = 0;
};

} // namespace qalpha
