// Threads that must not wait for others, and threads that others must not wait
// for.

#pragma once

namespace qalpha {

/// Puts the calling thread before all ordinary threads of the machine, so that
/// a guardian that wakes up runs at once although every core is busy:
/// round-robin real-time scheduling where the process may ask for it (root,
/// CAP_SYS_NICE or a limit on rtprio), else a better nice value, else nothing.
/// For threads that sleep nearly all the time; one that computes would starve
/// the rest.
/// @returns `true` if the thread now has precedence.
bool prefer_this_thread() noexcept;

/// Puts the calling thread behind the ordinary threads of the machine: while
/// others want to run it gets about a tenth of what each of them gets, else all
/// that there is. For threads that compute for long; they may be late.
/// @returns `true` if the thread now gives way.
bool defer_this_thread() noexcept;

} // namespace qalpha
