#include "runtime/storage/redis/resp.hpp"

#include "models/market/decimal.hpp"

#include <array>
#include <charconv>

namespace qalpha {

namespace {

void append_number(std::string& out, uint64_t x) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
  out.append(digits.data(), end);
}

void append_bulk(std::string& out, std::string_view text) {
  out += '$';
  append_number(out, text.size());
  out += "\r\n";
  out += text;
  out += "\r\n";
}

} // namespace

void append_text(std::string& out, const store_value& value) {
  switch (value.kind) {
    case column_kind::text:
      out += value.text;
      break;
    case column_kind::decimal:
      out += format_decimal_e8(value.number);
      break;
    case column_kind::flag:
      out += value.number != 0 ? '1' : '0';
      break;
    case column_kind::time:
    case column_kind::integer: {
      std::array<char, 20> digits;
      auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                               value.number)
                   .ptr;
      out.append(digits.data(), end);
      break;
    }
  }
}

xadd_writer::xadd_writer(store_stream stream, std::string_view key,
                         uint64_t max_length)
  : layout_(&layout_of(stream)) {
  append_bulk(plain_, "XADD");
  append_bulk(plain_, key);
  trimming_ = plain_;
  append_bulk(trimming_, "MAXLEN");
  append_bulk(trimming_, "~");
  append_bulk(trimming_, std::to_string(max_length));
  for (size_t i = 0; i < layout_->columns.size(); ++i)
    append_bulk(names_[i], layout_->columns[i].name);
}

size_t xadd_writer::append_transaction(std::string& out,
                                       const spool_batch& entries) const {
  size_t count = 0;
  out += "*1\r\n$5\r\nMULTI\r\n";
  for (auto& each : entries.entries) {
    auto row = entries.payload(each);
    if (!fits(*layout_, row))
      continue;
    // Trimming once a batch is enough, since the length is approximate anyway.
    append(out, each.id, row, count == 0);
    ++count;
  }
  out += "*1\r\n$4\r\nEXEC\r\n";
  return count;
}

void xadd_writer::append(std::string& out, entry_id id, std::string_view row,
                         bool trim) const {
  out += '*';
  append_number(out, (trim ? 6 : 3) + 2 * layout_->columns.size());
  out += "\r\n";
  out += trim ? trimming_ : plain_;
  std::string scratch;
  append_number(scratch, id.epoch);
  scratch += '-';
  append_number(scratch, id.position);
  append_bulk(out, scratch);
  row_reader values{*layout_, row};
  store_value value;
  for (auto name = names_; values.next(value); ++name) {
    out += *name;
    scratch.clear();
    append_text(scratch, value);
    append_bulk(out, scratch);
  }
}

std::optional<entry_id> parse_entry_id(std::string_view text) {
  entry_id result;
  auto end = text.data() + text.size();
  auto epoch = std::from_chars(text.data(), end, result.epoch);
  if (epoch.ec != std::errc{} || epoch.ptr == end || *epoch.ptr != '-')
    return std::nullopt;
  auto position = std::from_chars(epoch.ptr + 1, end, result.position);
  if (position.ec != std::errc{} || position.ptr != end)
    return std::nullopt;
  return result;
}

} // namespace qalpha
