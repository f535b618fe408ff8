#include "messages/wiring.hpp"
#include "models/execution/allocator.hpp"
#include "models/execution/executor.hpp"
#include "models/market/feed.hpp"
#include "models/risk/guardian.hpp"
#include "models/risk/risk_desk.hpp"
#include "runtime/backtest/engines.hpp"
#include "runtime/backtest/results.hpp"
#include "runtime/backtest/timeline.hpp"
#include "runtime/backtest/trade_list.hpp"
#include "runtime/storage/memory_journal.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace qalpha {

namespace {

/// All machines of a node in one object. A fact goes to its listeners by direct
/// calls, along the same table that the actors send along.
class fused_node {
public:
  fused_node(const backtest_input& input,
             std::vector<symbol_strategy> strategies)
    : journal_(input.instruments, input.start, input.keep_facts),
      venue_(input.instruments, input.venue, input.start),
      allocator_(input.instruments, input.sizing, input.bar_interval,
                 std::move(strategies), input.models.roles(),
                 input.models.answer_within),
      desk_(input.instruments, input.limits, input.start),
      guardian_(input.instruments.size(), {}) {
    feed_settings feed_manners{.bar_interval = input.bar_interval,
                               .history = 0};
    if (auto& make = input.models.make_forecaster)
      forecaster_.emplace(make());
    if (auto& make = input.models.make_regime_detector)
      regime_detector_.emplace(make());
    if (auto& make = input.models.make_policy)
      policy_.emplace(make());
    for (auto& rules : input.instruments) {
      feeds_.emplace_back(rules.id(), feed_manners);
      executors_.emplace_back(rules, input.execution, uint16_t{0},
                              journal_.epoch());
    }
  }

  fused_node(const fused_node&) = delete;
  fused_node& operator=(const fused_node&) = delete;

  /// Reconciles every executor with the empty venue, which starts trading.
  void start() {
    guardian_.restore({}, 0);
    for (auto& one : executors_)
      one.start(utc_time{}, from_executor_);
  }

  void step(const bar_closed& fact) {
    venue_.step(fact, from_venue_);
    feeds_[fact.symbol.index].step(fact, from_feed_);
  }

  /// For the sinks: hands a fact to all that listen.
  template <class Fact>
  void route(const Fact& fact) {
    for_each_listener(
      fact, [this]<role To>(const Fact& x) { this->template deliver<To>(x); });
  }

  const memory_journal& log() const noexcept {
    return journal_;
  }

  const simulated_venue& venue() const noexcept {
    return venue_;
  }

  account_report report() {
    desk_.curve().finish();
    return {desk_.account(desk_.curve().last_time()), desk_.curve()};
  }

  std::vector<closed_trade> trades() {
    return trades_.take();
  }

private:
  // What the venue says is journaled before it is believed, once.
  class venue_sink final : public simulated_venue::effects {
  public:
    explicit venue_sink(fused_node& node) : node_(&node) {
      // nop
    }

    void tell(const order_report& fact) override {
      node_->journal_.append(fact);
      node_->take(fact);
    }

    void tell(const fill& fact) override {
      if (node_->journal_.append(fact))
        node_->take(fact);
    }

    void tell(const funding_payment& fact) override {
      if (node_->journal_.append(fact))
        node_->take(fact);
    }

  private:
    fused_node* node_;
  };

  template <class Fact>
  void take(const Fact& fact) {
    executors_[symbol_of(fact).index].step(fact, from_executor_);
  }

  template <role To, class Fact>
  void deliver(const Fact& fact) {
    if constexpr (To == role::risk_desk)
      desk_.step(fact, from_desk_);
    else if constexpr (To == role::allocator)
      allocator_.step(fact, from_allocator_);
    else if constexpr (To == role::forecaster)
      ask(forecaster_, fact, from_forecaster_);
    else if constexpr (To == role::regime_detector)
      ask(regime_detector_, fact, from_regime_detector_);
    else if constexpr (To == role::policy)
      ask(policy_, fact, from_policy_);
    else if constexpr (To == role::guardian)
      guardian_.step(fact, from_guardian_);
    else if constexpr (To == role::journal)
      journal_.append(fact);
    else if constexpr (To == role::recorder)
      trades_.record(fact);
    else if constexpr (To == role::venue)
      send(fact);
    else if constexpr (To == role::executor)
      to_executors(fact);
    // Watchdog and notifier have nobody to tell in a backtest, and a recorded
    // market cannot be asked.
  }

  template <class Model, class Fact, class Out>
  static void ask(std::optional<Model>& model, const Fact& fact, Out& out) {
    if (model)
      model->step(fact, out);
  }

  template <class Fact>
  void to_executors(const Fact& fact) {
    if constexpr (std::is_same_v<Fact, state_changed>) {
      for (auto& one : executors_)
        one.step(fact, from_executor_);
    } else {
      take(fact);
    }
  }

  template <class Command>
  void send(const Command& command) {
    venue_.step(command, from_venue_);
  }

  void send(const reconcile_query& query) {
    take(snapshot_of(venue_, query));
  }

  memory_journal journal_;
  simulated_venue venue_;
  std::vector<feed> feeds_;
  std::optional<forecaster> forecaster_;
  std::optional<regime_detector> regime_detector_;
  std::optional<policy> policy_;
  allocator allocator_;
  std::vector<executor> executors_;
  risk_desk desk_;
  guardian guardian_;
  trade_list trades_;

  venue_sink from_venue_{*this};
  routed<fused_node, feed::effects> from_feed_{*this};
  routed<fused_node, forecaster::effects> from_forecaster_{*this};
  routed<fused_node, regime_detector::effects> from_regime_detector_{*this};
  routed<fused_node, policy::effects> from_policy_{*this};
  routed<fused_node, allocator::effects> from_allocator_{*this};
  routed<fused_node, executor::effects> from_executor_{*this};
  routed<fused_node, risk_desk::effects> from_desk_{*this};
  routed<fused_node, guardian::effects> from_guardian_{*this};
};

backtest_result run(const backtest_input& input,
                    std::vector<symbol_strategy> strategies) {
  fused_node node{input, std::move(strategies)};
  auto begin = std::chrono::steady_clock::now();
  node.start();
  for_each_bar(input, [&](const bar_closed& fact) { node.step(fact); });
  auto elapsed = std::chrono::steady_clock::now() - begin;
  return make_result(input, node.log(), node.report(), node.trades(),
                     node.venue().equity(),
                     std::chrono::duration<double>(elapsed).count());
}

/// @pre the history has what the plan reads
std::unique_ptr<feature_source> features_of(const backtest_input& input,
                                            const feature_plan& plan,
                                            size_t index) {
  return batch_features(plan, input.instruments[index],
                        {input.bars[index], columns_of(input, index)});
}

} // namespace

fallible<backtest_result> run_fused(const backtest_input& input) {
  auto plan = plan_for(input);
  if (!plan)
    return plan.error();
  std::vector<symbol_strategy> strategies;
  for (size_t i = 0; i < input.instruments.size(); ++i)
    strategies.emplace_back(std::move(*make_strategy(input.strategy)),
                            input.features.empty()
                              ? features_of(input, *plan, i)
                              : table_features(input.features[i]));
  return run(input, std::move(strategies));
}

fallible<backtest_result>
run_fused(const backtest_input& input,
          std::vector<std::unique_ptr<strategy>> rules) {
  using std::chrono::milliseconds;
  std::vector<symbol_strategy> strategies;
  for (size_t i = 0; i < input.instruments.size(); ++i) {
    auto plan = feature_plan::make(
      {std::chrono::duration_cast<milliseconds>(input.bar_interval),
       rules[i]->features()});
    if (!plan)
      return plan.error();
    if (auto wrong = check_history(input, i, *plan))
      return *wrong;
    strategies.emplace_back(std::move(rules[i]), features_of(input, *plan, i));
  }
  return run(input, std::move(strategies));
}

} // namespace qalpha
