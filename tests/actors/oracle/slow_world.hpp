// A node of many symbols whose models compute for as long as a test wants, on
// virtual time. Include last: it brings in dsl.hpp.

#pragma once

#include "actors/guardian/guardian.hpp"
#include "actors/guardian/risk_desk.hpp"
#include "actors/guardian/watchdog.hpp"
#include "actors/oracle/feed.hpp"
#include "actors/oracle/model_asker.hpp"
#include "actors/strategist/allocator.hpp"
#include "actors/strategist/executor.hpp"
#include "models/evaluation/run_trace.hpp"
#include "models/simulation/venue.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <set>

namespace qalpha::test {

inline constexpr uint16_t many = 50;

/// Remembers nothing, hashes everything and keeps the order of all facts.
class traced_journal final : public journal {
public:
  explicit traced_journal(const fake_node& node)
    : memories_(&node.log), trace_(node.context.instruments) {
    // nop
  }

  void append(const decision& fact) override {
    take(fact, "decision", fact.id.symbol);
  }

  void append(const decision_outcome& fact) override {
    take(fact, "outcome", fact.decision.symbol);
  }

  void append(const order_intent& fact) override {
    take(fact, "order", fact.right.id.symbol);
  }

  void append(const order_report& fact) override {
    take(fact, "report", fact.id.symbol);
  }

  bool append(const fill& fact) override {
    if (!executions_.insert({fact.id.symbol.index, fact.execution}).second)
      return false;
    take(fact, "fill", fact.id.symbol);
    return true;
  }

  bool append(const funding_payment& fact) override {
    take(fact, "funding", fact.symbol);
    return true;
  }

  void append(const state_changed& fact) override {
    take(fact, "state", {});
    state_ = fact;
  }

  void append(const account_state&) override {
    // nop
  }

  symbol_memory recall(symbol_id symbol) override {
    return memories_->symbols.at(symbol.index);
  }

  account_memory recall_account() override {
    return memories_->account;
  }

  state_changed recall_state() override {
    return state_;
  }

  std::string hash() const {
    return trace_.hash();
  }

  /// What was journaled, in order.
  words seen;

private:
  template <class Fact>
  void take(const Fact& fact, const char* what, symbol_id symbol) {
    trace_.add(fact);
    seen.push_back(what + (" " + std::to_string(symbol.index)));
  }

  const fake_journal* memories_;
  run_trace trace_;
  std::set<std::pair<uint16_t, uint64_t>> executions_;
  state_changed state_;
};

/// A simulated venue that answers the executors.
class answering_venue final : public venue_connection,
                              public simulated_venue::effects {
public:
  answering_venue(const universe& instruments, money start,
                  const std::vector<executor_actor>& executors)
    : venue_(instruments, {}, start), executors_(&executors) {
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
    auto position = venue_.account().positions[query.symbol.index];
    venue_snapshot answer{query.symbol, query.time, position, {}};
    for (auto& order : venue_.open_orders())
      if (order.intent.right.id.symbol == query.symbol)
        answer.open_orders.push_back(order.intent.right.id);
    post(answer);
  }

  void cancel_all(symbol_id) override {
    ++cancelled_all;
  }

  void subscribe(symbol_id) override {
    // nop
  }

  void tell(const order_report& fact) override {
    post(fact);
  }

  void tell(const fill& fact) override {
    ++fills;
    post(fact);
  }

  void tell(const funding_payment& fact) override {
    post(fact);
  }

  void match(const bar_closed& fact) {
    venue_.step(fact, *this);
  }

  size_t fills = 0;
  size_t cancelled_all = 0;

private:
  template <class Fact>
  void post(const Fact& fact) {
    caf::anon_send(executors_->at(symbol_of(fact).index), fact);
  }

  simulated_venue venue_;
  const std::vector<executor_actor>* executors_;
};

/// How long a model computes, and until when it does now.
struct model_pace {
  timespan each = std::chrono::milliseconds{4};
  std::function<timespan()> now;
  timespan busy_until{0};
  size_t asked = 0;
  size_t passed_over = 0;
};

/// The machine in the place of a forecaster: forecasts a rise in every other
/// bar.
class slow_model {
public:
  using effects = forecaster::effects;

  explicit slow_model(model_pace& pace)
    : pace_(&pace), watch_({.id = "slow"}, many) {
    // nop
  }

  void step(const bar_context_known&, effects&) {
    // nop
  }

  void step(const bar_closed& fact, effects& out) {
    ++pace_->asked;
    pace_->busy_until = pace_->now() + pace_->each;
    auto bars = fact.value.close_time.ns / 60'000'000'000;
    auto rises = (bars + fact.symbol.index) % 2 == 0;
    out.tell(forecast_made{.symbol = fact.symbol,
                           .time = fact.value.close_time,
                           .levels = {0.5},
                           .quantiles = {rises ? 1.0 : -1.0},
                           .because = {}});
    watch_.answered(fact.symbol);
    if (auto news = watch_.news(fact.value.close_time))
      out.tell(*news);
  }

  void pass_over(const bar_closed&) {
    ++pace_->passed_over;
    watch_.passed_over();
  }

  // Called after each answer; here the clock stands still meanwhile.
  void took(timespan) {
    watch_.took(pace_->each);
  }

  void warm_up(symbol_id, const std::vector<bar>&,
               const std::vector<bar_context>&) {
    // nop
  }

private:
  model_pace* pace_;
  model_watch watch_;
};

/// Holds what the forecast says; every fifth bar it is stopped out, whatever
/// models say.
struct forecast_follower : strategy {
  std::vector<feature_request> features() const override {
    return {};
  }

  bool listens() const override {
    return true;
  }

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double>) override {
    if (closed.close_time.ns / 60'000'000'000 % 5 == 0)
      return exposure{0};
    return std::nullopt;
  }

  std::optional<exposure> on_outlook(const outlook& said) override {
    if (!said.forecast)
      return std::nullopt;
    return exposure{said.forecast->quantiles[0] > 0 ? 5'000 : -5'000};
  }

  std::string reason() const override {
    return "follower";
  }
};

/// Is told of all alarms about models, and trips by none.
struct listening_switch final : kill_switch {
  explicit listening_switch(std::vector<model_late>& heard) : heard_(&heard) {
    // nop
  }

  std::string name() const override {
    return "listener";
  }

  std::optional<switch_trip> step(const account_state&) override {
    return std::nullopt;
  }

  std::optional<switch_trip> step(const feed_health&) override {
    return std::nullopt;
  }

  std::optional<switch_trip> step(const model_late& fact) override {
    heard_->push_back(fact);
    return std::nullopt;
  }

  std::vector<model_late>* heard_;
};

/// The node. A model that computes takes no mail, and what it says leaves it
/// when it is done.
struct slow_world : actor_fixture {
  static constexpr timespan minute = std::chrono::minutes{1};
  static constexpr timespan patience = std::chrono::seconds{1};

  enum class late_answers { come, get_lost };

  traced_journal facts{*this};
  std::vector<executor_actor> executors;
  answering_venue exchange{context.instruments, context.start, executors};
  gateway exchange_door{gate, exchange};
  model_pace pace;
  late_answers late = late_answers::come;
  std::vector<model_late> guardian_heard;
  model_actor model;
  allocator_actor allocator;
  mail from_model;
  timespan elapsed{0};
  uint64_t beats = 0;
  size_t most_waiting = 0;
  size_t most_mail = 0;

  slow_world() : actor_fixture(many) {
    context.log = &facts;
    context.venue = &exchange_door;
    context.models.in_step = false;
    context.models.answer_within = patience;
    context.feed.stale_after = std::chrono::hours{1};
    context.limits.max_orders = 100'000;
    context.make_switches = [this] {
      kill_switches result;
      result.push_back(std::make_unique<listening_switch>(guardian_heard));
      return result;
    };
    pace.now = [this] { return elapsed; };
    close_time_ = t0 - timespan{t0.ns % minute.count()};
  }

  ~slow_world() override {
    bury();
  }

  utc_time now() const {
    return close_time_ + since_close_;
  }

  /// @param listens whether the strategy does; others alternate by themselves
  void start_node(bool with_model, bool listens) {
    if (with_model)
      context.models.make_forecaster = []() -> forecaster {
        throw std::logic_error{"the model is started below"};
      };
    if (listens)
      context.make_strategy = [](const instrument& rules) {
        return symbol_strategy{std::make_unique<forecast_follower>(),
                               stream_features(*feature_plan::make({}), rules)};
      };
    for (uint16_t i = 0; i < many; ++i)
      peers.feeds[i] = mortal(sys.spawn(run_feed, &context, symbol_id{i}));
    for (uint16_t i = 0; i < many; ++i)
      executors.push_back(
        mortal(sys.spawn(run_executor, &context, symbol_id{i})));
    peers.executors = executors;
    peers.allocator = allocator = start(run_allocator);
    peers.risk_desk = start(run_risk_desk);
    peers.guardian = start(run_guardian);
    peers.watchdog = start(run_watchdog);
    if (with_model)
      start_model();
    for (auto& hdl : std::vector<caf::actor>{mortals})
      if (hdl != model)
        self->send(hdl, current_roster());
    consume_messages();
  }

  /// One bar of each symbol, and a minute of pulses.
  void play_minute(int64_t px = 1'000) {
    close_time_ = close_time_ + minute;
    since_close_ = timespan{0};
    for (uint16_t i = 0; i < many; ++i) {
      bar_closed fact{{i}, make_bar(close_time_, px + i)};
      exchange.match(fact);
      self->send(peers.feeds[i], fact);
    }
    settle();
    while (since_close_ < minute)
      pass();
  }

  /// Lets everything happen that does not need a thread that computes.
  void settle() {
    do {
      sched.run_jobs_filtered([this](caf::resumable* job) {
        return job != model_job_ || elapsed >= pace.busy_until;
      });
      take_from_model();
    } while (deliver());
    if (model) {
      auto& state = model_state();
      most_waiting = std::max(most_waiting, state.waiting.size());
    }
  }

  model_asker_state<slow_model>& model_state() {
    return state_of<model_asker_state<slow_model>>(model);
  }

  size_t alerts(const std::string& code) const {
    size_t result = 0;
    for (auto& x : to_notifier.of<alert>())
      result += x.code == code ? 1 : 0;
    return result;
  }

private:
  struct answer {
    timespan due;
    utc_time about;
    caf::message what;
  };

  using maker = std::function<slow_model()>;

  void start_model() {
    auto make = maker{[this] { return slow_model{pace}; }};
    model = mortal(
      sys.spawn(run_model_asker<slow_model, maker>, &context, std::move(make)));
    model_job_ = dynamic_cast<caf::resumable*>(
      caf::actor_cast<caf::abstract_actor*>(model));
    auto around = peers;
    around.allocator = listen<allocator_actor>(from_model);
    self->send(model, std::make_shared<const roster>(around));
    peers.forecaster = model;
    consume_messages();
    from_model.all.clear();
  }

  /// Fine steps while answers are waited for, and coarse ones afterwards.
  void pass() {
    using std::chrono::milliseconds;
    auto step = since_close_ < 2 * second ? timespan{milliseconds{10}}
                                          : timespan{2 * second};
    since_close_ += step;
    elapsed += step;
    sched.advance_time(step);
    if (since_close_ % milliseconds{100} == timespan{0})
      beat();
    settle();
  }

  void beat() {
    pulse fact{.sequence = ++beats, .time = now()};
    last_beat_ = fact.time;
    for (auto& feed : peers.feeds)
      self->send(feed, fact);
  }

  void take_from_model() {
    for (auto& x : from_model.of<forecast_made>())
      under_way_.push_back({pace.busy_until, x.time, caf::make_message(x)});
    from_model.all.clear();
  }

  /// @returns whether there is new mail.
  bool deliver() {
    auto sent = false;
    while (!under_way_.empty() && elapsed >= under_way_.front().due) {
      auto& first = under_way_.front();
      if (late == late_answers::come || last_beat_ <= first.about + patience) {
        self->send(caf::actor_cast<caf::actor>(allocator), first.what);
        sent = true;
      }
      under_way_.pop_front();
    }
    return sent;
  }

  utc_time close_time_;
  timespan since_close_{0};
  // By which the node tells the time.
  utc_time last_beat_;
  caf::resumable* model_job_ = nullptr;
  std::deque<answer> under_way_;
};

} // namespace qalpha::test
