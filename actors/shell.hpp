// What all actors of the pipeline have in common: safe handlers, the roster,
// delivery along the wiring, relaying of pulses, the status answer.

#pragma once

#include "actors/node_context.hpp"
#include "messages/interfaces.hpp"
#include "models/machine/sink.hpp"

#include <caf/message_priority.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

/// Base of every actor's state.
struct shell {
  // Not an aggregate: CAF 0.17.6 would initialise the first member of one with
  // the address of the actor.
  shell() = default;

  const node_context* node = nullptr;

  /// Never null once the first roster has arrived.
  roster_ptr peers = std::make_shared<const roster>();

  uint64_t handled = 0;
  uint64_t incidents = 0;
  std::string last_error;

  /// How many of the senders of the stage before have passed a pulse on, by
  /// stage; pulses that are under way, oldest first. One as a rule, more while
  /// a sender lags.
  struct join {
    uint64_t sequence = 0;
    size_t heard = 0;
  };
  std::array<std::vector<join>, pulse_path.size()> joins;
};

/// Makes `self` survive error messages and unknown messages, and makes an
/// exception visible in the reason it dies with. The content of unknown
/// messages is not reported: it may be anything.
void install_handlers(caf::scheduled_actor* self, shell& state);

/// @returns the answer to `atom::status`.
template <class Self>
actor_status status_of(Self self, std::string state) {
  auto& st = self->state;
  return {std::move(state), self->mailbox().size(), st.handled, st.incidents,
          st.last_error};
}

/// Delivers facts along the wiring: ports are called, actors get a message. A
/// fact for an actor that is down is lost; recovery starts from the journal and
/// the venue, not from old messages.
template <class Self>
class wire {
public:
  explicit wire(Self self) : self_(self) {
    // nop
  }

  template <class Fact>
  void route(const Fact& fact) {
    if constexpr (requires(market_witness & x) { x.saw(fact); })
      if (auto* witness = self_->state.node->witness)
        witness->saw(fact);
    if constexpr (requires(model_witness & x) { x.saw(fact); })
      if (auto* answers = self_->state.node->answers)
        answers->saw(fact);
    for_each_listener(
      fact, [this]<role To>(const Fact& x) { this->template deliver<To>(x); });
  }

private:
  template <role To, class Fact>
  void deliver(const Fact& fact) {
    auto& st = self_->state;
    auto& peers = *st.peers;
    if constexpr (To == role::journal)
      st.node->log->append(fact);
    else if constexpr (To == role::venue)
      submit(fact);
    else if constexpr (To == role::recorder)
      st.node->trades->record(fact);
    else if constexpr (To == role::market)
      ask_market(fact);
    else if constexpr (To == role::executor)
      to_executors(peers, fact);
    else if constexpr (To == role::allocator)
      post(peers.allocator, fact);
    else if constexpr (To == role::forecaster)
      post(peers.forecaster, fact);
    else if constexpr (To == role::regime_detector)
      post(peers.regime_detector, fact);
    else if constexpr (To == role::policy)
      post(peers.policy, fact);
    else if constexpr (To == role::risk_desk)
      post(peers.risk_desk, fact);
    else if constexpr (To == role::guardian)
      post(peers.guardian, fact);
    else if constexpr (To == role::watchdog)
      post(peers.watchdog, fact);
    else if constexpr (To == role::notifier)
      post(peers.notifier, fact);
    else
      static_assert(To == role::notifier, "a listener without a delivery");
  }

  template <class Fact>
  void to_executors(const roster& peers, const Fact& fact) {
    if constexpr (std::is_same_v<Fact, state_changed>) {
      for (auto& hdl : peers.executors)
        post(hdl, fact);
    } else {
      auto index = symbol_of(fact).index;
      if (index < peers.executors.size())
        post(peers.executors[index], fact);
    }
  }

  template <class Handle, class Fact>
  void post(const Handle& to, const Fact& fact) {
    // A change of the state of trading overtakes everything that is queued.
    constexpr auto priority = std::is_same_v<Fact, state_changed>
                                ? caf::message_priority::high
                                : caf::message_priority::normal;
    if (to)
      self_->template send<priority>(to, fact);
  }

  void ask_market(const book_wanted& wish) {
    if (auto* books = self_->state.node->books)
      books->resync(wish.symbol);
  }

  void submit(const order_intent& intent) {
    auto& st = self_->state;
    if (auto why = st.node->venue->send(intent)) {
      // To ourselves by mail: the machine is in the middle of a step.
      order_report report{intent.right.id, order_event::rejected, intent.time,
                          std::move(*why)};
      if (intent.right.id.symbol.index < st.peers->executors.size())
        post(st.peers->executors[intent.right.id.symbol.index], report);
    }
  }

  template <class Command>
  void submit(const Command& command) {
    self_->state.node->venue->send(command);
  }

  Self self_;
};

/// Counts a pulse that has `senders`.
/// @returns `true` if it was heard from all of them.
inline bool heard_from_all(std::vector<shell::join>& joins, uint64_t sequence,
                           size_t senders) {
  // Pulses that got lost in an actor that died are forgotten after this many.
  constexpr size_t most_under_way = 16;
  auto is_it = [sequence](const shell::join& x) {
    return x.sequence == sequence;
  };
  auto found = std::find_if(joins.begin(), joins.end(), is_it);
  if (found == joins.end()) {
    if (joins.size() == most_under_way)
      joins.erase(joins.begin());
    found = joins.insert(joins.end(), {sequence, 0});
  }
  if (++found->heard < senders)
    return false;
  // Each sender keeps the order, so what is older was lost.
  joins.erase(joins.begin(), found + 1);
  return true;
}

/// Passes a pulse on to the next stage once all senders of the stage before
/// have passed it to us. Call after the own work for this pulse is done.
template <class Self>
void relay(Self self, symbol_id symbol, pulse fact) {
  auto& st = self->state;
  auto symbols = st.node->instruments.size();
  auto stage = fact.stage;
  auto senders = stage > 0 && per_symbol(pulse_path[stage - 1]) ? symbols : 1;
  auto from_feeds = stage > 0 && pulse_path[stage - 1] == role::feed;
  if (from_feeds && st.node->models.in_step)
    senders += st.node->models.roles().count();
  if (!heard_from_all(st.joins[stage], fact.sequence, senders))
    return;
  if (size_t{stage} + 1 == pulse_path.size()) {
    if (st.node->heart != nullptr)
      st.node->heart->passed(symbol, fact);
    return;
  }
  ++fact.stage;
  auto& peers = *st.peers;
  switch (pulse_path[fact.stage]) {
    case role::allocator:
      if (peers.allocator)
        self->send(peers.allocator, fact);
      if (st.node->models.in_step && pulse_path[fact.stage - 1] == role::feed)
        for (auto* hdl : peers.models())
          if (*hdl)
            self->send(*hdl, fact);
      break;
    case role::risk_desk:
      if (peers.risk_desk)
        self->send(peers.risk_desk, fact);
      break;
    case role::executor:
      for (auto& hdl : peers.executors)
        if (hdl)
          self->send(hdl, fact);
      break;
    default:
      break;
  }
}

} // namespace qalpha
