#define CAF_SUITE net_frame_head

#include "runtime/net/frame_head.hpp"

#include <caf/test/dsl.hpp>

#include <random>
#include <string>
#include <vector>

using namespace qalpha;

namespace {

std::string frame(char first, size_t payload, size_t mask_bytes = 0) {
  std::string result{first};
  auto masked = mask_bytes > 0 ? 0x80 : 0;
  auto digits = payload < 126 ? size_t{0} : payload < 65'536 ? size_t{2} : 8;
  auto length = digits == 0 ? payload : digits == 2 ? 126 : 127;
  result += static_cast<char>(length | static_cast<size_t>(masked));
  for (auto i = digits; i-- > 0;)
    result += static_cast<char>(payload >> (8 * i) & 0xFF);
  return result + std::string(mask_bytes + payload, 'x');
}

} // namespace

CAF_TEST(heads_of_all_lengths_are_read_once_they_are_complete) {
  for (size_t payload : {0u, 1u, 125u, 126u, 65'535u, 65'536u, 100'000u})
    for (size_t mask : {0u, 4u}) {
      auto bytes = frame('\x81', payload, mask);
      auto size = bytes.size() - payload;
      for (size_t i = 0; i < size; ++i)
        CAF_CHECK(!frame_head::read(std::string_view{bytes}.substr(0, i)));
      auto head = frame_head::read(std::string_view{bytes}.substr(0, size));
      CAF_REQUIRE(head.has_value());
      CAF_CHECK_EQUAL(head->size, size);
      CAF_CHECK_EQUAL(head->payload, payload);
      CAF_CHECK_EQUAL(head->is_whole_text(), mask == 0);
    }
}

CAF_TEST(the_longest_payload_that_can_be_named_is_read) {
  auto head
    = frame_head::read({"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10});
  CAF_REQUIRE(head.has_value());
  CAF_CHECK_EQUAL(head->payload, ~uint64_t{0});
  CAF_CHECK(!head->is_whole_text());
}

CAF_TEST(frames_end_where_they_end_whatever_the_pieces) {
  std::mt19937 dice{7};
  std::vector<std::string> frames{
    frame('\x81', 5),      frame('\x89', 0),      frame('\x81', 0),
    frame('\x01', 200),    frame('\x8a', 3),      frame('\x80', 70'000),
    frame('\x82', 126, 4), frame('\x81', 65'536), frame('\x88', 2),
  };
  for (int round = 0; round < 200; ++round) {
    frame_cut cut;
    for (auto& whole : frames) {
      // What follows is never taken with it.
      auto rest = std::string_view{whole};
      while (!rest.empty()) {
        auto piece = std::string{rest.substr(0, 1 + dice() % 9'000)};
        auto behind = piece.size() == rest.size() ? "next" : "";
        auto taken = cut.take(piece + behind);
        CAF_REQUIRE_EQUAL(taken, piece.size());
        rest.remove_prefix(taken);
      }
    }
    CAF_CHECK(cut.between_messages());
  }
}

CAF_TEST(a_message_in_pieces_lasts_until_its_last_piece) {
  frame_cut cut;
  auto pass = [&](const std::string& bytes) {
    CAF_CHECK_EQUAL(cut.take(bytes), bytes.size());
    return cut.between_messages();
  };
  CAF_CHECK(cut.between_messages());
  CAF_CHECK(!pass(frame('\x01', 3)));
  CAF_MESSAGE("a ping between them changes nothing");
  CAF_CHECK(!pass(frame('\x89', 3)));
  CAF_CHECK(!pass(frame('\x00', 3)));
  CAF_CHECK(pass(frame('\x80', 3)));
  CAF_CHECK(!pass("\x81"));
}
