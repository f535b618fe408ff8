// How long a message takes from the venue's socket to a feed that has handled
// it, and what becomes of a node that is sent ten times as much.
//
//   bench_socket_to_feed [--rate N] [--seconds N] [--minute] [--pin]
//
// First N messages a second (by default 50 000) for 5 s, packed as a venue at
// that rate packs them: the frames that are due go out together, in one write
// and one TLS record a connection. Then the same for 5 s with a write and a
// record for each message, which is mostly a measure of the kernel. Then ten
// times as many for 10 s or a minute; --seconds sets all times. Each part says
// how many writes, messages and bytes were offered.
//
// The way is the real one: TLS and WebSocket on loopback, the collector of
// Binance and its market queue in a `live_market`, a reader that does what the
// thread of a node does (take a frame, send its batches and a pulse to the
// feeds, run these, wait for the pulse). The server
// has a process of its own, which looks at the clock every 100 us, makes what
// is due from frames that were ready before, and hands it over. --pin gives it
// the last core and the node the others; otherwise the kernel shares them out.
//
// A latency begins right before the bytes of the message are handed to the
// server's socket, and ends when the feed passes on the pulse that follows the
// batch with this message in its mailbox: then the feed has handled it. So it
// contains the server's own encryption, its writes ahead of this one, and
// whatever keeps a shared machine busy. What it does not contain is the time by
// which the server was late, which is printed. The feeds' pulses end there
// instead of visiting the rest of a pipeline; quotes, marks and health go to
// listeners that drop them.
//
// In the last part the server hands over nothing while a socket has not taken
// what it got before, so that its own memory is bounded too: the rate is what
// the network thread takes. Afterwards book, sequence, trades and volume of
// each feed are compared with what was sent.

#include "runtime/node/frame_clock.hpp"
#include "runtime/venues/live_market.hpp"
#include "tests/bench/publisher.hpp"
#include "tests/bench/small_node.hpp"

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
using bench::bulletin;
using bench::feed_meter;
using bench::generated_stream;
using bench::now_ns;
using bench::offer;
using bench::packing;
using bench::publisher;
using bench::small_node;
using bench::usage;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int default_rate = 50'000;
constexpr int most_rate = 1'000'000;

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
  arena(const universe& instruments, publisher& venue, const bulletin& board)
    : instruments_(instruments), venue_(venue),
      seen_(instruments_.size(), board) {
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
    handled_ = 2 * instruments_.size();
    return wait_for_all();
  }

  void run(double rate, seconds length, packing how, bool stamped);

  /// @returns whether the feeds are where the venue is.
  bool check();

private:
  bool wait_for_all() {
    auto deadline = clock_type::now() + seconds{30};
    while (seen_.handled() < handled_ && clock_type::now() < deadline)
      pause(milliseconds{1});
    return seen_.handled() == handled_;
  }

  void print_latencies();

  const universe& instruments_;
  publisher& venue_;
  feed_meter seen_;
  std::unique_ptr<live_market> market_;
  std::optional<small_node> node_;
  uint64_t handled_ = 0;
};

void print_offer(const bench::sent_counters& sent, double whole) {
  auto messages = static_cast<double>(sent.messages);
  std::printf("offered: %lu messages of %.0f bytes, %.1f a write, %.0f "
              "writes/s; server late by %.4f s at most\n",
              sent.messages, static_cast<double>(sent.bytes) / messages,
              messages / static_cast<double>(sent.writes),
              static_cast<double>(sent.writes) / whole, sent.latest_seconds);
}

void print_usage(const char* who, const usage& used, uint64_t messages) {
  auto millions = static_cast<double>(messages) / 1e6;
  std::printf("%s: CPU %.2f s, %.2f s a million messages, %.0f switches a "
              "thousand\n",
              who, used.cpu_seconds, used.cpu_seconds / millions,
              static_cast<double>(used.switches) / (1'000 * millions));
}

void arena::run(double rate, seconds length, packing how, bool stamped) {
  std::printf("\n-- %.0f messages/s%s, %d s\n", rate,
              how == packing::alone ? ", each a write of its own" : "",
              static_cast<int>(length.count()));
  auto before = market_->queue_counters();
  auto used_before = usage::now();
  auto frames_before = node_->frames();
  std::array<double, 3> memory{resident_mib(), 0, 0};
  auto begin = now_ns();
  auto length_ns = int64_t{length.count()} * 1'000'000'000;
  venue_.send({.rate = rate,
               .begin_ns = begin,
               .end_ns = begin + length_ns,
               .how = how,
               .stamped = stamped});
  while (!venue_.has_sent()) {
    pause(milliseconds{5});
    if (memory[1] == 0 && now_ns() - begin > length_ns / 2)
      memory[1] = resident_mib();
  }
  auto& sent = venue_.sent();
  handled_ += sent.messages;
  auto all = wait_for_all();
  auto whole = seconds_since(begin);
  memory[2] = resident_mib();
  auto after = market_->queue_counters();
  auto frames = node_->frames() - frames_before;
  auto reached = static_cast<double>(sent.messages) / whole;
  print_offer(sent, whole);
  std::printf("reached %.0f/s, %.1f messages a frame of the node\n", reached,
              static_cast<double>(sent.messages) / static_cast<double>(frames));
  if (reached < 0.98 * rate)
    std::printf("the rate was NOT reached\n");
  print_usage("node", usage::now() - used_before, sent.messages);
  print_usage("server", sent.used, sent.messages);
  std::printf("overflowed %lu batches, conflated %lu events, dropped %lu, lost "
              "books %lu\n",
              after.overflowed - before.overflowed,
              after.conflation.conflated - before.conflation.conflated,
              after.conflation.dropped - before.conflation.dropped,
              after.conflation.lost_books - before.conflation.lost_books);
  std::printf("resident %.1f MiB at the start, %.1f in the middle, %.1f at the "
              "end (tables included)\n",
              memory[0], memory[1], memory[2]);
  if (!all)
    std::printf("NOT ALL WERE HANDLED: %lu of %lu\n", seen_.handled(),
                handled_);
  else if (stamped)
    print_latencies();
}

void arena::print_latencies() {
  auto all = seen_.take_latencies();
  if (all.empty())
    return;
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
    auto& sent = venue_.sent_of(i);
    auto& took = seen_.lanes[i];
    auto& machine = node_->machine(i);
    auto volume = quantity{};
    for (auto& x : machine.history())
      volume += x.volume;
    auto same = [&](size_t which) {
      auto& all = sent.levels[which];
      auto top = machine.levels().top(which == 0 ? side::buy : side::sell,
                                      all.size());
      return std::equal(top.begin(), top.end(), all.begin(),
                        all.begin()
                          + static_cast<ptrdiff_t>(sent.counts[which]));
    };
    auto book = same(0) && same(1) && took.taken[0] == sent.depth
                && machine.gaps() == 0
                && machine.sequence() == sequence_state::exact;
    auto trades = took.trades == sent.trades
                  && took.last_trade
                       == generated_stream::first_id + sent.trades;
    exact = exact && book && trades && volume == sent.volume
            && machine.rejected() == 0;
    std::printf("%s: depth updates %lu of %lu, sequence %s, book %s; trades "
                "%lu of %lu, last id %s; volume in bars %ld of %ld lots; "
                "merged %lu, rejected %lu\n",
                instruments_[i].name().c_str(), took.taken[0], sent.depth,
                std::string{to_string(machine.sequence())}.c_str(),
                book ? "equal" : "NOT EQUAL", took.trades, sent.trades,
                trades ? "equal" : "NOT EQUAL", volume.lots, sent.volume.lots,
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
  auto pin = false;
  for (int i = 1; i < argc; ++i) {
    auto word = std::string{argv[i]};
    auto value = i + 1 < argc ? std::atoi(argv[i + 1]) : 0;
    if (word == "--minute") {
      flood = seconds{60};
    } else if (word == "--pin") {
      pin = true;
    } else if (word == "--seconds" && value > 0) {
      calm = flood = seconds{std::min(value, 3'600)};
      ++i;
    } else if (word == "--rate" && value > 0) {
      rate = std::min(value, most_rate);
      ++i;
    } else {
      std::printf("usage: %s [--rate N] [--seconds N] [--minute] [--pin]\n",
                  argv[0]);
      return 2;
    }
  }
  print_load("before");
  auto instruments = make_instruments();
  auto streams = 2 * static_cast<int64_t>(instruments.size());
  auto numbers = 2 * rate * calm.count() / streams + 1'000;
  auto& board = bulletin::make(static_cast<size_t>(numbers));
  auto last = static_cast<int>(std::thread::hardware_concurrency()) - 1;
  publisher venue{
    instruments, {{600'000}, {300'000}, {20'000}}, board, pin ? last : -1};
  if (pin && last > 0)
    bench::stay_below(static_cast<unsigned>(last));
  arena all{instruments, venue, board};
  if (!all.begin()) {
    std::printf("the streams did not begin\n");
    return 1;
  }
  all.run(rate, calm, packing::due, true);
  all.run(rate, calm, packing::alone, true);
  all.run(10.0 * rate, flood, packing::due, false);
  auto exact = all.check();
  print_load("after");
  return exact ? 0 : 1;
}
