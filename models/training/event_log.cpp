#include "models/training/event_log.hpp"

#include "models/training/record_frame.hpp"
#include "models/training/tensorboard.pb.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace qalpha {

namespace {

/// How many channels a PNG has, by the byte of its header that says so.
int32_t channels_of(std::string_view png) noexcept {
  // Behind the signature (8), length and name of the first part (8), width,
  // height (8) and bits a channel (1).
  constexpr size_t place_of_kind = 25;
  auto kind = png.size() > place_of_kind ? png[place_of_kind] : '\0';
  switch (kind) {
    case 0:
      return 1;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 3;
  }
}

void add(tensorboard::summary& to, const event_scalar& x) {
  auto value = to.add_value();
  value->set_tag(x.tag);
  value->set_simple_value(x.value);
}

void add(tensorboard::summary& to, const event_histogram& x) {
  auto value = to.add_value();
  value->set_tag(x.tag);
  auto histogram = value->mutable_histogram();
  histogram->set_min(x.min);
  histogram->set_max(x.max);
  histogram->set_count(x.count);
  histogram->set_sum(x.sum);
  histogram->set_sum_of_squares(x.sum_of_squares);
  for (auto limit : x.limits)
    histogram->add_bucket_limit(limit);
  for (auto count : x.counts)
    histogram->add_bucket(count);
}

void add(tensorboard::summary& to, const event_image& x) {
  auto value = to.add_value();
  value->set_tag(x.tag);
  auto image = value->mutable_image();
  image->set_width(x.width);
  image->set_height(x.height);
  image->set_colorspace(channels_of(x.png));
  image->set_encoded_image(x.png);
}

/// Sets everything but the buckets.
void measure(event_histogram& into, const std::vector<float>& numbers) {
  auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  into.min = *low;
  into.max = *high;
  into.count = static_cast<double>(numbers.size());
  for (double x : numbers) {
    into.sum += x;
    into.sum_of_squares += x * x;
  }
}

} // namespace

event_histogram make_histogram(std::string tag, std::span<const float> numbers,
                               size_t buckets) {
  event_histogram result;
  result.tag = std::move(tag);
  std::vector<float> finite;
  for (auto x : numbers)
    if (std::isfinite(x))
      finite.push_back(x);
  if (finite.empty())
    return result;
  measure(result, finite);
  if (result.min == result.max || buckets == 0)
    buckets = 1;
  auto width = (result.max - result.min) / static_cast<double>(buckets);
  for (size_t i = 1; i < buckets; ++i)
    result.limits.push_back(result.min + width * static_cast<double>(i));
  result.limits.push_back(result.max);
  result.counts.resize(buckets);
  for (double x : finite) {
    auto place = std::lower_bound(result.limits.begin(), result.limits.end(),
                                  x);
    ++result.counts[static_cast<size_t>(place - result.limits.begin())];
  }
  return result;
}

std::string event_log_head(double wall_seconds) {
  tensorboard::event event;
  event.set_wall_time(wall_seconds);
  event.set_file_version("brain.Event:2");
  return framed(event.SerializeAsString());
}

std::string event_log_record(const training_event& event) {
  tensorboard::event result;
  result.set_wall_time(event.wall_seconds);
  result.set_step(event.step);
  auto& summary = *result.mutable_summary();
  for (const auto& x : event.scalars)
    add(summary, x);
  for (const auto& x : event.histograms)
    add(summary, x);
  for (const auto& x : event.images)
    add(summary, x);
  return framed(result.SerializeAsString());
}

} // namespace qalpha
