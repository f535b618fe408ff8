#include "runtime/venues/reference_market.hpp"

#include "models/market/feed.hpp"
#include "models/market/reference.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/venue_collector.hpp"
#include "runtime/venues/venue_rules.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace qalpha {

namespace {

using moment = network_thread::clock::time_point;

/// Pauses until a venue that is out of reach is asked again.
constexpr reconnect_pace ask_again{std::chrono::milliseconds{500},
                                   std::chrono::seconds{30}};

std::vector<std::string> names_there(const market_settings& settings,
                                     const universe& traded) {
  std::vector<std::string> result;
  for (auto& one : traded) {
    auto other = settings.reference_names.find(one.name());
    result.push_back(other == settings.reference_names.end() ? one.name()
                                                             : other->second);
  }
  return result;
}

fault with_place(const market_settings& settings, const fault& why) {
  return {"market.reference_venue: "
          + std::string{to_string(*settings.reference_venue)} + ": "
          + why.text};
}

/// The newest reference of each symbol, from one thread to another.
class reference_board {
public:
  explicit reference_board(size_t symbols) : slots_(symbols) {
    // nop
  }

  void put(symbol_id symbol, const market_event& reference, moment heard) {
    std::lock_guard guard{mutex_};
    auto& slot = slots_[symbol.index];
    // That there is none is no news twice.
    if (reference.px.ticks == 0 && slot.newest.px.ticks == 0)
      return;
    slot = {reference, heard, true};
  }

  void append(utc_time now, std::vector<market_batch>& out) {
    auto seen = network_thread::now();
    std::lock_guard guard{mutex_};
    for (size_t i = 0; i < slots_.size(); ++i) {
      auto& slot = slots_[i];
      if (!std::exchange(slot.fresh, false))
        continue;
      auto told = slot.newest;
      told.time = now - std::max<timespan>(seen - slot.heard, timespan{0});
      symbol_id symbol{static_cast<uint16_t>(i)};
      auto at = std::find_if(out.begin(), out.end(), [symbol](const auto& x) {
        return x.symbol == symbol;
      });
      if (at == out.end())
        out.push_back({symbol, now, {told}});
      else
        at->events.push_back(told);
    }
  }

private:
  struct slot {
    market_event newest = no_reference({});
    moment heard{};
    bool fresh = false;
  };

  std::mutex mutex_;
  std::vector<slot> slots_;
};

/// Keeps the books of the venue, with the same doubts as those that are traded.
/// Called on the network thread of its collector.
class reference_books final : public market_sink, private feed::effects {
public:
  reference_books(const universe& there, const universe& here,
                  reference_board& board)
    : board_(&board) {
    for (size_t i = 0; i < there.size(); ++i) {
      feeds_.emplace_back(there[i].id(), feed_settings{.history = 0});
      ticks_.emplace_back(there[i].rules().tick_e8, here[i].rules().tick_e8);
    }
  }

  void deliver(market_batch batch) override {
    auto heard = network_thread::now();
    // Silence is measured by a clock that nobody sets.
    batch.received = start_ + timespan{heard - began_};
    auto& image = feeds_[batch.symbol.index];
    image.step(batch, *this);
    board_->put(batch.symbol, reference_of(image, batch.symbol), heard);
  }

  // Set before it starts.
  collector* source = nullptr;

private:
  market_event reference_of(const feed& image, symbol_id symbol) const {
    auto bid = image.levels().best(side::buy);
    auto ask = image.levels().best(side::sell);
    if (image.status() != feed_status::live || !bid || !ask)
      return no_reference({});
    auto [there, here] = ticks_[symbol.index];
    return reference_between({}, bid->px, ask->px, there, here);
  }

  void tell(const feed_health&) override {
    // nop
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed&) override {
    // nop
  }

  void tell(const book_wanted& wish) override {
    source->resync(wish.symbol);
  }

  reference_board* board_;
  utc_time start_ = network_thread::utc_now();
  moment began_ = network_thread::now();
  std::deque<feed> feeds_;
  // There and here, by symbol.
  std::vector<std::pair<int64_t, int64_t>> ticks_;
};

} // namespace

// Asks for the rules once at the start, and on a thread of its own until they
// are known; then collects.
class reference_market::service {
public:
  service(market_settings settings, universe traded, rules_client client,
          const std::optional<collector_settings>& collecting)
    : settings_(std::move(settings)), traded_(std::move(traded)),
      names_(names_there(settings_, traded_)), client_(std::move(client)),
      collecting_(
        collecting.value_or(usual_collecting(*settings_.reference_venue))),
      board_(traded_.size()) {
    settings_.venue = *settings_.reference_venue;
    // Nobody builds bars of it.
    collecting_.history_bars = 0;
    collecting_.interest_interval = timespan{0};
  }

  ~service() {
    {
      std::lock_guard guard{mutex_};
      stopped_ = true;
    }
    client_.cancel();
    awake_.notify_all();
    if (asking_.joinable())
      asking_.join();
  }

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// @returns what will not get better by itself.
  std::optional<fault> start() {
    auto wrong = connect();
    if (!wrong || client_.has_answered())
      return wrong;
    problem_ = *wrong;
    asking_ = std::thread{[this] { pursue(); }};
    return std::nullopt;
  }

  void append(utc_time now, std::vector<market_batch>& batches) {
    board_.append(now, batches);
  }

  std::optional<fault> problem() const {
    std::lock_guard guard{mutex_};
    return problem_;
  }

  collector_counters counters() const {
    std::lock_guard guard{mutex_};
    return collector_ ? collector_->counters() : collector_counters{};
  }

private:
  std::optional<fault> connect() {
    auto there = client_.fetch(names_);
    if (!there)
      return there.error();
    auto books = std::make_unique<reference_books>(*there, traded_, board_);
    auto made = make_venue_collector(settings_, *there, collecting_, *books);
    if (!made)
      return made.error();
    books->source = made->get();
    std::lock_guard guard{mutex_};
    books_ = std::move(books);
    collector_ = std::move(*made);
    problem_.reset();
    collector_->start();
    return std::nullopt;
  }

  void pursue() {
    reconnect_policy pace{ask_again, collecting_.seed};
    auto stopped = [this] { return stopped_; };
    for (;;) {
      {
        std::unique_lock guard{mutex_};
        if (awake_.wait_for(guard, pace.failed(), stopped))
          return;
      }
      auto wrong = connect();
      if (!wrong)
        return;
      std::lock_guard guard{mutex_};
      problem_ = *wrong;
    }
  }

  market_settings settings_;
  universe traded_;
  std::vector<std::string> names_;
  rules_client client_;
  collector_settings collecting_;
  reference_board board_;

  mutable std::mutex mutex_;
  std::condition_variable awake_;
  bool stopped_ = false;
  std::optional<fault> problem_;
  std::unique_ptr<reference_books> books_;
  // It calls the books until it is gone.
  std::unique_ptr<collector> collector_;
  std::thread asking_;
};

reference_market::reference_market(std::unique_ptr<service> serving)
  : service_(std::move(serving)) {
  // nop
}

reference_market::~reference_market() = default;

fallible<std::unique_ptr<reference_market>>
reference_market::open(const market_settings& settings, const universe& traded,
                       std::optional<collector_settings> collecting) {
  auto client = rules_client::make(settings, *settings.reference_venue);
  if (!client)
    return with_place(settings, client.error());
  auto serving = std::make_unique<service>(settings, traded, std::move(*client),
                                           collecting);
  if (auto wrong = serving->start())
    return with_place(settings, {wrong->text
                                 + " (market.reference_names says what a "
                                   "symbol is called there)"});
  return std::unique_ptr<reference_market>{
    new reference_market{std::move(serving)}};
}

void reference_market::append(utc_time now,
                              std::vector<market_batch>& batches) {
  service_->append(now, batches);
}

std::optional<fault> reference_market::problem() const {
  return service_->problem();
}

collector_counters reference_market::counters() const {
  return service_->counters();
}

} // namespace qalpha
