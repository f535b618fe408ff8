// What models said in a run, to the bit.

#pragma once

#include "actors/ports/observers.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/outlook/chosen_models.hpp"
#include "runtime/storage/file_handle.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace qalpha {

/// Appends one line of JSON an answer:
///
///   {"time": "2026-01-05T12:00:05.000000000Z", "symbol": "BTCUSDT",
///    "role": "forecaster", "id": "demo-forecaster", "version": 1,
///    "sha256": "…", "schema": "…", "quantiles": ["-0x1.9p-12", …],
///    "because": [{"column": "rsi", "share": "0x1p-2"}, …]}
///
/// Numbers are hexadecimal, as `%a` prints them: two runs whose models answer
/// alike have lines that are equal byte for byte. `sha256` is of the model's
/// manifest, which holds the hash of its weights, `schema` of the features that
/// it reads. A line is with the system when a member returns, so that it
/// outlives the process; one that a power cut has torn is ended at the next
/// start.
///
/// Of a full file the name gets ".1", which takes the place of the one before:
/// on disk there is never more than twice the limit. A line that cannot be
/// written is an incident, told once; trading goes on without it.
///
/// Thread-safe.
class prediction_log final : public model_witness {
public:
  static constexpr size_t bytes_per_file = 32 * 1024 * 1024;

  /// Continues the file or begins it.
  /// @pre `instruments` and `incidents` outlive the log
  static fallible<std::unique_ptr<prediction_log>>
  open(std::filesystem::path file, const universe& instruments,
       const chosen_models& models, incident_log& incidents,
       size_t limit = bytes_per_file);

  void saw(const forecast_made& fact) override;
  void saw(const regime_observed& fact) override;
  void saw(const policy_advised& fact) override;
  void saw(const model_silent& fact) override;

private:
  prediction_log(std::filesystem::path path, const universe& instruments,
                 const chosen_models& models, incident_log& incidents,
                 size_t limit);

  /// @returns why the file cannot be opened; empty if it is open.
  std::string begin();

  template <class Fact, class Write>
  void note(const Fact& fact, model_role who, Write write);

  void append(const std::string& line);

  std::filesystem::path path_;
  const universe* instruments_;
  incident_log* incidents_;
  size_t limit_;
  chosen_models models_;
  std::mutex mutex_;
  file_handle file_;
  size_t size_ = 0;
  bool failed_ = false;
};

} // namespace qalpha
