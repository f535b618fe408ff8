// Numbers in files and medians of times, for benchmarks that a script compares.

#pragma once

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include <time.h>

namespace qalpha::bench {

/// @returns the doubles of a file as they lie in memory.
inline std::vector<double> read_numbers(const std::string& path) {
  std::ifstream in{path, std::ios::binary | std::ios::ate};
  std::vector<double> result(static_cast<size_t>(in.tellg()) / sizeof(double));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(result.data()),
          static_cast<std::streamsize>(result.size() * sizeof(double)));
  return result;
}

inline void write_numbers(const std::string& path,
                          const std::vector<double>& x) {
  std::ofstream{path, std::ios::binary}.write(
    reinterpret_cast<const char*>(x.data()),
    static_cast<std::streamsize>(x.size() * sizeof(double)));
}

/// @returns seconds that this process has had a processor: others on the
/// machine count less than by the clock.
inline double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec)
         + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// @returns the median of as many batches as half a second holds. One run may
/// be shorter than what the clock is wrong by where a machine is shared.
template <class Work>
double median_seconds(Work work) {
  auto begin = processor_seconds();
  work();
  auto once = std::max(processor_seconds() - begin, 1e-6);
  auto runs = static_cast<size_t>(0.01 / once) + 1;
  std::vector<double> batches;
  auto end = begin + 0.5;
  while (batches.size() < 3 || processor_seconds() < end) {
    begin = processor_seconds();
    for (size_t run = 0; run < runs; ++run)
      work();
    batches.push_back((processor_seconds() - begin)
                      / static_cast<double>(runs));
  }
  std::sort(batches.begin(), batches.end());
  return batches[batches.size() / 2];
}

} // namespace qalpha::bench
