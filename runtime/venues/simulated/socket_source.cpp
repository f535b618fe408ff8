#include "runtime/venues/simulated/socket_source.hpp"

#include "runtime/telemetry/time_text.hpp"
#include "runtime/venues/binance/collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

// Pauses that the patience is divided into: a process that was stopped for a
// while has used up one of them, not all.
constexpr int pauses = 10;

binance_settings settings_for(const public_server& server) {
  binance_settings result{
    .rest = server.rest(), .streams = server.streams(), .ca_file = {}};
  // A feed may be frozen from the first frame on, and at a low speed the market
  // says nothing for as long as it likes: silence proves nothing here, and
  // subscriptions are known to have arrived.
  result.first_depth = result.first_mark = result.first_trade = timespan{0};
  // Two connections at once would bring everything twice.
  result.collecting.line.roll_over_after = timespan{0};
  // The market has bars of its own.
  result.collecting.history_bars = 0;
  // So has it an open interest, which no stream of the venue tells.
  result.collecting.interest_interval = timespan{0};
  return result;
}

// The order in which a market tells the events of a symbol.
int rank(const market_event& event) {
  switch (event.kind) {
    case market_event_kind::trade:
      return 0;
    case market_event_kind::book_reset:
    case market_event_kind::bid_level:
    case market_event_kind::ask_level:
    case market_event_kind::book_complete:
    case market_event_kind::interrupted:
      return 1;
    case market_event_kind::mark_price:
    case market_event_kind::index_price:
    case market_event_kind::funding:
    case market_event_kind::reference_price:
    case market_event_kind::open_interest:
      break;
  }
  return 2;
}

uint64_t count(const market_batch& batch, market_event_kind kind) {
  return static_cast<uint64_t>(
    std::count_if(batch.events.begin(), batch.events.end(),
                  [&](const auto& x) { return x.kind == kind; }));
}

} // namespace

// Called on the network thread.
class socket_source::listener final : public market_sink {
public:
  explicit listener(market_queue& queue) : queue_(&queue) {
    // nop
  }

  void deliver(market_batch batch) override {
    auto symbol = batch.symbol;
    if (!queue_->push(std::move(batch)))
      source->resync(symbol);
  }

  void delivered() override {
    queue_->wake();
  }

  // Set before it starts.
  collector* source = nullptr;

private:
  market_queue* queue_;
};

socket_source::socket_source(std::unique_ptr<market_source> market,
                             universe instruments,
                             socket_source_settings settings)
  : market_(std::move(market)), instruments_(std::move(instruments)),
    settings_(settings), server_(instruments_), queue_(instruments_.size()),
    arrivals_(instruments_.size()),
    listener_(std::make_unique<listener>(queue_)) {
  // nop
}

socket_source::~socket_source() = default;

fallible<std::unique_ptr<socket_source>>
socket_source::open(std::unique_ptr<market_source> market, universe instruments,
                    socket_source_settings settings) try {
  std::unique_ptr<socket_source> result{
    new socket_source(std::move(market), std::move(instruments), settings)};
  auto made = make_binance_collector(settings_for(result->server_),
                                     result->instruments_, *result->listener_);
  if (!made)
    return made.error();
  result->collector_ = std::move(*made);
  result->listener_->source = result->collector_.get();
  result->collector_->start();
  return result;
} catch (const std::runtime_error& ex) {
  return fault{std::string{"demo.transport: no sockets: "} + ex.what()};
}

// -- what passes by the sockets -----------------------------------------------

std::vector<bar_closed> socket_source::history() {
  auto result = market_->history();
  for (const auto& past : result)
    server_.restore(past);
  return result;
}

std::vector<bar_closed> socket_source::missed() {
  return market_->missed();
}

std::vector<market_batch> socket_source::books() const {
  return market_->books();
}

std::string socket_source::save() const {
  return market_->save();
}

bool socket_source::restore(std::string_view saved) {
  if (!market_->restore(saved))
    return false;
  // The frames that follow change these.
  for (const auto& batch : market_->books())
    server_.prepare(batch);
  return true;
}

collector_counters socket_source::counters() const {
  return collector_->counters();
}

// -- frames -------------------------------------------------------------------

std::optional<market_frame> socket_source::next() {
  auto result = market_->next();
  if (!result)
    return std::nullopt;
  // Also after a connection was lost between two frames.
  wait_for_subscribers();
  for (const auto& batch : result->batches)
    server_.publish(batch);
  wait_for(*result);
  auto sent = std::exchange(result->batches, take(result->time));
  pass_interest(sent, result->batches);
  return result;
}

void socket_source::wait_for_subscribers() {
  std::vector<std::string> silent;
  for (int i = 0; i < pauses; ++i) {
    silent = server_.wait_for_subscribers(settings_.patience / pauses);
    if (silent.empty())
      return;
  }
  throw std::runtime_error{fmt::format(
    "demo.transport: the collector subscribed to all but {} streams within {} "
    "ms, the first of them {}",
    silent.size(), settings_.patience.count(), silent.front())};
}

void socket_source::wait_for(const market_frame& sent) {
  for (int i = 0; i < pauses;) {
    receive();
    if (arrived(sent))
      return;
    if (!queue_.wait(settings_.patience / pauses))
      ++i;
  }
  throw std::runtime_error{missing(sent)};
}

void socket_source::receive() {
  std::vector<market_batch> fresh;
  queue_.drain(fresh);
  for (const auto& batch : fresh)
    for (const auto& event : batch.events)
      add(event, arrivals_[batch.symbol.index]);
}

void socket_source::add(const market_event& event, arrival& to) {
  to.events.push_back(event);
  switch (event.kind) {
    case market_event_kind::trade:
      ++to.trades;
      break;
    case market_event_kind::book_complete:
      ++to.groups;
      to.whole = true;
      break;
    case market_event_kind::interrupted:
      to.groups = 0;
      to.whole = false;
      break;
    case market_event_kind::mark_price:
      ++to.marks;
      break;
    default:
      break;
  }
}

bool socket_source::arrived(const market_batch& sent) const {
  auto& got = arrivals_[sent.symbol.index];
  auto groups = count(sent, market_event_kind::book_complete);
  return got.trades >= count(sent, market_event_kind::trade)
         && got.marks >= count(sent, market_event_kind::mark_price)
         && got.groups >= groups && (groups == 0 || got.whole);
}

bool socket_source::arrived(const market_frame& sent) const {
  return std::all_of(sent.batches.begin(), sent.batches.end(),
                     [this](const auto& batch) { return arrived(batch); });
}

std::string socket_source::missing(const market_frame& sent) const {
  auto lost
    = std::find_if_not(sent.batches.begin(), sent.batches.end(),
                       [this](const auto& batch) { return arrived(batch); });
  auto& got = arrivals_[lost->symbol.index];
  auto counted = collector_->counters();
  uint64_t unreadable = 0;
  for (auto faults : counted.lines.decode_faults)
    unreadable += faults;
  return fmt::format(
    "demo.transport: {}, frame of {}: expected {} trades, {} changes of the "
    "book and {} marks, found {}, {} and {} after {} ms of silence; "
    "collector: {} messages, {} unreadable, {} connections lost",
    instruments_[lost->symbol.index].name(), format_utc(sent.time),
    count(*lost, market_event_kind::trade),
    count(*lost, market_event_kind::book_complete),
    count(*lost, market_event_kind::mark_price), got.trades, got.groups,
    got.marks, settings_.patience.count(), counted.lines.messages, unreadable,
    counted.lines.disconnects);
}

std::vector<market_batch> socket_source::take(utc_time received) {
  std::vector<market_batch> result;
  for (auto& rules : instruments_) {
    auto got = std::exchange(arrivals_[rules.id().index], {});
    if (got.events.empty())
      continue;
    // A lost connection has the time of the machine, which is another one.
    for (auto& event : got.events)
      if (event.kind == market_event_kind::interrupted)
        event.time = received;
    // Streams of two connections are not in step with each other.
    std::stable_sort(
      got.events.begin(), got.events.end(),
      [](const auto& a, const auto& b) { return rank(a) < rank(b); });
    result.push_back({rules.id(), received, std::move(got.events)});
  }
  return result;
}

// At the end of a batch, where the market tells it as well.
void socket_source::pass_interest(const std::vector<market_batch>& from,
                                  std::vector<market_batch>& to) {
  for (auto& batch : to)
    for (const auto& sent : from)
      if (sent.symbol == batch.symbol)
        std::copy_if(sent.events.begin(), sent.events.end(),
                     std::back_inserter(batch.events), [](const auto& x) {
                       return x.kind == market_event_kind::open_interest;
                     });
}

} // namespace qalpha
