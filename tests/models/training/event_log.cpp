#define CAF_SUITE event_log

#include "models/training/event_log.hpp"

#include "models/training/record_frame.hpp"
#include "models/training/tensorboard.pb.h"

#include <caf/test/unit_test.hpp>

#include <cstring>
#include <limits>

using namespace qalpha;
using namespace std::literals;

namespace {

template <class Number>
Number number_at(std::string_view bytes, size_t place) {
  Number result;
  std::memcpy(&result, bytes.data() + place, sizeof(result));
  return result;
}

/// @returns the event of a record whose frame is right.
tensorboard::event event_of(std::string_view record) {
  CAF_REQUIRE(record.size() >= 16);
  auto size = number_at<uint64_t>(record, 0);
  CAF_REQUIRE_EQUAL(record.size(), size + 16);
  CAF_CHECK_EQUAL(number_at<uint32_t>(record, 8),
                  masked(crc32c_of(record.substr(0, 8))));
  auto data = record.substr(12, size);
  CAF_CHECK_EQUAL(number_at<uint32_t>(record, 12 + size),
                  masked(crc32c_of(data)));
  tensorboard::event result;
  CAF_REQUIRE(
    result.ParseFromArray(data.data(), static_cast<int>(data.size())));
  return result;
}

/// @returns the first bytes of a PNG of that kind of colours.
std::string png_head(char kind) {
  return "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x03\x08"s + kind;
}

} // namespace

CAF_TEST(the_checksum_is_that_of_castagnoli) {
  CAF_CHECK_EQUAL(crc32c_of("123456789"), 0xe3069283u);
  CAF_CHECK_EQUAL(crc32c_of(""), 0u);
  // From RFC 3720, B.4.
  CAF_CHECK_EQUAL(crc32c_of(std::string(32, '\0')), 0x8a9136aau);
  CAF_CHECK_EQUAL(crc32c_of(std::string(32, '\xff')), 0x62a8ab43u);
  std::string rising;
  for (char c = 0; c < 32; ++c)
    rising += c;
  CAF_CHECK_EQUAL(crc32c_of(rising), 0x46dd794eu);
}

CAF_TEST(a_file_begins_with_these_bytes) {
  // What TensorFlow writes for the same version and time.
  auto data = "\x09\0\0\0\0\0\0\xf8\x3f\x1a\x0d"
              "brain.Event:2"s;
  CAF_REQUIRE_EQUAL(data.size(), 24u);
  auto head = event_log_head(1.5);
  CAF_CHECK_EQUAL(head.substr(12, 24), data);
  CAF_CHECK_EQUAL(head.substr(0, 12), "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22"s);
  auto event = event_of(head);
  CAF_CHECK_EQUAL(event.file_version(), "brain.Event:2");
}

CAF_TEST(a_scalar_is_these_bytes) {
  training_event event;
  event.wall_seconds = 1.5;
  event.step = 300;
  event.scalars = {{"loss", 0.25f}};
  auto record = event_log_record(event);
  auto data = "\x09\0\0\0\0\0\0\xf8\x3f" // 1: double 1.5
              "\x10\xac\x02"             // 2: varint 300
              "\x2a\x0d"                 // 5: summary of 13 bytes
              "\x0a\x0b"                 // 1: value of 11 bytes
              "\x0a\x04"
              "loss"               // 1: tag
              "\x15\0\0\x80\x3e"s; // 2: float 0.25
  CAF_CHECK_EQUAL(record.substr(12, record.size() - 16), data);
}

CAF_TEST(everything_about_a_step_reads_back) {
  training_event event;
  event.wall_seconds = 1.7e9;
  event.step = 7;
  event.scalars = {{"loss/train", 1}, {"loss/test", -2.5f}};
  std::vector<float> numbers{0, 1, 2, 3, 4};
  event.histograms = {make_histogram("weights", numbers, 4)};
  event.images = {{"latent", 2, 3, png_head(6)}, {"grey", 2, 3, png_head(0)}};
  auto read = event_of(event_log_record(event));
  CAF_CHECK(read.wall_time() == 1.7e9);
  CAF_CHECK_EQUAL(read.step(), 7);
  const auto& values = read.summary().value();
  CAF_REQUIRE_EQUAL(values.size(), 5);
  CAF_CHECK_EQUAL(values[1].tag(), "loss/test");
  CAF_CHECK(values[1].simple_value() == -2.5f);
  CAF_CHECK_EQUAL(values[2].histogram().bucket_size(), 4);
  CAF_CHECK(values[2].histogram().sum_of_squares() == 30);
  CAF_CHECK_EQUAL(values[3].image().encoded_image(), png_head(6));
  CAF_CHECK_EQUAL(values[3].image().colorspace(), 4);
  CAF_CHECK_EQUAL(values[3].image().height(), 3);
  CAF_CHECK_EQUAL(values[4].image().colorspace(), 1);
}

CAF_TEST(a_histogram_counts_each_finite_number_once) {
  auto nan = std::numeric_limits<float>::quiet_NaN();
  auto infinite = std::numeric_limits<float>::infinity();
  std::vector<float> numbers{0, 1, 1, 2, 4, nan, infinite, -infinite};
  auto x = make_histogram("x", numbers, 4);
  CAF_CHECK(x.min == 0);
  CAF_CHECK(x.max == 4);
  CAF_CHECK(x.count == 5);
  CAF_CHECK(x.sum == 8);
  CAF_CHECK(x.sum_of_squares == 22);
  CAF_CHECK(x.limits == (std::vector<double>{1, 2, 3, 4}));
  CAF_CHECK(x.counts == (std::vector<double>{3, 1, 0, 1}));
  CAF_MESSAGE("equal numbers are one bucket, none are none");
  auto same = make_histogram("x", std::vector<float>{3, 3}, 4);
  CAF_CHECK(same.limits == std::vector<double>{3});
  CAF_CHECK(same.counts == std::vector<double>{2});
  auto none = make_histogram("x", std::vector<float>{nan});
  CAF_CHECK(none.limits.empty());
  CAF_CHECK(none.count == 0);
  CAF_MESSAGE("the smallest difference still has its buckets");
  auto next = std::nextafter(1.0f, 2.0f);
  auto close = make_histogram("x", std::vector<float>{1, next}, 50);
  double sum = 0;
  for (auto count : close.counts)
    sum += count;
  CAF_CHECK(sum == 2);
}
