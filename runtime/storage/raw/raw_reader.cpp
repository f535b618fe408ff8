#include "runtime/storage/raw/raw_reader.hpp"

#include "runtime/storage/raw/raw_lock.hpp"
#include "runtime/storage/raw/raw_recovery.hpp"
#include "runtime/storage/raw/raw_tally.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace qalpha {

namespace {

constexpr size_t most_notes = 100;

uint64_t difference(uint64_t a, uint64_t b) noexcept {
  return a > b ? a - b : 0;
}

void add(raw_loss& sum, const raw_loss& loss) noexcept {
  sum.exact = sum.exact && loss.exact;
  sum.records += loss.records;
  sum.bytes += loss.bytes;
}

/// @returns the sum of `raw_record::bytes` in a block.
uint64_t bytes_of(std::string_view records) noexcept {
  uint64_t result = 0;
  while (auto record = take_record(records))
    result += record->bytes.size();
  return result;
}

} // namespace

raw_reader::raw_reader(raw_inventory inventory)
  : inventory_(std::move(inventory)) {
  for (auto& text : inventory_.notes)
    note(text);
}

fallible<raw_reader> raw_reader::open(std::filesystem::path directory,
                                      const raw_reader_options& options) {
  auto inventory = take_inventory(std::move(directory), options.allow_gaps);
  if (!inventory)
    return inventory.error();
  raw_reader result{std::move(*inventory)};
  result.next_segment();
  return result;
}

void raw_reader::note(std::string text) {
  if (damage_.notes.size() < most_notes)
    damage_.notes.push_back(std::move(text));
}

std::string raw_reader::path_of_segment() const {
  return (inventory_.directory / segment_name(number_)).string();
}

std::optional<raw_record> raw_reader::next() {
  for (;;) {
    if (pending_)
      return tell_loss();
    if (left_ > 0) {
      if (auto record = take())
        return record;
    } else if (segment_ && !next_block()) {
      end_segment();
    } else if (!segment_ && !next_segment()) {
      if (std::exchange(ended_, true))
        return std::nullopt;
      end_recording();
    }
  }
}

// -- losses -------------------------------------------------------------------

/// Losses that follow each other without a record between are told as one.
void raw_reader::lose(const raw_loss& loss) {
  add(damage_.lost, loss);
  if (!pending_) {
    pending_ = raw_loss{};
    pending_sequence_ = expected_;
  }
  add(*pending_, loss);
}

raw_record raw_reader::tell_loss() {
  note(inventory_.directory.string() + ": before record "
       + std::to_string(expected_) + ", " + to_string(*pending_)
       + " are missing");
  loss_text_ = to_bytes(*pending_);
  sequence_ = pending_sequence_;
  pending_.reset();
  return {last_time_, raw_kind::lost, {}, {}, loss_text_};
}

// -- segments -----------------------------------------------------------------

/// @returns `false` after the last one.
bool raw_reader::next_segment() {
  while (next_number_ < inventory_.numbers.size()) {
    auto number = inventory_.numbers[next_number_++];
    auto opened = raw_segment::open(inventory_.directory, number);
    // What is wrong is among the notes of the inventory.
    if (!opened)
      continue;
    number_ = number;
    segment_.emplace(std::move(*opened));
    if (segment_->header())
      enter(*segment_->header());
    return true;
  }
  return false;
}

void raw_reader::enter(const raw_segment_header& header) {
  auto first = expected_ == 0;
  if (first)
    begin(header);
  auto same_run = !first && header.run == header_.run;
  if (header.first_sequence > expected_)
    lose({same_run, header.first_sequence - expected_,
          same_run ? difference(header.run_bytes, run_bytes_) : 0});
  auto& before = header.lost_before;
  if (!same_run && (before.records > 0 || !before.exact))
    lose(before);
  // Sequences never repeat; a segment that says so is skipped block by block.
  expected_ = std::max(expected_, header.first_sequence);
  run_bytes_ = header.run_bytes;
  header_ = header;
}

void raw_reader::begin(const raw_segment_header& header) {
  expected_ = 1;
  last_time_ = header.opened;
  damage_.first_segment = header.number;
  damage_.first_sequence = header.first_sequence;
  if (header.number > 1)
    note(inventory_.directory.string() + ": it begins with "
         + segment_name(header.number) + " and record "
         + std::to_string(header.first_sequence) + ", what was before is gone");
}

void raw_reader::end_segment() {
  auto damage = segment_->damage();
  segment_.reset();
  damage_.damaged_bytes += damage.damaged_bytes;
  if (damage.damaged_bytes > 0)
    note(path_of_segment() + ": " + std::to_string(damage.damaged_bytes)
         + " bytes are damaged and were skipped");
  // The recorder may be about to write the rest.
  auto is_last = next_number_ == inventory_.numbers.size();
  if (damage.torn_bytes == 0
      || (is_last && is_being_recorded(inventory_.directory)))
    return;
  damage_.torn_bytes += damage.torn_bytes;
  auto text = path_of_segment() + ": the last "
              + std::to_string(damage.torn_bytes)
              + " bytes hold no whole block";
  if (damage.torn_records > 0)
    text += " (of " + std::to_string(damage.torn_records) + " records)";
  note(std::move(text));
}

void raw_reader::end_recording() {
  if (is_being_recorded(inventory_.directory))
    return;
  auto tally = raw_tally::read(tally_of(inventory_.directory));
  auto entry = inventory_.entry_of(number_);
  if (tally && tally->run == header_.run && tally->next_sequence >= expected_) {
    raw_loss loss{tally->same_boot || entry != nullptr,
                  tally->next_sequence - expected_,
                  difference(tally->bytes, run_bytes_)};
    if (loss.records > 0 || !loss.exact)
      lose(loss);
    return;
  }
  if (entry == nullptr) {
    damage_.lost.exact = false;
    note(inventory_.directory.string()
         + ": what its recorder lost at the end is not known");
  } else if (entry->first_sequence + entry->records > expected_) {
    lose({false, entry->first_sequence + entry->records - expected_, 0});
  }
}

// -- blocks and records -------------------------------------------------------

/// @returns `false` after the last one of the segment.
bool raw_reader::next_block() {
  if (!segment_->next())
    return false;
  enter_block(segment_->block());
  return true;
}

void raw_reader::enter_block(const raw_block_header& block) {
  constexpr auto largest = std::numeric_limits<uint64_t>::max();
  auto& first = block.first_sequence;
  if (first < expected_ || first > largest - block.records) {
    note(path_of_segment() + ": a block of records that were read before");
    return;
  }
  auto records = segment_->records();
  auto bytes = records ? bytes_of(*records) : 0;
  auto before = difference(block.run_bytes, bytes);
  if (first > expected_)
    lose({true, first - expected_, difference(before, run_bytes_)});
  expected_ = first;
  run_bytes_ = before;
  if (records) {
    records_ = *records;
    left_ = block.records;
  } else {
    lose({true, block.records, difference(block.run_bytes, run_bytes_)});
    expected_ += block.records;
    run_bytes_ = block.run_bytes;
  }
}

/// @returns the next record of the block; `nullopt`, and the rest of the block
///          is lost, if there is none.
std::optional<raw_record> raw_reader::take() {
  auto record = take_record(records_);
  if (!record) {
    auto end = segment_->block().run_bytes;
    lose({true, left_, difference(end, run_bytes_)});
    expected_ += std::exchange(left_, 0);
    run_bytes_ = end;
    return std::nullopt;
  }
  --left_;
  sequence_ = expected_++;
  run_bytes_ += record->bytes.size();
  last_time_ = record->received;
  if (record->kind == raw_kind::dropped)
    add(damage_.dropped, *loss_of(*record));
  return record;
}

} // namespace qalpha
