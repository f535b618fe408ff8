// The urgent stop.

#pragma once

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_priority.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

namespace qalpha {

/// Stops `hdl` ahead of its queued messages. A plain exit message, even a kill,
/// waits behind all of them (T3).
template <class Handle>
void stop_now(const Handle& hdl, caf::error reason) {
  // A typed handle rejects exit_msg at compile time, hence the cast.
  if (auto target = caf::actor_cast<caf::actor>(hdl))
    caf::anon_send<caf::message_priority::high>(
      target, caf::exit_msg{target.address(), std::move(reason)});
}

} // namespace qalpha
