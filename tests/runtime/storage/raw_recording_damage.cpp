#define CAF_SUITE storage_raw_damage

#include "runtime/storage/raw/raw_lock.hpp"
#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr uint64_t total = 24;

/// A small recording of several blocks in one segment.
struct sample {
  scratch place;
  fs::path segment = place.root() / "000001.qraw";
  std::string bytes;

  sample() {
    auto recorder = record_in(place.root());
    record_messages(*recorder, 1, total, 6);
    recorder->close();
    bytes = bytes_of_file(segment);
  }

  void forget_manifest() const {
    fs::remove(manifest_of(place.root()));
  }
};

/// @returns what is wrong with a reading of a damaged sample: every record must
///          be one that was put, in its place, or be counted as lost.
std::string objection(const whole_recording& found) {
  uint64_t next = 1;
  for (auto& record : found.records) {
    if (record.sequence != next)
      return "record " + std::to_string(next) + " is missing without a word";
    if (auto loss = loss_of(record.view())) {
      next += loss->records;
      continue;
    }
    if (record != message_of(next))
      return "record " + std::to_string(next) + " differs";
    ++next;
  }
  return next == total + 1 ? "" : "the end is missing without a word";
}

} // namespace

CAF_TEST(a_segment_cut_at_any_byte_gives_its_whole_blocks_and_counts_the_rest) {
  sample from;
  from.forget_manifest();
  for (size_t size = 0; size <= from.bytes.size(); ++size) {
    put_file(from.segment, std::string_view{from.bytes}.substr(0, size));
    auto found = read_all(from.place.root());
    CAF_CHECK_EQUAL(found.fault, "");
    CAF_CHECK(size == from.bytes.size() || !found.damage.none());
    // Without the header nothing is known about what was there.
    if (found.damage.torn_bytes == size)
      CAF_CHECK(found.records.empty());
    else
      CAF_CHECK_EQUAL(objection(found), "");
  }
}

CAF_TEST(a_sealed_segment_that_was_cut_is_refused) {
  sample from;
  put_file(from.segment, std::string_view{from.bytes}.substr(0, 500));
  CAF_CHECK_EQUAL(reader_fault(from.place.root()),
                  from.segment.string() + ": expected "
                    + std::to_string(from.bytes.size()) + " bytes, found 500");
  CAF_CHECK_EQUAL(objection(read_all(from.place.root(), true)), "");
}

CAF_TEST(a_flipped_bit_costs_a_block_and_never_passes_for_data) {
  sample from;
  for (size_t i = 0; i < 2 * from.bytes.size(); ++i) {
    // Two bits of every byte, all eight in turn.
    auto damaged = from.bytes;
    auto& byte = damaged[i / 2];
    byte = static_cast<char>(byte ^ 1 << (i / 2 + 3 * (i % 2)) % 8);
    put_file(from.segment, damaged);
    auto found = read_all(from.place.root());
    if (found.fault.empty())
      CAF_CHECK_EQUAL(objection(found), "");
    else
      CAF_CHECK(found.fault.starts_with(from.segment.string() + ": "));
  }
}

CAF_TEST(a_damaged_block_in_the_middle_is_told_where_it_is_missing) {
  sample from;
  auto second = from.bytes.find(raw_block_magic,
                                from.bytes.find(raw_block_magic) + 1);
  auto damaged = from.bytes;
  damaged[second + raw_block_header::size + 5] ^= 1;
  put_file(from.segment, damaged);
  auto found = read_all(from.place.root());
  CAF_REQUIRE_EQUAL(found.records.size(), total - 6 + 1);
  uint64_t bytes = 0;
  for (uint64_t number = 7; number <= 12; ++number)
    bytes += message_of(number).bytes.size();
  CAF_CHECK(found.records[6].kind == raw_kind::lost);
  CAF_CHECK_EQUAL(found.records[6].sequence, 7u);
  CAF_CHECK(loss_of(found.records[6].view()) == (raw_loss{true, 6, bytes}));
  CAF_CHECK(found.damage.damaged_bytes > raw_block_header::size);
  CAF_CHECK(!found.damage.none());
  auto inventory = take_inventory(from.place.root(), false);
  CAF_REQUIRE(inventory);
  CAF_REQUIRE_EQUAL(check_sums(*inventory).size(), 1u);
  CAF_CHECK(contains(check_sums(*inventory)[0], "expected the SHA-256"));
}

CAF_TEST(what_is_no_recording_is_refused_in_one_line) {
  scratch place;
  auto root = place.root();
  CAF_CHECK_EQUAL(reader_fault(root / "nowhere"),
                  (root / "nowhere").string()
                    + ": expected the directory of a raw recording");
  CAF_CHECK_EQUAL(reader_fault(root),
                  root.string()
                    + ": expected a raw recording, found no segments such as "
                      "000001.qraw");
  auto file = (root / "000001.qraw").string();
  put_file(file, "timestamp,open,high,low,close,volume\n");
  CAF_CHECK_EQUAL(reader_fault(root),
                  file
                    + ": expected a segment of a raw recording, found other "
                      "bytes");
  CAF_CHECK_EQUAL(recorder_fault(root), reader_fault(root));
  fs::remove(file);
  fs::create_directory(file);
  CAF_CHECK_EQUAL(reader_fault(root), file + ": expected a regular file");
}

CAF_TEST(another_version_is_refused_by_reader_and_recorder) {
  sample from;
  auto other = from.bytes;
  other[8] = 2;
  put_file(from.segment, other);
  auto text = from.segment.string()
              + ": expected version 1 of the layout, found 2";
  CAF_CHECK_EQUAL(reader_fault(from.place.root()), text);
  CAF_CHECK_EQUAL(recorder_fault(from.place.root()), text);
}

CAF_TEST(a_segment_that_never_got_its_header_makes_room_for_the_next_one) {
  sample from;
  auto second = from.place.root() / "000002.qraw";
  put_file(second, std::string_view{from.bytes}.substr(0, 30));
  CAF_CHECK_EQUAL(read_all(from.place.root()).messages().size(), total);
  auto recorder = record_in(from.place.root());
  CAF_REQUIRE_EQUAL(recorder->recovery().notes.size(), 1u);
  CAF_CHECK(contains(recorder->recovery().notes[0], "removed"));
  CAF_CHECK_EQUAL(recorder->recovery().next_number, 2u);
  CAF_CHECK(recorder->recovery().lost == raw_loss{});
  recorder->close();
  CAF_CHECK_EQUAL(objection(read_all(from.place.root())), "");
}

CAF_TEST(a_missing_segment_is_refused_or_told_as_a_loss) {
  for (auto with_manifest : {true, false}) {
    scratch place;
    auto how = small_blocks();
    how.segment_bytes = 1;
    auto recorder = record_in(place.root(), how);
    record_messages(*recorder, 1, total, 6);
    recorder->close();
    if (!with_manifest)
      fs::remove(manifest_of(place.root()));
    auto file = place.root() / "000002.qraw";
    fs::remove(file);
    CAF_CHECK(reader_fault(place.root())
                .starts_with(file.string() + ": the segment is missing"));
    auto found = read_all(place.root(), true);
    CAF_CHECK_EQUAL(objection(found), "");
    CAF_CHECK(found.damage.lost.exact);
    CAF_CHECK_EQUAL(found.damage.lost.records, 6u);
  }
}

CAF_TEST(a_recording_whose_beginning_is_gone_says_where_it_begins) {
  for (auto with_manifest : {true, false}) {
    scratch place;
    auto how = small_blocks();
    how.segment_bytes = 1;
    auto recorder = record_in(place.root(), how);
    record_messages(*recorder, 1, total, 6);
    recorder->close();
    auto whole = read_all(place.root());
    CAF_CHECK(whole.damage.none());
    CAF_CHECK_EQUAL(whole.damage.first_segment, 1u);
    CAF_CHECK_EQUAL(whole.damage.first_sequence, 1u);
    if (!with_manifest)
      fs::remove(manifest_of(place.root()));
    fs::remove(place.root() / "000001.qraw");
    fs::remove(place.root() / "000002.qraw");
    auto found = read_all(place.root(), true);
    CAF_CHECK_EQUAL(objection(found), "");
    CAF_REQUIRE(!found.records.empty());
    CAF_CHECK(found.records[0].kind == raw_kind::lost);
    CAF_CHECK(!found.damage.none());
    CAF_CHECK_EQUAL(found.damage.lost.records, 12u);
    CAF_CHECK_EQUAL(found.damage.first_segment, 3u);
    CAF_CHECK_EQUAL(found.damage.first_sequence, 13u);
    auto& notes = found.damage.notes;
    CAF_CHECK(std::any_of(notes.begin(), notes.end(), [](auto& text) {
      return contains(text, "it begins with 000003.qraw and record 13");
    }));
  }
}

CAF_TEST(a_segment_under_the_name_of_another_is_refused) {
  sample from;
  from.forget_manifest();
  fs::rename(from.segment, from.place.root() / "000002.qraw");
  CAF_CHECK(contains(reader_fault(from.place.root()),
                     "the header says that it is 000001.qraw"));
}

CAF_TEST(a_damaged_manifest_is_refused_by_the_reader_and_made_anew) {
  sample from;
  auto file = manifest_of(from.place.root());
  for (auto text : {"", "{", "{\"segments\":3}", "{\"segments\":[7]}"}) {
    put_file(file, text);
    CAF_CHECK(
      reader_fault(from.place.root()).starts_with(file.string() + ": "));
  }
  auto recorder = record_in(from.place.root());
  CAF_REQUIRE_EQUAL(recorder->recovery().notes.size(), 1u);
  CAF_CHECK(contains(recorder->recovery().notes[0], "it is made anew"));
  CAF_CHECK_EQUAL(recorder->recovery().next_sequence, total + 1);
  recorder->close();
  CAF_CHECK_EQUAL(objection(read_all(from.place.root())), "");
}

CAF_TEST(deeply_nested_json_as_a_manifest_is_no_manifest) {
  sample from;
  put_file(manifest_of(from.place.root()), std::string(1'000'000, '['));
  CAF_CHECK(contains(reader_fault(from.place.root()), "as JSON"));
}

CAF_TEST(without_counters_an_unsealed_end_is_not_called_complete) {
  sample from;
  from.forget_manifest();
  fs::remove(tally_of(from.place.root()));
  auto found = read_all(from.place.root());
  CAF_CHECK_EQUAL(found.messages().size(), total);
  CAF_CHECK(!found.damage.none());
  auto recorder = record_in(from.place.root());
  CAF_CHECK(!recorder->recovery().lost.exact);
}
