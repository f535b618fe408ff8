#include "runtime/venues/simulated/exchange.hpp"

#include "messages/interfaces.hpp"
#include "runtime/backtest/results.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

// Market time between two commits when nothing happened to the account. A
// killed process continues from the last commit.
constexpr timespan commit_every = std::chrono::seconds{20};

symbol_id symbol_of_command(const auto& command) {
  return std::visit(
    [](const auto& x) {
      if constexpr (requires { x.symbol; })
        return x.symbol;
      else if constexpr (requires { x.id.symbol; })
        return x.id.symbol;
      else
        return x.right.id.symbol;
    },
    command);
}

} // namespace

simulated_exchange::simulated_exchange(const universe& instruments,
                                       exchange_settings settings,
                                       std::unique_ptr<market_source> market,
                                       const directory& book,
                                       feed_courier& feeds)
  : instruments_(&instruments), settings_(std::move(settings)),
    market_(std::move(market)), book_(&book), feeds_(&feeds),
    venue_(instruments, settings_.venue, settings_.start),
    books_(instruments.size()), sequences_(instruments.size()),
    builders_(instruments.size(), bar_aggregator{settings_.bar_interval}),
    bars_(instruments.size()) {
  if (!settings_.store.empty())
    store_.emplace(settings_.store, instruments);
  std::optional<exchange_memory> known;
  if (store_)
    known = store_->recall(settings_.history);
  if (known)
    resume(std::move(*known));
  else
    start_fresh();
}

void simulated_exchange::start_fresh() {
  auto past = market_->history();
  for (auto& fact : past)
    keep(fact);
  if (settings_.recording.empty())
    return;
  recording_header header{.symbols = {}, .history = std::move(past)};
  for (auto& rules : *instruments_)
    header.symbols.push_back(rules.name());
  recording_.emplace(settings_.recording, header);
}

void simulated_exchange::resume(exchange_memory memory) {
  if (!market_->restore(memory.market) || !venue_.restore(memory.venue))
    throw std::runtime_error{settings_.store.string()
                             + ": the exchange was saved with other settings; "
                               "start with a new run directory"};
  told_executions_ = venue_.account().executions;
  // What the market tells next are changes of these.
  for (auto& batch : market_->books())
    for (auto& event : batch.events)
      follow_book(batch.symbol, event);
  for (auto& fact : memory.bars)
    bars_[fact.symbol.index].push_back(fact.value);
  for (auto& fact : market_->missed()) {
    auto& known = bars_[fact.symbol.index];
    if (known.empty() || known.back().close_time <= fact.value.open_time)
      keep(fact);
  }
  if (!settings_.recording.empty())
    throw std::runtime_error{
      "a recording starts with its run; this run was resumed: record into a "
      "new run directory"};
}

// -- commands -----------------------------------------------------------------

void simulated_exchange::enqueue(command what) {
  std::lock_guard guard{inbox_mutex_};
  inbox_.push_back(std::move(what));
}

void simulated_exchange::send(const approved_order& order) {
  enqueue(order.intent());
}

void simulated_exchange::send(const cancel_order& command) {
  enqueue(command);
}

void simulated_exchange::send(const query_order& query) {
  enqueue(query);
}

void simulated_exchange::send(const reconcile_query& query) {
  enqueue(query);
}

void simulated_exchange::cancel_all(symbol_id symbol) {
  enqueue(cancel_everything{symbol});
}

void simulated_exchange::subscribe(symbol_id symbol) {
  enqueue(subscription{symbol});
}

// -- time ---------------------------------------------------------------------

std::optional<simulated_exchange::played> simulated_exchange::advance() {
  auto frame = market_->next();
  if (!frame)
    return std::nullopt;
  now_ = frame->time;
  auto back = down_ && !frame->venue_down;
  down_ = frame->venue_down;
  if (recording_)
    recording_->append(*frame);
  std::vector<command> commands;
  {
    std::lock_guard guard{inbox_mutex_};
    commands.swap(inbox_);
  }
  // Executors run side by side; what one of them sends keeps its order, and the
  // order among them must not depend on threads.
  std::stable_sort(commands.begin(), commands.end(),
                   [](const command& a, const command& b) {
                     return symbol_of_command(a) < symbol_of_command(b);
                   });
  for (auto& what : commands)
    carry_out(what);
  for (auto& batch : frame->batches) {
    if (batch.received.ns == 0)
      batch.received = now_;
    venue_.step(batch, out_);
    build_bars(batch);
  }
  venue_.step(now_, out_);
  report_losses();
  if (back)
    for (auto& rules : *instruments_)
      perform(reconcile_query{rules.id(), now_});
  commit_if_needed();
  batches_ = std::move(frame->batches);
  played result{.answered = !answers_.empty()};
  deliver_answers();
  return result;
}

void simulated_exchange::carry_out(const command& what) {
  if (down_)
    carry_out_while_down(what);
  else
    std::visit([this](const auto& x) { perform(x); }, what);
}

void simulated_exchange::carry_out_while_down(const command& what) {
  if (auto* subscribe = std::get_if<subscription>(&what)) {
    perform(*subscribe); // Market data go on.
    return;
  }
  auto due = now_ + settings_.command_timeout;
  if (auto* order = std::get_if<order_intent>(&what))
    lost_.push_back({order->right.id, due});
  else if (auto* cancel = std::get_if<cancel_order>(&what))
    lost_.push_back({cancel->id, due});
  else
    return;
  if (commands_while_down_++ % 2 == 0)
    std::visit([this](const auto& x) { perform(x); }, what);
}

void simulated_exchange::perform(const order_intent& x) {
  if (store_)
    store_->mark_dirty();
  venue_.step(x, out_);
}

void simulated_exchange::perform(const cancel_order& x) {
  if (store_)
    store_->mark_dirty();
  venue_.step(x, out_);
}

void simulated_exchange::perform(const query_order& x) {
  venue_.step(x, out_);
}

void simulated_exchange::perform(const reconcile_query& x) {
  // The answer describes this moment, whatever moment was asked about.
  answers_.emplace_back(snapshot_of(venue_, {x.symbol, now_}));
}

void simulated_exchange::perform(const subscription& x) {
  subscriptions_.push_back(x.symbol);
}

void simulated_exchange::perform(const cancel_everything& x) {
  for (auto& order : venue_.open_orders())
    if (order.id().symbol == x.symbol)
      perform(cancel_order{order.id(), now_});
}

void simulated_exchange::report_losses() {
  auto due = [this](const unanswered& x) { return x.due <= now_; };
  for (auto& x : lost_)
    if (due(x))
      answers_.emplace_back(order_report{x.id, order_event::lost, now_,
                                         "no answer within the time limit"});
  std::erase_if(lost_, due);
}

// -- what the venue says ------------------------------------------------------

void simulated_exchange::collector::tell(const order_report& fact) {
  if (parent_->store_)
    parent_->store_->mark_dirty();
  if (!parent_->down_)
    parent_->answers_.emplace_back(fact);
}

void simulated_exchange::collector::tell(const fill& fact) {
  // Answers to queries repeat fills; the books have each of them once.
  auto& top = parent_->told_executions_;
  if (parent_->store_ && fact.execution > top)
    parent_->store_->note(fact);
  top = std::max(top, fact.execution);
  if (!parent_->down_)
    parent_->answers_.emplace_back(fact);
}

void simulated_exchange::collector::tell(const funding_payment& fact) {
  if (parent_->store_)
    parent_->store_->note(fact);
  // Funding is settled by the account, not by a connection: it is told late
  // rather than never.
  parent_->answers_.emplace_back(fact);
}

// -- bars and books -----------------------------------------------------------

void simulated_exchange::build_bars(const market_batch& batch) {
  auto& builder = builders_[batch.symbol.index];
  for (auto& event : batch.events) {
    follow_book(batch.symbol, event);
    if (event.kind != market_event_kind::trade)
      continue;
    if (auto done = builder.add(event.time, event.px, event.qty))
      keep({batch.symbol, *done});
  }
  if (auto done = builder.advance(now_))
    keep({batch.symbol, *done});
}

void simulated_exchange::follow_book(symbol_id symbol,
                                     const market_event& event) {
  auto& levels = books_[symbol.index];
  switch (event.kind) {
    case market_event_kind::bid_level:
      levels.set(side::buy, event.px, event.qty);
      break;
    case market_event_kind::ask_level:
      levels.set(side::sell, event.px, event.qty);
      break;
    case market_event_kind::book_complete:
      sequences_[symbol.index] = event.sequence;
      break;
    case market_event_kind::book_reset:
    case market_event_kind::interrupted:
      levels.clear();
      break;
    case market_event_kind::trade:
    case market_event_kind::mark_price:
    case market_event_kind::index_price:
    case market_event_kind::funding:
    case market_event_kind::reference_price:
    case market_event_kind::open_interest:
      break;
  }
}

void simulated_exchange::keep(const bar_closed& fact) {
  auto& past = bars_[fact.symbol.index];
  past.push_back(fact.value);
  if (past.size() > settings_.history)
    past.pop_front();
  if (store_)
    store_->note(fact);
}

// -- delivery -----------------------------------------------------------------

void simulated_exchange::commit_if_needed() {
  if (!store_ || (!store_->dirty() && now_ - committed_ < commit_every))
    return;
  close();
}

void simulated_exchange::close() {
  if (!store_)
    return;
  committed_ = now_;
  store_->commit(market_->save(), venue_);
}

void simulated_exchange::deliver_answers() {
  auto peers = book_->current();
  for (auto& what : answers_)
    std::visit(
      [&](const auto& x) {
        if (auto& to = peers->executors[symbol_of(x).index])
          caf::anon_send(to, x);
      },
      what);
  answers_.clear();
}

void simulated_exchange::publish() {
  auto peers = book_->current();
  for (auto symbol : subscriptions_)
    if (auto& to = peers->feeds[symbol.index]) {
      auto& past = bars_[symbol.index];
      feeds_->send(to, bar_history{symbol, {past.begin(), past.end()}, {}});
      auto snapshot = fresh_book(symbol);
      if (!snapshot.events.empty())
        feeds_->send(to, std::move(snapshot));
    }
  for (auto& batch : batches_) {
    auto fresh = std::find(subscriptions_.begin(), subscriptions_.end(),
                           batch.symbol)
                 != subscriptions_.end();
    // The snapshot has the levels of this batch already.
    if (auto& to = peers->feeds[batch.symbol.index]; to && !fresh)
      feeds_->send(to, std::move(batch));
  }
  subscriptions_.clear();
  batches_.clear();
}

market_batch simulated_exchange::fresh_book(symbol_id symbol) const {
  market_batch result{.symbol = symbol, .received = now_, .events = {}};
  auto sequence = sequences_[symbol.index];
  if (sequence == 0)
    return result;
  auto add = [&](market_event_kind kind, book_level level) {
    result.events.push_back({.time = now_,
                             .sequence = sequence,
                             .px = level.px,
                             .qty = level.qty,
                             .kind = kind});
  };
  auto& levels = books_[symbol.index];
  auto all = std::numeric_limits<size_t>::max();
  add(market_event_kind::book_reset, {});
  for (auto& level : levels.top(side::buy, all))
    add(market_event_kind::bid_level, level);
  for (auto& level : levels.top(side::sell, all))
    add(market_event_kind::ask_level, level);
  add(market_event_kind::book_complete, {});
  return result;
}

} // namespace qalpha
