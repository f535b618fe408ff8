#include "runtime/storage/raw/raw_record.hpp"

#include <charconv>

namespace qalpha {

namespace {

/// Reads a number and the character behind it.
bool take(std::string_view& text, uint64_t& value, char end) {
  auto first = text.data();
  auto last = first + text.size();
  auto [stop, code] = std::from_chars(first, last, value);
  if (code != std::errc{} || stop == last || *stop != end)
    return false;
  text.remove_prefix(static_cast<size_t>(stop - first) + 1);
  return true;
}

} // namespace

std::string to_bytes(const raw_loss& loss) {
  return std::to_string(loss.records) + ' ' + std::to_string(loss.bytes) + ' '
         + (loss.exact ? "exactly" : "at least");
}

std::optional<raw_loss> loss_of(const raw_record& record) {
  if (record.kind != raw_kind::dropped && record.kind != raw_kind::lost)
    return std::nullopt;
  auto text = record.bytes;
  raw_loss result;
  // Whatever else it says, something is missing here.
  if (!take(text, result.records, ' ') || !take(text, result.bytes, ' '))
    return raw_loss{false, 0, 0};
  result.exact = text == "exactly";
  return result;
}

std::string to_string(const raw_loss& loss) {
  return std::string{loss.exact ? "" : "at least "}
         + std::to_string(loss.records)
         + (loss.records == 1 ? " record (" : " records (")
         + std::to_string(loss.bytes) + " bytes)";
}

} // namespace qalpha
