#include "runtime/storage/raw/raw_recovery.hpp"

#include "runtime/storage/raw/raw_format.hpp"
#include "runtime/storage/raw/raw_segment.hpp"
#include "runtime/storage/raw/raw_tally.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace qalpha {

namespace {

/// The run that wrote the last segment.
struct last_run {
  uint64_t run = 0;
  uint64_t bytes = 0;
  /// It wrote no block: no record, as far as the disk knows.
  bool empty = true;
  bool sealed = false;
};

/// Goes through a directory once; each member does one step.
class recovery_scan {
public:
  explicit recovery_scan(const std::filesystem::path& directory)
    : directory_(directory) {
    // nop
  }

  fallible<raw_recovery> run() {
    load_manifest();
    auto numbers = list_segments(directory_);
    if (!drop_stillborn(numbers))
      return fault{reason_};
    for (auto number : numbers)
      if ((number == numbers.back() || !is_sealed(number)) && !add(number))
        return fault{reason_};
    auto& all = result_.manifest;
    std::sort(all.begin(), all.end(),
              [](auto& a, auto& b) { return a.number < b.number; });
    for (auto& entry : all) {
      result_.next_number = std::max(result_.next_number, entry.number + 1);
      result_.next_sequence = std::max(result_.next_sequence,
                                       entry.first_sequence + entry.records);
    }
    if (last_)
      settle_loss();
    return std::move(result_);
  }

private:
  void load_manifest() {
    auto manifest = read_manifest(directory_);
    if (manifest)
      result_.manifest = std::move(*manifest);
    else
      result_.notes.push_back(manifest.error().text + "; it is made anew");
  }

  bool is_sealed(uint32_t number) const {
    auto& all = result_.manifest;
    return std::any_of(all.begin(), all.end(), [number](auto& entry) {
      return entry.number == number;
    });
  }

  bool fail(const fault& why) {
    reason_ = why.text;
    return false;
  }

  /// Removes a last segment that has no complete header, and so no records.
  bool drop_stillborn(std::vector<uint32_t>& numbers) {
    if (numbers.empty() || is_sealed(numbers.back()))
      return true;
    auto segment = raw_segment::open(directory_, numbers.back());
    if (!segment)
      return fail(segment.error());
    if (segment->header())
      return true;
    auto path = directory_ / segment_name(numbers.back());
    std::error_code error;
    if (!std::filesystem::remove(path, error))
      return fail({path.string() + ": cannot be removed: " + error.message()});
    result_.notes.push_back(path.string()
                            + ": removed, it ends before its header does");
    numbers.pop_back();
    return true;
  }

  bool add(uint32_t number) {
    auto segment = raw_segment::open(directory_, number);
    if (!segment)
      return fail(segment.error());
    auto path = directory_ / segment_name(number);
    if (!segment->header())
      return fail({path.string() + ": it ends before its header does"});
    scan(*segment, path, is_sealed(number));
    return true;
  }

  void scan(raw_segment& segment, const std::filesystem::path& path,
            bool sealed) {
    auto& header = *segment.header();
    last_ = {header.run, header.run_bytes, header.run_bytes == 0, sealed};
    raw_manifest_entry entry;
    entry.number = header.number;
    entry.first_sequence = header.first_sequence;
    while (segment.next()) {
      auto& block = segment.block();
      last_->bytes = block.run_bytes;
      last_->empty = false;
      if (entry.records == 0)
        entry.first = block.first;
      entry.last = block.last;
      entry.records = block.first_sequence + block.records
                      - entry.first_sequence;
    }
    if (sealed)
      return;
    entry.file_bytes = segment.file().size();
    entry.torn_bytes = segment.damage().torn_bytes;
    entry.sha256 = sha256_of(segment.file());
    note_torn(segment.damage(), path);
    result_.torn_bytes += entry.torn_bytes;
    result_.manifest.push_back(std::move(entry));
  }

  void note_torn(const raw_segment_damage& damage,
                 const std::filesystem::path& path) {
    if (damage.torn_bytes == 0)
      return;
    auto text = path.string() + ": the last "
                + std::to_string(damage.torn_bytes)
                + " bytes hold no whole block";
    if (damage.torn_records > 0)
      text += " (of " + std::to_string(damage.torn_records) + " records)";
    result_.notes.push_back(std::move(text));
  }

  void settle_loss() {
    auto& lost = result_.lost;
    auto tally = raw_tally::read(tally_of(directory_));
    if (tally && tally->run == last_->run
        && tally->next_sequence >= result_.next_sequence) {
      lost.records = tally->next_sequence - result_.next_sequence;
      lost.bytes = tally->bytes - std::min(tally->bytes, last_->bytes);
      lost.exact = tally->same_boot || last_->sealed;
    } else if (tally && tally->run != last_->run) {
      // Counting starts after the first header is on the disk.
      lost.exact = last_->empty;
    } else {
      lost.exact = last_->sealed && !tally;
    }
    if (lost.records > 0 || !lost.exact)
      result_.notes.push_back(directory_.string()
                              + ": the recorder before took and lost "
                              + to_string(lost));
  }

  const std::filesystem::path& directory_;
  raw_recovery result_;
  std::optional<last_run> last_;
  std::string reason_;
};

} // namespace

std::filesystem::path tally_of(const std::filesystem::path& directory) {
  return directory / "recorder.tally";
}

std::filesystem::path lock_of(const std::filesystem::path& directory) {
  return directory / "recorder.lock";
}

fallible<raw_recovery>
recover_recording(const std::filesystem::path& directory) {
  return recovery_scan{directory}.run();
}

} // namespace qalpha
