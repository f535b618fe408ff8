#include "runtime/venues/collector.hpp"

#include "runtime/venues/stream_line.hpp"
#include "runtime/venues/symbol_desk.hpp"

#include <utility>
#include <vector>

namespace qalpha {

class collector::service final : public line_listener {
public:
  service(std::unique_ptr<venue_dialect> dialect, universe instruments,
          std::unique_ptr<rest_queue> rest, collector_settings settings,
          std::vector<tls_trust> trusts, std::vector<line_plan> plans,
          market_sink& sink, raw_sink* tap)
    : dialect_(std::move(dialect)), instruments_(std::move(instruments)),
      rest_(std::move(rest)), settings_(settings), trusts_(std::move(trusts)),
      connections_(settings.connections), tap_(tap),
      desk_(home_, *dialect_, instruments_, *rest_, settings_, sink, tap_,
            [this](symbol_id symbol) { renew(symbol); }) {
    for (size_t i = 0; i < plans.size(); ++i) {
      contexts_.push_back({home_, trusts_[i], *dialect_, connections_, counts_,
                           *this, tap_, settings_.line});
      lines_.push_back(std::make_unique<stream_line>(
        contexts_.back(), i, std::move(plans[i]), settings_.seed + i));
    }
    proved_.resize(instruments_.size(), std::vector<bool>(lines_.size(), true));
    for (size_t i = 0; i < lines_.size(); ++i)
      forget(i);
  }

  ~service() {
    stop();
  }

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  void start() {
    home_.post([this] {
      for (auto& line : lines_)
        line->start();
      desk_.start();
    });
  }

  void stop() {
    if (std::exchange(stopped_, true))
      return;
    rest_->stop();
    home_.run([this] {
      for (auto& line : lines_)
        line->stop();
      lines_.clear();
    });
    home_.stop();
  }

  void resync(symbol_id symbol) {
    home_.post([this, symbol] { desk_.resync(symbol); });
  }

  collector_counters counters() {
    collector_counters result;
    at_home([&] {
      result.lines = counts_;
      for (auto& line : lines_)
        line->add_counters(result.lines);
      desk_.add_counters(result);
    });
    result.rest = rest_->counters();
    return result;
  }

  std::optional<timespan> clock_difference() {
    std::optional<timespan> result;
    at_home([&] { result = desk_.clock_difference(); });
    return result;
  }

  // -- from the lines ---------------------------------------------------------

  void on_messages(utc_time received, const message_list& messages) override {
    desk_.take(received, messages);
  }

  void on_drained() override {
    desk_.flush();
  }

  void on_proved(size_t line, symbol_id symbol, bool all) override {
    proved_[symbol.index][line] = all;
    desk_.ready(symbol, is_ready(symbol));
  }

  void on_lost(size_t line) override {
    forget(line);
    for (auto& x : instruments_)
      if (!proved_[x.id().index][line]) {
        desk_.interrupt(x.id());
        desk_.ready(x.id(), false);
      }
    // What the connection brought before it ended.
    desk_.flush();
  }

private:
  // The symbols of a line have everything to prove.
  void forget(size_t line) {
    for (auto& stream : lines_[line]->streams())
      proved_[stream.symbol.index][line] = false;
  }

  bool is_ready(symbol_id symbol) const {
    for (auto proved : proved_[symbol.index])
      if (!proved)
        return false;
    return true;
  }

  void renew(symbol_id symbol) {
    for (auto& line : lines_)
      line->resubscribe(symbol, kind_of<symbol_snapshot>);
  }

  void at_home(const network_thread::task& what) {
    if (stopped_)
      what();
    else
      home_.run(what);
  }

  std::unique_ptr<venue_dialect> dialect_;
  universe instruments_;
  std::unique_ptr<rest_queue> rest_;
  collector_settings settings_;
  std::vector<tls_trust> trusts_;
  request_budget connections_;
  line_counters counts_;
  raw_tap tap_;
  network_thread home_;
  symbol_desk desk_;
  std::deque<line_context> contexts_;
  std::vector<std::unique_ptr<stream_line>> lines_;
  // By symbol and line. True where a line has no stream of the symbol.
  std::vector<std::vector<bool>> proved_;
  bool stopped_ = false;
};

collector::collector(std::unique_ptr<service> serving)
  : service_(std::move(serving)) {
  // nop
}

collector::~collector() = default;

fallible<std::unique_ptr<collector>>
collector::make(std::unique_ptr<venue_dialect> dialect,
                const universe& instruments, endpoint rest,
                collector_settings settings, market_sink& sink, raw_sink* tap) {
  settings.rest.where = std::move(rest);
  settings.rest.weight_header = dialect->weight_header();
  auto queue = rest_queue::make(settings.rest);
  if (!queue)
    return queue.error();
  auto plans = dialect->plan();
  std::vector<tls_trust> trusts;
  for (auto& plan : plans) {
    auto trust = tls_trust::make(plan.to.where.ca_file);
    if (!trust)
      return fault{plan.name + ": " + trust.error().text};
    trusts.push_back(std::move(*trust));
  }
  return std::unique_ptr<collector>{new collector{std::make_unique<service>(
    std::move(dialect), instruments, std::move(*queue), settings,
    std::move(trusts), std::move(plans), sink, tap)}};
}

void collector::start() {
  service_->start();
}

void collector::resync(symbol_id symbol) {
  service_->resync(symbol);
}

void collector::stop() {
  service_->stop();
}

collector_counters collector::counters() const {
  return service_->counters();
}

std::optional<timespan> collector::clock_difference() const {
  return service_->clock_difference();
}

} // namespace qalpha
