#include "runtime/node/node.hpp"

#include "actors/supervision/stop_now.hpp"
#include "models/strategies/symbol_strategy.hpp"
#include "runtime/node/tree.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <utility>

namespace qalpha {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Wall time for the consequences of one frame. They take well below a
// millisecond unless an actor is being restarted.
constexpr milliseconds frame_limit{250};

// Frames to play until venue and node agree, and until all orders are gone.
constexpr int patience_frames = 100;

// Frames in which the venue is down are not among them, up to a minute of
// market time.
constexpr int longest_outage_frames = 600;

// After an outage the node asks for what it missed.
constexpr int frames_after_outage = 20;

/// What is left of both.
struct patience {
  int frames = patience_frames;
  int of_outage = longest_outage_frames;

  void spend(bool venue_down) noexcept {
    if (venue_down && of_outage > 0)
      --of_outage;
    else
      --frames;
  }
};

constexpr milliseconds answer_limit{2'000};

// Longer than all supervisors together give their children.
constexpr seconds stop_limit{15};

// Round trips kept for the summary of a run without an end.
constexpr size_t kept_trades = 100'000;

actor_config caf_config_for(const node_config& config, node_clock clock) {
  return clock == node_clock::threads
           ? actor_config{config.scheduler}
           : actor_config{actor_config::deterministic{}};
}

} // namespace

node::node(const node_config& config, universe instruments, node_clock clock,
           std::unique_ptr<market_source> market, exchange_settings exchange,
           uint32_t epoch, node_ports ports)
  : clock_(clock), context_{.instruments = std::move(instruments),
                            .books = market->source_of_books()},
    book_(context_.instruments.size()),
    exchange_(context_.instruments, std::move(exchange), std::move(market),
              book_, courier_),
    door_(gate_, exchange_), log_(*ports.log, context_.instruments),
    trades_(kept_trades), barrier_(context_.instruments.size()),
    frame_(config.demo.frame), intensity_(config.supervision),
    caf_config_(caf_config_for(config, clock)) {
  fill_context(config, epoch, ports);
  system_.emplace(caf_config_);
  if (clock_ == node_clock::virtual_time)
    virtual_
      = dynamic_cast<caf::scheduler::test_coordinator*>(&system_->scheduler());
  else
    courier_.run_feeds(*system_, config.scheduler.max_throughput);
}

node::~node() {
  if (top_)
    stop_trees();
}

void node::fill_context(const node_config& config, uint32_t epoch,
                        node_ports ports) {
  context_.feed = config.feed;
  context_.sizing = config.sizing;
  context_.execution = config.execution;
  context_.limits = config.risk;
  context_.start = config.cash;
  context_.node = config.node.id;
  context_.epoch = epoch;
  context_.make_strategy
    = [which = config.strategy,
       interval = config.feed.bar_interval](const instrument& rules) {
        // Checked when the configuration was read.
        return make_live_strategy(which, interval, rules);
      };
  context_.models = std::move(ports.models);
  // A real market does not wait.
  context_.models.in_step = config.mode != run_mode::paper;
  context_.gate = &gate_;
  context_.venue = &door_;
  context_.log = &log_;
  context_.trades = &trades_;
  context_.people = ports.people;
  context_.heart = &barrier_;
  context_.incidents = ports.incidents;
  context_.witness = ports.witness;
  context_.answers = ports.answers;
}

// -- start --------------------------------------------------------------------

bool node::start() {
  top_ = system_->spawn(run_supervisor, &context_, &book_,
                        node_tree(context_, book_,
                                  {.threads = clock_ == node_clock::threads,
                                   .intensity = intensity_}));
  // All trees exist once the top supervisor answers, and all children once the
  // trees do.
  for (auto& tree : children_of(top_))
    children_of(caf::actor_cast<supervisor_actor>(tree.handle));
  book_.open();
  // Everybody has met everybody when a pulse comes through.
  beat(exchange_.now());
  settle(answer_limit);
  for (patience left; left.frames > 0; left.spend(exchange_.down())) {
    if (!step())
      return false;
    if (wait_for_gate())
      return true;
  }
  return false;
}

std::vector<child_view> node::children_of(const supervisor_actor& parent) {
  std::vector<child_view> result;
  caf::scoped_actor self{*system_};
  auto answer = self->request(parent, answer_limit, atom::children_v);
  settle(milliseconds{0});
  answer.receive([&](const family& x) { result = x.children; },
                 [](const caf::error&) {
                   // A tree that does not answer has no children to wait for.
                 });
  return result;
}

// The guardian opens the gate, tells everybody, and then the journal. A pulse
// after that is behind the news in every mailbox.
bool node::wait_for_gate() {
  auto decided = [this] {
    return log_.recall_state().gate_epoch == gate_.read().epoch
           && log_.recall_state().state >= trading_state::active;
  };
  if (virtual_ == nullptr) {
    caf::scoped_actor self{*system_};
    auto guardian = book_.current()->guardian;
    if (!guardian)
      return false;
    // Behind the answers of the executors in its mailbox.
    self->request(guardian, answer_limit, atom::status_v)
      .receive([](const actor_status&) {}, [](const caf::error&) {});
  }
  if (!decided())
    return false;
  beat(exchange_.now());
  settle(answer_limit);
  return true;
}

// -- time ---------------------------------------------------------------------

bool node::step() {
  advance_clock();
  auto before = exchange_.now();
  auto frame = exchange_.advance();
  if (!frame)
    return false;
  auto in_time = true;
  if (frame->answered) {
    beat(before);
    in_time = settle(frame_limit);
  }
  exchange_.publish();
  beat(exchange_.now());
  if (!settle(frame_limit) || !in_time)
    ++late_frames_;
  ++frames_;
  return true;
}

void node::beat(utc_time now) {
  pulse heartbeat{.sequence = ++pulses_, .time = now};
  barrier_.expect(heartbeat.sequence);
  auto peers = book_.current();
  for (auto& feed : peers->feeds)
    if (feed)
      courier_.send(feed, heartbeat);
  courier_.run();
}

bool node::settle(milliseconds limit) {
  if (virtual_ != nullptr)
    virtual_->run();
  if (limit.count() == 0)
    return true;
  auto done = barrier_.wait(virtual_ != nullptr ? milliseconds{0} : limit);
  if (done)
    if (auto watchdog = book_.current()->watchdog)
      caf::anon_send(watchdog,
                     pulse{.sequence = pulses_, .time = exchange_.now()});
  if (virtual_ != nullptr)
    virtual_->run();
  return done;
}

void node::advance_clock() {
  if (virtual_ != nullptr)
    virtual_->advance_time(frame_);
}

// -- end ----------------------------------------------------------------------

std::optional<account_report> node::report() {
  auto desk = book_.current()->risk_desk;
  if (!desk)
    return std::nullopt;
  std::optional<account_report> result;
  caf::scoped_actor self{*system_};
  auto answer = self->request(desk, answer_limit, atom::report_v);
  settle(milliseconds{0});
  answer.receive([&](const account_report_ptr& x) { result = *x; },
                 [](const caf::error&) {
                   // Reported as absent.
                 });
  return result;
}

bool node::leave_market() {
  exchange_.end_recording();
  stand_down();
  for (auto& rules : context_.instruments)
    exchange_.cancel_all(rules.id());
  auto clean = false;
  auto frames_until_known = 1;
  for (patience left; left.frames > 0 && !clean; left.spend(exchange_.down())) {
    if (!step()) {
      // A market that has ended takes no cancels; nothing can be filled either.
      clean = true;
      break;
    }
    if (exchange_.down())
      frames_until_known = frames_after_outage;
    else if (exchange_.venue().open_orders().empty()
             && exchange_.venue().in_flight() == 0)
      clean = --frames_until_known <= 0;
  }
  return clean;
}

bool node::stop() {
  auto stopped = stop_trees();
  exchange_.close();
  return stopped;
}

void node::stand_down() {
  auto guardian = book_.current()->guardian;
  if (!guardian) {
    gate_.close();
    return;
  }
  caf::scoped_actor self{*system_};
  auto answer = self->request(
    guardian, answer_limit,
    operator_command{operator_verb::stand_down, "the node stops", ""});
  settle(milliseconds{0});
  answer.receive([](const std::string&) {},
                 [this](const caf::error&) { gate_.close(); });
}

bool node::stop_trees() {
  caf::scoped_actor self{*system_};
  self->monitor(top_);
  stop_now(top_, caf::exit_reason::user_shutdown);
  settle(milliseconds{0});
  auto stopped = false;
  self->receive([&](const caf::down_msg&) { stopped = true; },
                caf::after(stop_limit) >> [] {});
  top_ = nullptr;
  return stopped;
}

} // namespace qalpha
