// The last step of market data: from the thread that reads them to the feeds.

#pragma once

#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <caf/message_id.hpp>
#include <caf/resumable.hpp>

#include <cstddef>
#include <deque>
#include <utility>

namespace qalpha {

/// Sends messages to feeds and, if it may, runs the feeds that these woke on
/// the thread that sends them: to wake another thread takes longer than all
/// that a feed does with a batch. A feed that runs elsewhere at that moment
/// goes on there. What a feed sends to others runs where it always does.
///
/// For one thread.
class feed_courier final : public caf::execution_unit {
public:
  /// Feeds run where their scheduler has them run.
  feed_courier() = default;

  ~feed_courier() override;

  feed_courier(const feed_courier&) = delete;
  feed_courier& operator=(const feed_courier&) = delete;

  /// From now on feeds run in `run`.
  /// @param max_throughput messages that a feed handles before the next one
  /// @pre `system` outlives the use
  void run_feeds(caf::actor_system& system, size_t max_throughput);

  template <class Handle, class... Ts>
  void send(const Handle& to, Ts&&... xs) {
    to->eq_impl(caf::make_message_id(), nullptr, here(),
                std::forward<Ts>(xs)...);
  }

  /// Runs the feeds that have something to do until they have not, and sees to
  /// those whom they woke.
  void run();

  void exec_later(caf::resumable* job) override;

private:
  caf::execution_unit* here() noexcept {
    return system_ != nullptr ? this : nullptr;
  }

  size_t max_throughput_ = 0;
  // A reference each.
  std::deque<caf::resumable*> feeds_;
  std::deque<caf::resumable*> others_;
  bool running_ = false;
};

} // namespace qalpha
