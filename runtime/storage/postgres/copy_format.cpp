#include "runtime/storage/postgres/copy_format.hpp"

#include <array>

namespace qalpha {

namespace {

// Seconds from 1970 to 2000.
constexpr int64_t epoch_2000 = 946'684'800;

template <class T>
void put(std::string& out, T x) {
  std::array<char, sizeof(T)> bytes;
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[i] = static_cast<char>(static_cast<uint64_t>(x)
                                 >> (8 * (sizeof(T) - 1 - i)));
  out.append(bytes.data(), bytes.size());
}

template <class T>
void put_field(std::string& out, T x) {
  put<int32_t>(out, sizeof(T));
  put(out, x);
}

void append_value(std::string& out, const store_value& value) {
  switch (value.kind) {
    case column_kind::time:
      put_field(out, to_timestamptz(value.number));
      break;
    case column_kind::integer:
      put_field(out, value.number);
      break;
    case column_kind::decimal:
      append_numeric_e8(out, value.number);
      break;
    case column_kind::flag:
      put_field(out, static_cast<int8_t>(value.number != 0));
      break;
    case column_kind::text:
      put(out, static_cast<int32_t>(value.text.size()));
      out += value.text;
      break;
  }
}

} // namespace

int64_t to_timestamptz(int64_t ns) {
  auto us = ns / 1'000 - (ns % 1'000 < 0 ? 1 : 0);
  return us - epoch_2000 * 1'000'000;
}

void append_numeric_e8(std::string& out, int64_t e8) {
  // Digits to the base of 10'000, the last two of which are behind the point.
  std::array<int16_t, 5> digits{};
  auto rest = e8 < 0 ? uint64_t{0} - static_cast<uint64_t>(e8)
                     : static_cast<uint64_t>(e8);
  auto decimals = rest == 0 ? 0 : 8;
  for (auto x = rest; decimals > 0 && x % 10 == 0; x /= 10)
    --decimals;
  for (auto i = digits.rbegin(); i != digits.rend(); ++i, rest /= 10'000)
    *i = static_cast<int16_t>(rest % 10'000);
  size_t first = 0;
  while (first < digits.size() && digits[first] == 0)
    ++first;
  auto end = digits.size();
  while (end > first && digits[end - 1] == 0)
    --end;
  auto count = end - first;
  auto weight = count == 0 ? 0 : 2 - static_cast<int>(first);
  put(out, static_cast<int32_t>(8 + 2 * count));
  put(out, static_cast<int16_t>(count));
  put(out, static_cast<int16_t>(weight));
  put(out, static_cast<int16_t>(e8 < 0 ? 0x4000 : 0));
  put(out, static_cast<int16_t>(decimals));
  for (auto i = first; i < end; ++i)
    put(out, digits[i]);
}

void append_copy_begin(std::string& out) {
  out += std::string_view{"PGCOPY\n\377\r\n\0", 11};
  // No flags, no extension.
  put<int32_t>(out, 0);
  put<int32_t>(out, 0);
}

void append_copy_end(std::string& out) {
  put<int16_t>(out, -1);
}

void append_copy_row(std::string& out, entry_id id, const store_layout& layout,
                     std::string_view row) {
  put(out, static_cast<int16_t>(2 + layout.columns.size()));
  put_field(out, id.epoch);
  put_field(out, id.position);
  row_reader values{layout, row};
  for (store_value value; values.next(value);)
    append_value(out, value);
}

} // namespace qalpha
