// How long a message takes from the venue's socket to a feed that has handled
// it, and what becomes of a node that is sent ten times as much.
//
//   bench_socket_to_feed [--rate N] [--seconds N] [--minute]
//
// First N messages a second for 5 s (by default 50 000), then ten times as many
// for 10 s or a minute; --seconds sets both times.
//
// The way is the real one: TLS and WebSocket on loopback, the collector of
// Binance and its market queue in a `live_market`, a reader that does what the
// thread of a node does (take a frame, send its batches and a pulse to the
// feeds, wait for the pulse), and feeds on the scheduler of a node. Server and
// load run in the same process on the same cores. The load looks at the clock
// every 100 us and hands over what is due.
//
// A latency begins right before the bytes of the message are handed to the
// server's socket, and ends when the feed passes on the pulse that follows the
// batch with this message in its mailbox: then the feed has handled it. So it
// contains the server's own encryption and whatever keeps a shared machine
// busy. The feeds' pulses end there instead of visiting the rest of a pipeline;
// quotes, marks and health go to listeners that drop them.
//
// In the second part the server packs messages into large writes and never has
// more than a window of messages on the way, so that its own memory is bounded
// too: the rate is what the network thread takes. Afterwards book, sequence,
// trades and volume of each feed are compared with what was sent.

#include "runtime/node/frame_clock.hpp"
#include "runtime/venues/live_market.hpp"
#include "tests/bench/busy_venue.hpp"
#include "tests/bench/small_node.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace qalpha;
using bench::busy_venue;
using bench::feed_meter;
using bench::generated_stream;
using bench::now_ns;
using bench::small_node;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int default_rate = 50'000;
constexpr int most_rate = 1'000'000;

/// Messages between the server's socket and the market queue.
constexpr uint64_t window = 16'384;

void pause(timespan length) {
  frame_clock{1}.wait(length);
}

double seconds_since(int64_t begin) {
  return static_cast<double>(now_ns() - begin) / 1e9;
}

double resident_mib() {
  std::ifstream in{"/proc/self/statm"};
  double total = 0;
  double resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto of = [](const timeval& x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

void print_load(const char* when) {
  std::array<double, 3> load{};
  getloadavg(load.data(), 3);
  std::printf("load average %s: %.2f %.2f %.2f, %u cores\n", when, load[0],
              load[1], load[2], std::thread::hardware_concurrency());
}

universe make_instruments() {
  return {
    *instrument::make({0}, {"BTCUSDT", 10'000'000, 100'000, {}, {}}),
    *instrument::make({1}, {"ETHUSDT", 1'000'000, 100'000, {}, {}}),
    *instrument::make({2}, {"XRPUSDT", 10'000, 10'000'000, {}, {}}),
  };
}

/// Everything together.
class arena {
public:
  arena(double rate, seconds calm)
    : rate_(rate), instruments_(make_instruments()),
      venue_(instruments_, {{600'000}, {300'000}, {20'000}}),
      seen_(instruments_.size(),
            static_cast<size_t>(rate * static_cast<double>(calm.count()))
                / (2 * instruments_.size())
              + 1'000) {
    collector_settings collecting;
    collecting.history_bars = 0;
    auto opened = live_market::open({.binance_rest = venue_.address("https"),
                                     .binance_streams = venue_.address("wss"),
                                     .ca_file = venue_.ca_file()},
                                    instruments_, std::chrono::minutes{1},
                                    collecting);
    if (!opened) {
      std::printf("%s\n", opened.error().text.c_str());
      std::exit(1);
    }
    market_ = std::move(*opened);
    node_.emplace(instruments_, seen_, *market_);
  }

  /// @returns whether feeds have handled the first message of all streams.
  bool begin() {
    auto all = wait_for(2 * instruments_.size());
    pushed_before_ = market_->queue_counters().pushed;
    return all;
  }

  void calm(seconds length) {
    std::printf("\n-- %.0f messages/s, each a write of its own, %d s\n", rate_,
                static_cast<int>(length.count()));
    auto all = run(rate_, length, [this](uint64_t count) {
      venue_.send(count, [this](size_t symbol, bool is_trade, uint64_t number) {
        seen_.stamp(symbol, is_trade, number);
      });
    });
    if (all)
      print_latencies();
  }

  void flood(seconds length) {
    auto rate = 10 * rate_;
    std::printf("\n-- %.0f messages/s wanted, packed, %d s\n", rate,
                static_cast<int>(length.count()));
    run(rate, length, [this](uint64_t count) { venue_.send_packed(count); });
  }

  /// @returns whether the feeds are where the venue is.
  bool check();

private:
  bool wait_for(uint64_t messages) {
    auto deadline = clock_type::now() + seconds{30};
    while (seen_.handled() < messages && clock_type::now() < deadline)
      pause(milliseconds{1});
    return seen_.handled() == messages;
  }

  /// @returns whether the feeds have handled everything.
  template <class Send>
  bool run(double rate, seconds length, Send&& send);

  void print_latencies();

  double rate_;
  universe instruments_;
  busy_venue venue_;
  feed_meter seen_;
  std::unique_ptr<live_market> market_;
  std::optional<small_node> node_;
  uint64_t pushed_before_ = 0;
  uint64_t sent_ = 0;
};

template <class Send>
bool arena::run(double rate, seconds length, Send&& send) {
  constexpr uint64_t most_at_once = 512;
  auto before = market_->queue_counters();
  auto sent_before = sent_;
  auto cpu_before = cpu_seconds();
  auto frames_before = node_->frames();
  std::array<double, 3> memory{resident_mib(), 0, 0};
  auto limit = static_cast<double>(length.count());
  auto begin = now_ns();
  double latest = 0;
  for (double passed = 0; passed < limit; passed = seconds_since(begin)) {
    if (memory[1] == 0 && passed > limit / 2)
      memory[1] = resident_mib();
    auto due = static_cast<uint64_t>(rate * passed) + sent_before - sent_;
    latest = std::max(latest, static_cast<double>(due) / rate);
    auto on_the_way = sent_
                      - (market_->queue_counters().pushed - pushed_before_);
    auto room = window - std::min(window, on_the_way);
    auto count = std::min({due, room, most_at_once});
    if (count > 0)
      send(count);
    sent_ += count;
    if (count < most_at_once)
      pause(std::chrono::microseconds{100});
  }
  auto sending = seconds_since(begin);
  auto all = wait_for(sent_ + 2 * instruments_.size());
  auto whole = seconds_since(begin);
  memory[2] = resident_mib();
  auto count = sent_ - sent_before;
  auto reached = static_cast<double>(count) / whole;
  auto after = market_->queue_counters();
  std::printf("messages %lu, reached %.0f/s (handed to the socket at %.0f/s), "
              "server late by %.3f s at most\n",
              count, reached, static_cast<double>(count) / sending, latest);
  if (reached < 0.99 * rate)
    std::printf("the rate was NOT reached: messages wait, and latencies tell "
                "for how long\n");
  std::printf("CPU %.2f s in %.2f s (server included), %lu frames\n",
              cpu_seconds() - cpu_before, whole,
              node_->frames() - frames_before);
  std::printf("overflowed %lu batches, conflated %lu events, dropped %lu, lost "
              "books %lu\n",
              after.overflowed - before.overflowed,
              after.conflation.conflated - before.conflation.conflated,
              after.conflation.dropped - before.conflation.dropped,
              after.conflation.lost_books - before.conflation.lost_books);
  std::printf("resident %.1f MiB at the start, %.1f in the middle, %.1f at the "
              "end (server and tables included)\n",
              memory[0], memory[1], memory[2]);
  if (!all)
    std::printf("NOT ALL WERE HANDLED: %lu of %lu\n", seen_.handled(),
                sent_ + 2 * instruments_.size());
  return all;
}

void arena::print_latencies() {
  std::vector<int64_t> all;
  for (auto& x : seen_.lanes)
    all.insert(all.end(), x.latencies.begin(), x.latencies.end());
  if (all.empty())
    return;
  std::sort(all.begin(), all.end());
  auto at = [&](double q) {
    auto place = static_cast<size_t>(q * static_cast<double>(all.size()));
    return static_cast<double>(all[std::min(all.size() - 1, place)]) / 1e3;
  };
  std::printf("socket to feed, us, %zu messages: P50 %.0f  P99 %.0f  P99.9 "
              "%.0f  P99.99 %.0f  worst %.0f\n",
              all.size(), at(0.5), at(0.99), at(0.999), at(0.9999), at(1));
}

bool arena::check() {
  node_->end_reading();
  auto counts = market_->counters();
  auto faults = std::accumulate(counts.lines.decode_faults.begin(),
                                counts.lines.decode_faults.end(), uint64_t{0});
  std::printf("\ncollector: %lu messages, %.1f MB, decode faults %lu, depth "
              "gaps %lu, trade gaps %lu, trades lost %lu, disconnects %lu\n",
              counts.lines.messages,
              static_cast<double>(counts.lines.bytes) / 1e6, faults,
              counts.depth_gaps, counts.trades.gaps, counts.trades.lost,
              counts.lines.disconnects);
  // On loopback nothing gets lost: what was repaired counts as inexact too.
  auto queue = market_->queue_counters().conflation;
  auto exact = faults == 0 && counts.lines.disconnects == 0
               && counts.depth_gaps == 0 && counts.trades.gaps == 0
               && counts.trades.lost == 0
               && counts.snapshots == instruments_.size() && queue.dropped == 0
               && queue.lost_books == 0;
  for (size_t i = 0; i < instruments_.size(); ++i) {
    auto& sent = venue_.stream(i);
    auto& took = seen_.lanes[i];
    auto& machine = node_->machine(i);
    auto volume = quantity{};
    for (auto& x : machine.history())
      volume += x.volume;
    auto levels = sent.levels();
    auto same = [&](side which) {
      return machine.levels().top(which, 1'000) == levels.top(which, 1'000);
    };
    auto book = same(side::buy) && same(side::sell)
                && took.taken[0] == sent.depth() && machine.gaps() == 0
                && machine.sequence() == sequence_state::exact;
    auto trades = took.trades == sent.trades()
                  && took.last_trade
                       == generated_stream::first_id + sent.trades();
    exact = exact && book && trades && volume == sent.volume()
            && machine.rejected() == 0;
    std::printf("%s: depth updates %lu of %lu, sequence %s, book %s; trades "
                "%lu of %lu, last id %s; volume in bars %ld of %ld lots; "
                "merged %lu, rejected %lu\n",
                instruments_[i].name().c_str(), took.taken[0], sent.depth(),
                std::string{to_string(machine.sequence())}.c_str(),
                book ? "equal" : "NOT EQUAL", took.trades, sent.trades(),
                trades ? "equal" : "NOT EQUAL", volume.lots, sent.volume().lots,
                took.conflated, machine.rejected());
  }
  std::printf("%s\n", exact ? "everything is exact" : "NOT EXACT");
  return exact;
}

} // namespace

int main(int argc, char** argv) {
  auto rate = default_rate;
  auto calm = seconds{5};
  auto flood = seconds{10};
  for (int i = 1; i < argc; ++i) {
    auto word = std::string{argv[i]};
    auto value = i + 1 < argc ? std::atoi(argv[i + 1]) : 0;
    if (word == "--minute") {
      flood = seconds{60};
    } else if (word == "--seconds" && value > 0) {
      calm = flood = seconds{std::min(value, 3'600)};
      ++i;
    } else if (word == "--rate" && value > 0) {
      rate = std::min(value, most_rate);
      ++i;
    } else {
      std::printf("usage: %s [--rate N] [--seconds N] [--minute]\n", argv[0]);
      return 2;
    }
  }
  print_load("before");
  arena all{static_cast<double>(rate), calm};
  if (!all.begin()) {
    std::printf("the streams did not begin\n");
    return 1;
  }
  all.calm(calm);
  all.flood(flood);
  auto exact = all.check();
  print_load("after");
  return exact ? 0 : 1;
}
