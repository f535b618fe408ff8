#include "runtime/venues/live_market.hpp"

#include "runtime/net/http_client.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/bybit/bybit_answers.hpp"
#include "runtime/venues/venue_collector.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace qalpha {

namespace {

constexpr std::string_view live_mark = "live";

constexpr std::chrono::seconds history_limit{10};

constexpr int most_pages = 20;

fallible<std::string> ask(const std::string& url, const std::string& target,
                          const std::string& ca_file) {
  auto to = parse_url(url, ca_file);
  if (!to)
    return to.error();
  auto client = http_client::make(to->where);
  if (!client)
    return client.error();
  auto answer = client->get(target);
  if (!answer)
    return answer.error();
  if (answer->status != 200)
    return fault{to->where.host + target + ": expected status 200, found "
                 + std::to_string(answer->status)};
  return std::move(answer->body);
}

fallible<std::vector<instrument_rules>>
binance_rules(const market_settings& settings,
              const std::vector<std::string>& names) {
  auto body = ask(settings.binance_rest, "/fapi/v1/exchangeInfo",
                  settings.ca_file);
  if (!body)
    return body.error();
  return read_binance_rules(*body, names);
}

/// In the order of `names`; the venue tells them page by page.
fallible<std::vector<instrument_rules>>
bybit_rules(const market_settings& settings,
            const std::vector<std::string>& names) {
  std::vector<instrument_rules> found;
  std::string cursor;
  for (int page = 0; page < most_pages; ++page) {
    auto target
      = std::string{"/v5/market/instruments-info?category=linear&limit=1000"};
    if (!cursor.empty())
      target += "&cursor=" + cursor;
    auto body = ask(settings.bybit_rest, target, settings.ca_file);
    if (!body)
      return body.error();
    auto rules = read_bybit_rules(*body, names);
    if (!rules)
      return rules.error();
    found.insert(found.end(), rules->rules.begin(), rules->rules.end());
    cursor = rules->next;
    if (cursor.empty())
      break;
  }
  std::vector<instrument_rules> result;
  for (const auto& name : names) {
    auto at = std::find_if(found.begin(), found.end(),
                           [&](const auto& x) { return x.name == name; });
    if (at == found.end())
      return fault{"symbols: Bybit trades no linear perpetual called " + name};
    result.push_back(*at);
  }
  return result;
}

} // namespace

fallible<universe> fetch_instruments(const market_settings& settings,
                                     const std::vector<std::string>& names) {
  auto rules = settings.venue == data_venue::binance
                 ? binance_rules(settings, names)
                 : bybit_rules(settings, names);
  if (!rules)
    return rules.error();
  universe result;
  for (auto& one : *rules) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())}, one);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  return result;
}

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
