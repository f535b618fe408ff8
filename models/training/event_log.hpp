// Training as TensorBoard shows it: events as bytes of a file. Who writes the
// file brings the time. Needs no LibTorch.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One number under a tag such as "loss/train"; tags with the same first part
/// are shown together.
struct event_scalar {
  std::string tag;
  float value = 0;
};

/// How numbers are spread.
struct event_histogram {
  std::string tag;
  double min = 0;
  double max = 0;
  double count = 0;
  double sum = 0;
  double sum_of_squares = 0;
  /// Upper ends of the buckets, rising; the last one is `max`.
  std::vector<double> limits;
  std::vector<double> counts;
};

/// A picture, already a PNG.
struct event_image {
  std::string tag;
  int32_t width = 0;
  int32_t height = 0;
  std::string png;
};

/// What there is to show about one step.
struct training_event {
  /// Seconds since 1970.
  double wall_seconds = 0;
  int64_t step = 0;
  std::vector<event_scalar> scalars;
  std::vector<event_histogram> histograms;
  std::vector<event_image> images;
};

/// @returns the numbers in buckets of equal width; those that are not finite
/// are
///          left out, and of none there is a histogram without buckets.
event_histogram make_histogram(std::string tag, std::span<const float> numbers,
                               size_t buckets = 50);

/// @returns what a file begins with.
std::string event_log_head(double wall_seconds);

/// @returns what to append to the file.
std::string event_log_record(const training_event& event);

} // namespace qalpha
