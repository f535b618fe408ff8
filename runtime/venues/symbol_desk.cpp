#include "runtime/venues/symbol_desk.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

// Events for which memory is held before they come, for each symbol.
constexpr size_t most_expected = 128;

} // namespace

symbol_desk::symbol_desk(network_thread& home, venue_dialect& dialect,
                         const universe& instruments, rest_queue& rest,
                         const collector_settings& settings, market_sink& sink,
                         raw_tap& tap, renew ask_stream)
  : home_(home), dialect_(dialect), instruments_(instruments), rest_(rest),
    settings_(settings), sink_(sink), tap_(tap),
    ask_stream_(std::move(ask_stream)), clock_timer_(home) {
  auto track = settings.track;
  track.book.rule = dialect.book_rule();
  track.trades.numbered = dialect.numbers_trades();
  for (size_t i = 0; i < instruments.size(); ++i)
    desks_.emplace_back(home, track, settings.ask_again, settings.seed + i);
}

void symbol_desk::start() {
  ask_clock();
  if (settings_.history_bars > 0)
    for (auto& x : instruments_)
      ask_bars(x.id());
  if (settings_.interest_interval > timespan{0})
    for (auto& x : instruments_)
      ask_interest(x.id());
}

void symbol_desk::add_counters(collector_counters& to) const {
  for (auto& x : desks_) {
    auto& book = x.track.book_statistics();
    to.depth_updates += book.applied;
    to.depth_gaps += book.gaps;
    to.depth_duplicates += book.dropped;
    to.snapshots += book.snapshots;
    to.snapshots_too_old += book.too_old;
    auto& trades = x.track.trade_counts();
    to.trades.delivered += trades.delivered;
    to.trades.duplicates += trades.duplicates;
    to.trades.gaps += trades.gaps;
    to.trades.backfilled += trades.backfilled;
    to.trades.lost += trades.lost;
    to.stale_marks += x.track.stale_marks();
    to.in_step += x.track.in_step() ? 1 : 0;
  }
  to.bad_answers += bad_answers_;
  to.resyncs += resyncs_;
}

// -- what the streams bring ---------------------------------------------------

void symbol_desk::take(utc_time received, const message_list& messages) {
  auto step = [&](symbol_id symbol, const auto& what) {
    auto& desk = touch(symbol, received);
    desk.track.step(what, desk.events);
  };
  for (auto& message : messages) {
    if (auto depth = std::get_if<symbol_depth>(&message))
      step(depth->symbol, depth->update);
    else if (auto snapshot = std::get_if<symbol_snapshot>(&message))
      step(snapshot->symbol, snapshot->snapshot);
    else if (auto trade = std::get_if<public_trade>(&message))
      step(trade->symbol, *trade);
    else if (auto mark = std::get_if<mark_state>(&message))
      step(mark->symbol, *mark);
    else if (auto open = std::get_if<open_contracts>(&message))
      step(open->symbol, *open);
    else if (!std::holds_alternative<venue_reply>(message))
      sink_.notice(received, message);
  }
}

void symbol_desk::ready(symbol_id symbol, bool all) {
  auto now = network_thread::utc_now();
  auto& desk = touch(symbol, now);
  desk.track.ready(all, now, desk.events);
  flush();
}

void symbol_desk::interrupt(symbol_id symbol) {
  auto now = network_thread::utc_now();
  auto& desk = touch(symbol, now);
  desk.track.interrupt(now, desk.events);
  flush();
}

// Out of step the next snapshot is on its way, and begins with a reset.
void symbol_desk::resync(symbol_id symbol) {
  if (!desks_[symbol.index].track.in_step())
    return;
  ++resyncs_;
  interrupt(symbol);
}

symbol_desk::desk& symbol_desk::touch(symbol_id symbol, utc_time received) {
  auto& result = desks_[symbol.index];
  result.received = received;
  if (!std::exchange(result.touched, true))
    touched_.push_back(symbol);
  return result;
}

void symbol_desk::flush() {
  if (touched_.empty())
    return;
  // By index: what a symbol asks for may touch another.
  for (size_t i = 0; i < touched_.size(); ++i)
    pass_on(touched_[i]);
  touched_.clear();
  sink_.delivered();
}

void symbol_desk::pass_on(symbol_id symbol) {
  auto& desk = desks_[symbol.index];
  desk.touched = false;
  if (!desk.events.empty()) {
    // The next burst is about as long.
    auto expected = std::min(desk.events.size(), most_expected);
    sink_.deliver({symbol, desk.received, std::exchange(desk.events, {})});
    desk.events.reserve(expected);
  }
  pursue(symbol);
}

// -- what has to be asked for -------------------------------------------------

void symbol_desk::ask(rest_request question,
                      std::function<void(rest_answer)> answered,
                      std::function<void()> failed) {
  auto target = question.target;
  rest_.ask(std::move(question),
            [this, target, answered = std::move(answered),
             failed = std::move(failed)](fallible<rest_answer> result) {
              home_.post([=, this, result = std::move(result)] {
                if (!result)
                  return failed();
                tap_.tell(raw_kind::rest_answer, result->received, "rest",
                          result->body, target);
                answered(*result);
              });
            });
}

void symbol_desk::pursue(symbol_id symbol) {
  auto& desk = desks_[symbol.index];
  if (desk.track.wants_snapshot() && !desk.snapshot_asked)
    pursue_snapshot(symbol);
  if (desk.track.wants_trades_from() && !desk.trades_asked)
    pursue_trades(symbol);
}

void symbol_desk::pursue_snapshot(symbol_id symbol) {
  desks_[symbol.index].snapshot_asked = true;
  auto question = dialect_.snapshot(instruments_[symbol.index]);
  if (!question) {
    ask_stream_(symbol);
    return snapshot_later(symbol);
  }
  ask(
    *question, [this, symbol](const rest_answer& x) { on_snapshot(symbol, x); },
    [this, symbol] { snapshot_later(symbol); });
}

void symbol_desk::on_snapshot(symbol_id symbol, const rest_answer& answer) {
  auto& desk = desks_[symbol.index];
  auto snapshot = dialect_.read_snapshot(answer.body,
                                         instruments_[symbol.index]);
  if (!snapshot) {
    ++bad_answers_;
    return snapshot_later(symbol);
  }
  touch(symbol, answer.received);
  desk.track.step(*snapshot, desk.events);
  if (desk.track.wants_snapshot()) {
    snapshot_later(symbol);
  } else {
    desk.snapshot_asked = false;
    desk.snapshot_pace.succeeded();
  }
  flush();
}

void symbol_desk::snapshot_later(symbol_id symbol) {
  auto& desk = desks_[symbol.index];
  desk.snapshot_timer.start(desk.snapshot_pace.failed(), [this, symbol] {
    auto& waiting = desks_[symbol.index];
    waiting.snapshot_asked = false;
    if (!waiting.track.wants_snapshot())
      waiting.snapshot_pace.succeeded();
    pursue(symbol);
  });
}

void symbol_desk::pursue_trades(symbol_id symbol) {
  auto& desk = desks_[symbol.index];
  auto from = *desk.track.wants_trades_from();
  auto question = dialect_.trades(instruments_[symbol.index], from);
  desk.trades_asked = true;
  if (!question)
    return trades_later(symbol);
  ask(
    *question,
    [this, symbol, from](const rest_answer& x) { on_trades(symbol, from, x); },
    [this, symbol] { trades_later(symbol); });
}

void symbol_desk::on_trades(symbol_id symbol, uint64_t from,
                            const rest_answer& answer) {
  auto& desk = desks_[symbol.index];
  auto page = dialect_.read_trades(answer.body, instruments_[symbol.index]);
  if (!page) {
    ++bad_answers_;
    return trades_later(symbol);
  }
  touch(symbol, answer.received);
  desk.track.backfill(*page, desk.events);
  if (desk.track.wants_trades_from() == from) {
    trades_later(symbol);
  } else {
    desk.trades_asked = false;
    desk.trades_pace.succeeded();
  }
  flush();
}

void symbol_desk::trades_later(symbol_id symbol) {
  auto& desk = desks_[symbol.index];
  if (desk.trades_pace.failures() >= settings_.most_trade_failures) {
    desk.trades_asked = false;
    desk.trades_pace.succeeded();
    auto now = network_thread::utc_now();
    touch(symbol, now);
    desk.track.give_up_trades(now, desk.events);
    return flush();
  }
  desk.trades_timer.start(desk.trades_pace.failed(), [this, symbol] {
    desks_[symbol.index].trades_asked = false;
    pursue(symbol);
  });
}

void symbol_desk::ask_bars(symbol_id symbol) {
  auto& of = instruments_[symbol.index];
  auto question = dialect_.bars(of, settings_.history_bars);
  if (!question)
    return;
  ask(
    *question,
    [this, &of](const rest_answer& answer) {
      auto now = answer.received + clock_.value().value_or(timespan{0});
      auto read = dialect_.read_bars(answer.body, of, now);
      if (!read) {
        ++bad_answers_;
        return;
      }
      std::vector<bar> closed;
      for (auto& x : *read)
        if (x.closed)
          closed.push_back(x.value);
      sink_.history(of.id(), std::move(closed));
    },
    [this, symbol] {
      auto& desk = desks_[symbol.index];
      desk.bars_timer.start(desk.bars_pace.failed(),
                            [this, symbol] { ask_bars(symbol); });
    });
}

void symbol_desk::ask_interest(symbol_id symbol) {
  auto& of = instruments_[symbol.index];
  auto question = dialect_.interest(of);
  if (!question)
    return;
  desks_[symbol.index].interest_timer.start(
    settings_.interest_interval, [this, symbol] { ask_interest(symbol); });
  ask(
    *question,
    [this, &of](const rest_answer& answer) {
      auto open = dialect_.read_interest(answer.body, of);
      if (!open) {
        ++bad_answers_;
        return;
      }
      auto& desk = touch(of.id(), answer.received);
      desk.track.step(*open, desk.events);
      flush();
    },
    [] {
      // The next question is due soon enough.
    });
}

void symbol_desk::ask_clock() {
  clock_timer_.start(settings_.clock_interval, [this] { ask_clock(); });
  ask(
    dialect_.clock(),
    [this](const rest_answer& answer) {
      auto time = dialect_.read_clock(answer.body);
      if (!time) {
        ++bad_answers_;
        return;
      }
      clock_.measured(answer.sent, *time, answer.received);
      tap_.tell(raw_kind::clock_offset, answer.received, "rest",
                std::to_string(clock_.value()->count()));
    },
    [] {
      // The next measurement is due soon enough.
    });
}

} // namespace qalpha
