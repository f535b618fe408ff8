// One run of a node, from its directory to its summary.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/config/node_config.hpp"
#include "runtime/outlook/model_loading.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>

namespace qalpha {

/// What the command line asks of a run beyond the configuration.
struct session_options {
  /// Market time after which the run ends by itself.
  std::optional<timespan> duration;

  /// Record the market into the run directory, for a replay.
  bool record = false;

  /// Start a new run although the directory holds one; the old directory is
  /// renamed.
  bool fresh = false;

  /// Print nothing but the last line.
  bool quiet = false;

  /// Colours and a readable console.
  bool terminal = false;

  /// Where a replay writes what models say, nowhere if empty. Other runs do so
  /// in their directory.
  std::string predictions;

  /// What makes models of checkpoints; null in a program without LibTorch.
  const model_loaders* loaders = nullptr;
};

/// How a run ended.
struct session_result {
  std::string run;
  std::string run_hash;
  uint64_t frames = 0;
  uint64_t late_frames = 0;
  uint64_t fills = 0;
  uint64_t refused = 0;
  uint64_t alerts = 0;
  uint64_t restarts = 0;
  money start;
  money equity;
  money venue_equity;
  money fees;
  money funding;
  double max_drawdown = 0;
  /// No order left at the venue, all actors stopped in time.
  bool clean = false;
  /// Both ledgers agree to the last unit.
  bool equal = false;
};

/// Why a run could not begin, and the kind of reason.
struct session_fault {
  enum class kind : uint8_t {
    configuration,
    journal,
    not_found,
    unreachable
  } what;
  std::string text;
};

using session_outcome = std::variant<session_result, session_fault>;

/// Runs a node on its market until its time is over or a SIGINT or SIGTERM
/// arrives; the second signal ends the process at once.
/// @pre no other thread exists yet: signals are blocked for all of them here
session_outcome run_node(const node_config& config,
                         const session_options& options, std::ostream& out);

/// Runs the market of a recording again, on virtual time.
session_outcome run_replay(const node_config& config,
                           const std::filesystem::path& recording,
                           const session_options& options, std::ostream& out);

/// @returns one line of JSON.
std::string to_json(const session_result& result);

} // namespace qalpha
