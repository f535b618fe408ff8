#include "runtime/venues/live_market.hpp"

#include "runtime/net/network_thread.hpp"
#include "runtime/venues/venue_collector.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace qalpha {

namespace {

constexpr std::string_view live_mark = "live";

constexpr std::chrono::seconds history_limit{10};

} // namespace

// Called on the network thread.
class live_market::listener final : public market_sink {
public:
  listener(market_queue& queue, size_t symbols)
    : queue_(&queue), missing_(symbols) {
    // nop
  }

  void deliver(market_batch batch) override {
    auto symbol = batch.symbol;
    if (!queue_->push(std::move(batch)) && source != nullptr)
      source->resync(symbol);
  }

  void delivered() override {
    queue_->wake();
  }

  void history(symbol_id symbol, std::vector<bar> bars) override {
    std::lock_guard guard{mutex_};
    for (auto& value : bars)
      bars_.push_back({symbol, value});
    if (missing_ > 0 && --missing_ == 0)
      complete_.notify_all();
  }

  std::vector<bar_closed> wait_for_history() {
    std::unique_lock guard{mutex_};
    complete_.wait_for(guard, history_limit, [this] { return missing_ == 0; });
    auto result = std::exchange(bars_, {});
    std::stable_sort(result.begin(), result.end(),
                     [](const bar_closed& a, const bar_closed& b) {
                       return a.value.close_time < b.value.close_time;
                     });
    return result;
  }

  // Set before it starts.
  collector* source = nullptr;

private:
  market_queue* queue_;
  std::mutex mutex_;
  std::condition_variable complete_;
  size_t missing_;
  std::vector<bar_closed> bars_;
};

live_market::live_market(const market_settings& settings, universe instruments,
                         timespan bar_interval)
  : instruments_(std::move(instruments)), frame_(settings.frame),
    bar_interval_(bar_interval), queue_(instruments_.size(), settings.queue),
    listener_(std::make_unique<listener>(queue_, instruments_.size())) {
  // nop
}

live_market::~live_market() = default;

fallible<std::unique_ptr<live_market>>
live_market::open(const market_settings& settings, universe instruments,
                  timespan bar_interval,
                  std::optional<collector_settings> collecting) {
  std::unique_ptr<live_market> result{
    new live_market(settings, std::move(instruments), bar_interval)};
  auto made = make_venue_collector(settings, result->instruments_, collecting,
                                   *result->listener_);
  if (!made)
    return made.error();
  result->collector_ = std::move(*made);
  result->listener_->source = result->collector_.get();
  if (settings.reference_venue) {
    auto other = reference_market::open(settings, result->instruments_,
                                        collecting);
    if (!other)
      return other.error();
    result->reference_ = std::move(*other);
  }
  result->collector_->start();
  return result;
}

std::vector<bar_closed> live_market::history() {
  if (bar_interval_ != std::chrono::minutes{1})
    return {};
  return listener_->wait_for_history();
}

std::optional<market_frame> live_market::next() {
  market_frame result;
  queue_.wait(frame_);
  queue_.drain(result.batches);
  // A wall clock that is set back must not stop the time in which silence is
  // measured, so only the start comes from it.
  auto passed = network_thread::now() - began_;
  last_ = std::max(last_ + timespan{1}, start_ + timespan{passed});
  if (reference_)
    reference_->append(last_, result.batches);
  for (auto& batch : result.batches)
    batch.received = last_;
  result.time = last_;
  return result;
}

std::string live_market::save() const {
  return std::string{live_mark};
}

bool live_market::restore(std::string_view saved) {
  return saved == live_mark;
}

void live_market::resync(symbol_id symbol) {
  collector_->resync(symbol);
}

collector_counters live_market::counters() const {
  return collector_->counters();
}

} // namespace qalpha
