// What the raw recorder costs and what it saves.
//
// Records a session of a venue, over and over: how long `append` takes on the
// thread that calls it, how fast everything is on the disk, and how large. The
// peer of the size in the same run is gzip -6 of the same bytes, all in one
// stream, which no crash would leave readable.
//
//   bench_recorder [LINES.gz]   lines `<ns> <json>`; without it, made-up ones

#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/raw/raw_recorder.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <zlib.h>

namespace {

using namespace qalpha;
using clock_type = std::chrono::steady_clock;

struct sample {
  utc_time received;
  std::string bytes;
};

double seconds_since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

std::vector<sample> read_session(const std::string& file) {
  std::vector<sample> result;
  line_input lines{file};
  while (auto line = lines.next()) {
    auto blank = line->find(' ');
    if (blank == line->npos)
      continue;
    int64_t time = 0;
    std::from_chars(line->data(), line->data() + blank, time);
    result.push_back({{time}, std::string{line->substr(blank + 1)}});
  }
  if (lines.error()) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), lines.error()->c_str());
    std::exit(1);
  }
  return result;
}

std::vector<sample> make_session() {
  std::vector<sample> result;
  uint64_t dice = 1;
  for (int64_t i = 0; i < 100'000; ++i) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    auto text = std::to_string(dice >> 40);
    result.push_back({{1'700'000'000'000'000'000 + i * 3'000'000},
                      R"({"stream":"btcusdt@bookTicker","data":{"u":)"
                        + std::to_string(5'123'107'839'020 + i) + R"(,"b":")"
                        + text + R"(","B":"2.507","a":")" + text
                        + R"(","A":"2.510"}})"});
  }
  return result;
}

uint64_t gzip_size(const std::vector<sample>& session) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::vector<unsigned char> out(1u << 16);
  uint64_t result = 0;
  auto feed = [&](const std::string& bytes, int flush) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    do {
      z.next_out = out.data();
      z.avail_out = static_cast<uInt>(out.size());
      deflate(&z, flush);
      result += out.size() - z.avail_out;
    } while (z.avail_out == 0);
  };
  for (auto& message : session)
    feed(message.bytes + "\n", Z_NO_FLUSH);
  feed("", Z_FINISH);
  deflateEnd(&z);
  return result;
}

struct outcome {
  double append_ns;
  double seconds;
  raw_recorder_counts counts;
};

/// Records the session `rounds` times. With `interval`, what is there is
/// written whenever so much time of the session has passed, as in real time.
outcome record(const std::vector<sample>& session, int rounds,
               timespan interval) {
  auto pattern
    = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    std::exit(1);
  raw_recorder_settings how;
  how.queue_bytes = size_t{1} << 30;
  auto opened = raw_recorder::open(pattern, {"bench", "1", "binance", {}}, how,
                                   session.front().received);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().text.c_str());
    std::exit(1);
  }
  auto& recorder = **opened;
  constexpr timespan patience = std::chrono::minutes{1};
  auto begin = clock_type::now();
  auto flushed = session.front().received;
  for (int round = 0; round < rounds; ++round)
    for (auto& message : session) {
      recorder.append(
        {message.received, raw_kind::message, "public", {}, message.bytes});
      if (interval.count() > 0 && message.received - flushed >= interval) {
        flushed = message.received;
        recorder.flush(patience);
      }
    }
  auto appended = seconds_since(begin);
  recorder.flush(patience);
  auto written = seconds_since(begin);
  auto counts = recorder.counts();
  recorder.close();
  std::filesystem::remove_all(pattern);
  auto n = static_cast<double>(session.size()) * rounds;
  return {appended * 1e9 / n, written, counts};
}

} // namespace

int main(int argc, char** argv) {
  auto session = argc > 1 ? read_session(argv[1]) : make_session();
  if (session.empty()) {
    std::fprintf(stderr, "expected lines `<ns> <json>`, found none\n");
    return 1;
  }
  uint64_t bytes = 0;
  for (auto& message : session)
    bytes += message.bytes.size() + 1;
  auto ratio = [bytes](uint64_t size) {
    return static_cast<double>(bytes) / static_cast<double>(size);
  };
  std::printf("%zu messages, %.1f MB, %.0f bytes each\n", session.size(),
              bytes / 1e6, static_cast<double>(bytes) / session.size());
  constexpr int rounds = 5;
  auto fast = record(session, rounds, {});
  auto n = static_cast<double>(session.size()) * rounds;
  std::printf("append                 %8.0f ns a record\n", fast.append_ns);
  std::printf("all in the file        %8.0f messages/s, %.0f MB/s\n",
              n / fast.seconds, bytes * rounds / 1e6 / fast.seconds);
  std::printf("dropped                %8llu\n",
              static_cast<unsigned long long>(fast.counts.dropped.records));
  std::printf("ratio, full blocks     %8.2f\n",
              ratio(fast.counts.file_bytes / rounds));
  auto paced = record(session, 1, raw_recorder_settings{}.flush_every);
  std::printf("ratio, paced as lived  %8.2f\n", ratio(paced.counts.file_bytes));
  auto begin = clock_type::now();
  auto gzip = gzip_size(session);
  std::printf("ratio, gzip -6         %8.2f at %.0f MB/s\n", ratio(gzip),
              bytes / 1e6 / seconds_since(begin));
}
