#include "runtime/venues/record_player.hpp"

#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/binance/binance_decoder.hpp"
#include "runtime/venues/bybit/bybit_decoder.hpp"

#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace qalpha {

namespace {

// A live collector asks for missing trades at once; an answer that is not in
// the recording by then never came.
constexpr timespan longest_wait = std::chrono::seconds{30};

// Far more than a collector opens; a made-up recording has no end of them.
constexpr size_t most_connections = 256;

/// @returns the value of a parameter of a request, empty if it has none.
std::string_view parameter(std::string_view target, std::string_view name) {
  auto query = target.find('?');
  while (query != target.npos) {
    target.remove_prefix(query + 1);
    auto end = target.find('&');
    auto pair = target.substr(0, end);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return pair.substr(name.size() + 1);
    query = end;
  }
  return {};
}

/// @returns whether the request is for `path`, with or without a host before.
bool asks_for(std::string_view target, std::string_view path) {
  return target.substr(0, target.find('?')).ends_with(path);
}

} // namespace

record_player::record_player(const universe& all,
                             symbol_track_settings settings, decoder decode)
  : all_(all), decode_(std::move(decode)) {
  for (size_t i = 0; i < all_.size(); ++i) {
    auto& x = lanes_.emplace_back(lane{symbol_track{settings}, {}, {}, {}});
    // Which streams were asked for is not in the recording.
    x.track.ready(true, {}, x.events);
  }
}

fallible<record_player> record_player::make(std::string_view venue,
                                            const universe& all) {
  symbol_track_settings settings;
  auto decode_with = [](auto shared) {
    return [shared](std::string_view bytes, message_list& out) {
      return shared->decode(bytes, out);
    };
  };
  if (venue == "binance")
    return record_player{all, settings,
                         decode_with(std::make_shared<binance_decoder>(all))};
  if (venue == "bybit") {
    settings.book.rule = sync_rule::streamed_snapshot;
    settings.trades.numbered = false;
    return record_player{all, settings,
                         decode_with(std::make_shared<bybit_decoder>(all))};
  }
  return fault{"expected a recording of binance or bybit, found one of \""
               + std::string{venue} + "\""};
}

record_player::lane* record_player::lane_of(symbol_id symbol) {
  return symbol.index < lanes_.size() ? &lanes_[symbol.index] : nullptr;
}

void record_player::step(const raw_record& record,
                         std::vector<market_batch>& out) {
  ++counts_.records;
  auto stops = record.kind == raw_kind::disconnected
               && record.bytes == stopped_on_purpose;
  if (std::exchange(stopped_, stops) && !stops)
    interrupt_all(record.received);
  switch (record.kind) {
    case raw_kind::message:
      play_message(record);
      break;
    case raw_kind::rest_answer:
      play_answer(record);
      break;
    case raw_kind::connected:
      open_connection(record.connection);
      break;
    case raw_kind::disconnected:
      if (!stops)
        close_connection(record);
      break;
    case raw_kind::dropped:
    case raw_kind::lost:
      counts_.missing += loss_of(record)->records;
      interrupt_all(record.received);
      break;
    default:
      break;
  }
  for (auto& x : lanes_) {
    end_waiting(x, record.received);
    if (x.events.empty())
      continue;
    auto index = static_cast<size_t>(&x - lanes_.data());
    out.push_back(
      {all_[index].id(), record.received, std::exchange(x.events, {})});
  }
}

// -- messages -----------------------------------------------------------------

void record_player::play_message(const raw_record& record) {
  if (auto wrong = decode_(record.bytes, messages_)) {
    ++counts_.faults[static_cast<size_t>(*wrong) % counts_.faults.size()];
    return;
  }
  for (auto& message : messages_)
    play(message, record.connection);
}

void record_player::play(const venue_message& message,
                         std::string_view connection) {
  auto take = [&](const auto& x, const auto& content, bool of_book) {
    auto to = lane_of(x.symbol);
    if (!to)
      return;
    if (of_book && to->sources.size() < most_connections
        && to->sources.find(connection) == to->sources.end())
      to->sources.emplace(connection);
    to->track.step(content, to->events);
  };
  if (auto depth = std::get_if<symbol_depth>(&message))
    take(*depth, depth->update, true);
  else if (auto whole = std::get_if<symbol_snapshot>(&message))
    take(*whole, whole->snapshot, true);
  else if (auto trade = std::get_if<public_trade>(&message))
    take(*trade, *trade, false);
  else if (auto mark = std::get_if<mark_state>(&message))
    take(*mark, *mark, false);
  else if (auto open = std::get_if<open_contracts>(&message))
    take(*open, *open, false);
}

void record_player::play_answer(const raw_record& record) {
  auto of = find_instrument(all_, parameter(record.target, "symbol"));
  if (!of)
    return;
  auto& x = lanes_[of->id().index];
  if (asks_for(record.target, "/fapi/v1/depth")) {
    if (auto snapshot = read_binance_depth(record.bytes, *of))
      x.track.step(*snapshot, x.events);
    else
      ++counts_.bad_answers;
  } else if (asks_for(record.target, "/fapi/v1/aggTrades")) {
    if (auto page = read_binance_trades(record.bytes, *of))
      x.track.backfill(*page, x.events);
    else
      ++counts_.bad_answers;
  } else if (asks_for(record.target, "/fapi/v1/openInterest")) {
    if (auto open = read_binance_interest(record.bytes, *of))
      x.track.step(*open, x.events);
    else
      ++counts_.bad_answers;
  }
}

// -- interruptions ------------------------------------------------------------

void record_player::open_connection(std::string_view name) {
  auto found = open_.find(name);
  if (found != open_.end())
    ++found->second;
  else if (open_.size() < most_connections)
    open_.emplace(name, 1);
}

// A connection that is replaced while its successor delivers takes no book with
// it, whether the two have one name or not.
void record_player::close_connection(const raw_record& record) {
  auto open = open_.find(record.connection);
  if (open != open_.end() && --open->second > 0)
    return;
  if (open != open_.end())
    open_.erase(open);
  for (auto& x : lanes_) {
    auto found = x.sources.find(record.connection);
    if (found == x.sources.end())
      continue;
    x.sources.erase(found);
    if (x.sources.empty())
      x.track.interrupt(record.received, x.events);
  }
}

void record_player::interrupt_all(utc_time now) {
  // Who came and went meanwhile is not known.
  open_.clear();
  for (auto& x : lanes_) {
    x.sources.clear();
    x.track.interrupt(now, x.events);
  }
}

void record_player::end_waiting(lane& x, utc_time now) {
  if (!x.track.wants_trades_from()) {
    x.waiting = {};
    return;
  }
  if (x.waiting == utc_time{})
    x.waiting = now;
  if (now - x.waiting < longest_wait)
    return;
  x.track.give_up_trades(now, x.events);
  x.waiting = {};
}

} // namespace qalpha
