#define CAF_SUITE venues.socket_source

#include "runtime/venues/simulated/socket_source.hpp"

#include "models/market/book.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <memory>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

/// What who decides on a frame gets to know of a symbol.
struct image {
  book levels;
  std::vector<market_event> trades;
  std::vector<market_event> marks;
  bool whole = false;
  bool in_time = true;
  utc_time received;

  void take(const market_batch& batch) {
    received = batch.received;
    for (auto event : batch.events)
      take(event);
  }

  void take(market_event event) {
    // Times are those of the market, not of the machine.
    in_time = in_time && event.time <= received;
    // The numbers of the venue are its own.
    event.sequence = 0;
    switch (event.kind) {
      case market_event_kind::trade:
        trades.push_back(event);
        break;
      case market_event_kind::mark_price:
        marks.push_back(event);
        break;
      case market_event_kind::book_reset:
      case market_event_kind::interrupted:
        levels.clear();
        whole = false;
        break;
      case market_event_kind::bid_level:
        levels.set(side::buy, event.px, event.qty);
        break;
      case market_event_kind::ask_level:
        levels.set(side::sell, event.px, event.qty);
        break;
      case market_event_kind::book_complete:
        whole = true;
        break;
      default:
        break;
    }
  }

  friend bool operator==(const image& a, const image& b) {
    return a.trades == b.trades && a.marks == b.marks && a.whole == b.whole
           && a.in_time && b.in_time && a.received == b.received
           && a.levels.top(side::buy, 100) == b.levels.top(side::buy, 100)
           && a.levels.top(side::sell, 100) == b.levels.top(side::sell, 100);
  }
};

using images = std::map<uint16_t, image>;

/// @returns `true` if the events of a symbol come as a market tells them.
bool ordered(const market_batch& batch) {
  auto rank = [](const market_event& x) {
    if (x.kind == market_event_kind::trade)
      return 0;
    return x.kind == market_event_kind::mark_price
               || x.kind == market_event_kind::index_price
               || x.kind == market_event_kind::funding
               || x.kind == market_event_kind::open_interest
             ? 2
             : 1;
  };
  return std::is_sorted(
    batch.events.begin(), batch.events.end(),
    [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

std::unique_ptr<demo_source> make_demo(demo_settings settings = {}) {
  return std::make_unique<demo_source>(*demo_market::make(settings), 1min, 5s);
}

universe demo_symbols() {
  return demo_market::make({})->instruments();
}

std::unique_ptr<socket_source> wrap(std::unique_ptr<market_source> market,
                                    socket_source_settings settings = {}) {
  auto result = socket_source::open(std::move(market), demo_symbols(),
                                    settings);
  CAF_REQUIRE(result);
  return std::move(*result);
}

/// Plays both markets side by side and counts the frames that differ.
struct comparison {
  images memory;
  images socket;
  int frames = 0;
  int different = 0;

  void play(market_source& truth, market_source& other, int count) {
    for (int i = 0; i < count; ++i) {
      auto sent = truth.next();
      auto got = other.next();
      CAF_REQUIRE(sent && got);
      ++frames;
      different += !same(*sent, *got);
    }
  }

  bool same(const market_frame& sent, const market_frame& got) {
    auto result = sent.time == got.time && sent.venue_down == got.venue_down
                  && sent.batches.size() == got.batches.size();
    for (size_t i = 0; result && i < sent.batches.size(); ++i)
      result = sent.batches[i].symbol == got.batches[i].symbol
               && ordered(got.batches[i]);
    for (auto& batch : sent.batches)
      memory[batch.symbol.index].take(batch);
    for (auto& batch : got.batches)
      socket[batch.symbol.index].take(batch);
    return result && memory == socket;
  }
};

/// A freeze of SOLUSDT and an outage soon after the start.
demo_settings eventful() {
  demo_settings result;
  result.script.freeze_at = 3s;
  result.script.freeze_for = 2s;
  result.script.outage_at = 6s;
  result.script.outage_for = 1s;
  result.script.crash_at = 8s;
  return result;
}

/// Frames that a test thinks up.
class written_market final : public market_source {
public:
  explicit written_market(std::vector<market_frame> frames)
    : frames_(std::move(frames)) {
    // nop
  }

  std::vector<bar_closed> history() override {
    return {};
  }

  std::optional<market_frame> next() override {
    if (at_ == frames_.size())
      return std::nullopt;
    return frames_[at_++];
  }

  std::string save() const override {
    return {};
  }

  bool restore(std::string_view) override {
    return false;
  }

private:
  std::vector<market_frame> frames_;
  size_t at_ = 0;
};

constexpr utc_time noon{1'767'268'800'000'000'000};

} // namespace

CAF_TEST(frames_are_those_of_the_market_through_all_accidents) {
  auto truth = make_demo(eventful());
  auto socket = wrap(make_demo(eventful()));
  CAF_CHECK(truth->history() == socket->history());
  comparison both;
  both.play(*truth, *socket, 400);
  CAF_CHECK_EQUAL(both.different, 0);
  CAF_CHECK(both.memory.at(0).trades.size() > 50);
  auto counted = socket->counters();
  CAF_CHECK_EQUAL(counted.lines.connects, 2u);
  CAF_CHECK_EQUAL(counted.in_step, 3u);
  // Three at the start and one after the freeze.
  CAF_CHECK_EQUAL(counted.snapshots, 4u);
  CAF_CHECK_EQUAL(counted.trades.gaps, 0u);
  for (auto faults : counted.lines.decode_faults)
    CAF_CHECK_EQUAL(faults, 0u);
}

CAF_TEST(restored_market_goes_on_with_whole_books) {
  // In the freeze and outside of it.
  for (auto frames : {20, 40}) {
    auto truth = make_demo(eventful());
    auto socket = wrap(make_demo(eventful()));
    truth->history();
    socket->history();
    comparison both;
    both.play(*truth, *socket, frames);
    auto saved = socket->save();
    CAF_CHECK(saved == truth->save());
    socket.reset();
    socket = wrap(make_demo(eventful()));
    CAF_CHECK(!socket->restore("another market"));
    CAF_REQUIRE(socket->restore(saved));
    CAF_CHECK(socket->books() == truth->books());
    both.play(*truth, *socket, 100);
    CAF_CHECK_EQUAL(both.different, 0);
  }
}

CAF_TEST(connection_that_is_lost_between_frames_costs_nothing) {
  auto truth = make_demo();
  auto socket = wrap(make_demo());
  comparison both;
  both.play(*truth, *socket, 20);
  socket->venue().hang_up();
  both.play(*truth, *socket, 20);
  CAF_CHECK_EQUAL(both.different, 0);
  auto counted = socket->counters();
  CAF_CHECK_EQUAL(counted.lines.disconnects, 2u);
  CAF_CHECK_EQUAL(counted.lines.connects, 4u);
  CAF_CHECK_EQUAL(counted.snapshots, 6u);
  CAF_CHECK_EQUAL(counted.trades.gaps, 0u);
}

CAF_TEST(end_of_the_market_is_the_end) {
  auto socket = wrap(std::make_unique<written_market>(
    std::vector<market_frame>{{.time = noon, .batches = {}}}));
  auto frame = socket->next();
  CAF_REQUIRE(frame);
  CAF_CHECK(frame->time == noon);
  CAF_CHECK(frame->batches.empty());
  CAF_CHECK(!socket->next());
}

CAF_TEST(what_does_not_arrive_is_named) {
  // No collector believes in a price of zero.
  market_frame frame{
    .time = noon,
    .batches = {{.symbol = {1},
                 .received = noon,
                 .events = {{.time = noon, .px = {330'000}, .qty = {5}},
                            {.time = noon, .px = {0}, .qty = {5}}}}}};
  auto socket = wrap(std::make_unique<written_market>(std::vector{frame}),
                     {.patience = 200ms});
  std::string text;
  try {
    socket->next();
  } catch (const std::runtime_error& ex) {
    text = ex.what();
  }
  CAF_MESSAGE(text);
  CAF_CHECK(text.find("ETHUSDT") != std::string::npos);
  CAF_CHECK(text.find("expected 2 trades") != std::string::npos);
  CAF_CHECK(text.find("found 1, 0 and 0") != std::string::npos);
}
