#include "actors/supervision/directory.hpp"
#include "actors/supervision/stop_now.hpp"
#include "runtime/backtest/engines.hpp"
#include "runtime/backtest/results.hpp"
#include "runtime/backtest/timeline.hpp"
#include "runtime/backtest/trade_list.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/node/tree.hpp"
#include "runtime/storage/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

/// The simulated venue as a connection: commands are calls, answers are
/// messages to the executors.
class local_venue final : public venue_connection,
                          public simulated_venue::effects {
public:
  local_venue(const backtest_input& input, const directory& book)
    : venue_(input.instruments, input.venue, input.start), book_(&book) {
    // nop
  }

  void send(const approved_order& order) override {
    venue_.step(order.intent(), *this);
  }

  void send(const cancel_order& command) override {
    venue_.step(command, *this);
  }

  void send(const query_order& query) override {
    venue_.step(query, *this);
  }

  void send(const reconcile_query& query) override {
    post(snapshot_of(venue_, query));
  }

  void cancel_all(symbol_id symbol) override {
    for (auto& order : venue_.open_orders())
      if (order.intent.right.id.symbol == symbol)
        venue_.step(cancel_order{order.intent.right.id, order.arrival}, *this);
  }

  void subscribe(symbol_id) override {
    // The bars come from the driver.
  }

  void tell(const order_report& fact) override {
    post(fact);
  }

  void tell(const fill& fact) override {
    post(fact);
  }

  void tell(const funding_payment& fact) override {
    post(fact);
  }

  /// @returns `true` if the bar made the venue say something.
  bool match(const bar_closed& fact) {
    spoke_ = false;
    venue_.step(fact, *this);
    return spoke_;
  }

  money equity() const {
    return venue_.equity();
  }

private:
  template <class Fact>
  void post(const Fact& fact) {
    spoke_ = true;
    auto now = book_->current();
    caf::anon_send(now->executors.at(symbol_of(fact).index), fact);
  }

  simulated_venue venue_;
  const directory* book_;
  bool spoke_ = false;
};

/// Nobody reads along in a backtest.
class silent final : public notices, public incident_log {
public:
  void show(const fill&) override {
    // nop
  }

  void show(const funding_payment&) override {
    // nop
  }

  void show(const decision_outcome&) override {
    // nop
  }

  void show(const account_state&) override {
    // nop
  }

  void show(const state_changed&) override {
    // nop
  }

  void show(const alert&) override {
    // nop
  }

  void report(std::string_view actor, const std::string& what) override {
    // An actor that fails makes the result worthless.
    failures_ += std::string{actor} + ": " + what + "; ";
  }

  const std::string& failures() const noexcept {
    return failures_;
  }

private:
  std::string failures_;
};

/// A node on the deterministic scheduler. The input outlives it.
class deterministic_node {
public:
  explicit deterministic_node(const backtest_input& input)
    : log_(input.instruments, input.start, input.keep_facts),
      book_(input.instruments.size()), venue_(input, book_),
      door_(gate_, venue_), config_(actor_config::deterministic{}) {
    context_.instruments = input.instruments;
    context_.feed = {.bar_interval = input.bar_interval, .history = 0};
    context_.sizing = input.sizing;
    context_.execution = input.execution;
    context_.limits = input.limits;
    context_.start = input.start;
    context_.epoch = log_.epoch();
    context_.make_strategy = [&input](const instrument& rules) {
      auto index = rules.id().index;
      return symbol_strategy{
        std::move(*make_strategy(input.strategy)),
        input.features.empty()
          ? stream_features(*plan_of(input.strategy, input.bar_interval), rules,
                            {input.bars[index], columns_of(input, index)})
          : table_features(input.features[index])};
    };
    context_.models = input.models;
    context_.gate = &gate_;
    context_.venue = &door_;
    context_.log = &log_;
    context_.trades = &trades_;
    context_.people = &people_;
    context_.incidents = &people_;
    system_.emplace(config_);
  }

  deterministic_node(const deterministic_node&) = delete;
  deterministic_node& operator=(const deterministic_node&) = delete;

  ~deterministic_node() {
    stop_now(top_, caf::exit_reason::user_shutdown);
    scheduler().run();
    top_ = nullptr;
  }

  void start() {
    top_ = system_->spawn(run_supervisor, &context_, &book_,
                          node_tree(context_, book_, {.threads = false}));
    scheduler().run();
    book_.open();
    scheduler().run();
  }

  void step(const bar_closed& fact) {
    if (venue_.match(fact))
      scheduler_->run();
    caf::anon_send(now_->feeds[fact.symbol.index], fact);
    scheduler_->run();
  }

  /// Prepares for many steps: nothing is restarted in a backtest, so that the
  /// handles stay what they are.
  void settle() {
    now_ = book_.current();
    scheduler_ = &scheduler();
  }

  backtest_result finish(const backtest_input& input, double seconds) {
    account_report_ptr report;
    caf::scoped_actor self{*system_};
    auto answer = self->request(book_.current()->risk_desk,
                                std::chrono::seconds{1}, atom::report_v);
    scheduler().run();
    answer.receive([&](const account_report_ptr& x) { report = x; },
                   [](const caf::error&) {
                     // Handled below: there is no report.
                   });
    if (!report || !people_.failures().empty())
      throw std::runtime_error{"an actor failed: " + people_.failures()};
    return make_result(input, log_, *report, trades_.take(), venue_.equity(),
                       seconds);
  }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(
      system_->scheduler());
  }

  memory_journal log_;
  directory book_;
  local_venue venue_;
  trading_gate gate_;
  gateway door_;
  trade_list trades_;
  silent people_;
  node_context context_;
  actor_config config_;
  std::optional<caf::actor_system> system_;
  supervisor_actor top_;
  roster_ptr now_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
};

} // namespace

fallible<backtest_result> run_actors(const backtest_input& input) {
  if (auto plan = plan_for(input); !plan)
    return plan.error();
  deterministic_node node{input};
  node.start();
  node.settle();
  auto begin = std::chrono::steady_clock::now();
  for_each_bar(input, [&](const bar_closed& fact) { node.step(fact); });
  auto elapsed = std::chrono::steady_clock::now() - begin;
  return node.finish(input, std::chrono::duration<double>(elapsed).count());
}

} // namespace qalpha
