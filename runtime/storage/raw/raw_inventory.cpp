#include "runtime/storage/raw/raw_inventory.hpp"

#include "runtime/storage/raw/raw_format.hpp"
#include "runtime/storage/raw/raw_segment.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace qalpha {

namespace {

std::string missing_text(const raw_inventory& all, uint32_t number) {
  auto text = (all.directory / segment_name(number)).string()
              + ": the segment is missing";
  auto entry = all.entry_of(number);
  if (entry && entry->records > 0)
    text += ", it held records " + std::to_string(entry->first_sequence)
            + " to "
            + std::to_string(entry->first_sequence + entry->records - 1);
  return text;
}

/// Notes every segment that should be there and is not.
void find_missing(raw_inventory& all) {
  std::set<uint32_t> expected;
  for (auto& entry : all.manifest)
    expected.insert(entry.number);
  std::set<uint32_t> present{all.numbers.begin(), all.numbers.end()};
  expected.insert(present.begin(), present.end());
  for (auto at = expected.begin(); at != expected.end(); ++at) {
    if (present.count(*at) == 0)
      all.notes.push_back(missing_text(all, *at));
    auto after = std::next(at);
    if (after == expected.end() || *after == *at + 1)
      continue;
    auto text = missing_text(all, *at + 1);
    if (*after > *at + 2)
      text += ", and so are those up to " + segment_name(*after - 1);
    all.notes.push_back(text);
  }
}

/// Notes what is wrong with the segments that are there.
void check_files(raw_inventory& all) {
  for (auto number : all.numbers) {
    auto path = all.directory / segment_name(number);
    auto segment = raw_segment::open(all.directory, number);
    if (!segment) {
      all.notes.push_back(segment.error().text);
      continue;
    }
    auto entry = all.entry_of(number);
    // The last one may just have been created, or its recorder was killed.
    if (!segment->header() && (entry || number != all.numbers.back()))
      all.notes.push_back(path.string() + ": it ends before its header does");
    auto size = segment->file().size();
    if (entry && entry->file_bytes != size)
      all.notes.push_back(path.string() + ": expected "
                          + std::to_string(entry->file_bytes) + " bytes, found "
                          + std::to_string(size));
  }
}

} // namespace

const raw_manifest_entry* raw_inventory::entry_of(uint32_t number) const {
  auto found = std::find_if(
    manifest.begin(), manifest.end(),
    [number](const raw_manifest_entry& x) { return x.number == number; });
  return found == manifest.end() ? nullptr : &*found;
}

fallible<raw_inventory> take_inventory(std::filesystem::path directory,
                                       bool allow_gaps) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    return fault{directory.string()
                 + ": expected the directory of a raw recording"};
  raw_inventory result;
  result.directory = std::move(directory);
  // Before the list of files: a segment that is sealed meanwhile is in both.
  auto manifest = read_manifest(result.directory);
  if (manifest)
    result.manifest = std::move(*manifest);
  else
    result.notes.push_back(manifest.error().text);
  result.numbers = list_segments(result.directory);
  if (result.numbers.empty())
    return fault{result.directory.string()
                 + ": expected a raw recording, found no segments such as "
                 + segment_name(1)};
  find_missing(result);
  check_files(result);
  if (!result.notes.empty() && !allow_gaps)
    return fault{result.notes.front()};
  return result;
}

std::vector<std::string> check_sums(const raw_inventory& inventory) {
  std::vector<std::string> result;
  for (auto& entry : inventory.manifest) {
    auto path = inventory.directory / segment_name(entry.number);
    auto file = raw_file::open(path);
    if (!file)
      result.push_back(file.error().text);
    else if (auto sum = sha256_of(*file); sum != entry.sha256)
      result.push_back(path.string() + ": expected the SHA-256 " + entry.sha256
                       + ", found " + sum);
  }
  return result;
}

} // namespace qalpha
