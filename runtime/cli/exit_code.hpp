// What a process of ours ends with.

#pragma once

namespace qalpha {

/// Exit codes of all verbs, the same as those of the scripts.
enum class exit_code : int {
  ok = 0,
  failure = 1,
  /// The command line is wrong.
  usage = 2,
  /// A file, symbol or run that does not exist.
  not_found = 3,
  /// No node runs there.
  not_running = 4,
  timeout = 6,
  /// Risk or a halt says no.
  refused = 7,
  /// Data, look-ahead or parity checks failed.
  gate_failed = 8,
  /// Done in part, for example a flatten with a residue.
  partial = 9,
  /// A broken invariant: our books differ from the venue's.
  invariant = 70,
  /// The journal cannot be read or written.
  journal = 74,
  lost_lease = 75,
  configuration = 78,
};

constexpr int code(exit_code x) noexcept {
  return static_cast<int>(x);
}

} // namespace qalpha
