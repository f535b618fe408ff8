// How a command ends that could not play a recording.

#pragma once

#include "runtime/cli/exit_code.hpp"
#include "runtime/data/recording_refusal.hpp"

namespace qalpha {

constexpr exit_code exit_of(recording_refusal::kind what) noexcept {
  switch (what) {
    case recording_refusal::kind::not_found:
      return exit_code::not_found;
    case recording_refusal::kind::ambiguous:
      return exit_code::usage;
    case recording_refusal::kind::data:
      break;
  }
  return exit_code::gate_failed;
}

} // namespace qalpha
