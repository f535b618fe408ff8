// The market of a run on disk, to run it again.
//
// A recording is a gzip stream of records: four bytes of length, then the
// checksummed bytes of a header or of one frame. It is flushed once a second of
// market time; a process that dies loses what came after, and the reader stops
// before the torn end.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/venues/simulated/market_source.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct gzFile_s;

namespace qalpha {

/// What has to be known before the first frame.
struct recording_header {
  std::vector<std::string> symbols;
  std::vector<bar_closed> history;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, recording_header& x) {
    return f(caf::meta::type_name("recording_header"), x.symbols, x.history);
  }
};

/// Closes a stream of zlib.
struct gzip_closer {
  void operator()(gzFile_s* file) const noexcept;
};

using gzip_file = std::unique_ptr<gzFile_s, gzip_closer>;

/// Writes a recording.
class recording_writer {
public:
  /// @throws std::runtime_error naming the file if it cannot be written
  recording_writer(std::filesystem::path file, const recording_header& header);

  /// @throws std::runtime_error naming the file if it cannot be written
  void append(const market_frame& frame);

private:
  void put(const std::string& record);

  std::filesystem::path path_;
  gzip_file file_;
  utc_time flushed_;
};

/// Plays a recording as a market that ends.
class recording_source final : public market_source {
public:
  /// @returns a fault naming the file if it is no recording, or one of other
  ///          symbols than `symbols`.
  static fallible<std::unique_ptr<recording_source>>
  open(const std::filesystem::path& file,
       const std::vector<std::string>& symbols);

  std::vector<bar_closed> history() override;
  std::optional<market_frame> next() override;
  std::string save() const override;
  bool restore(std::string_view saved) override;

private:
  explicit recording_source(gzip_file file);

  std::optional<std::string> read_record();

  gzip_file file_;
  recording_header header_;
};

} // namespace qalpha
