#include "runtime/storage/store_record.hpp"

#include <array>

namespace qalpha {

namespace {

using enum column_kind;

constexpr std::array bar_columns{
  store_column{"time", time},           store_column{"symbol", text},
  store_column{"interval_ns", integer}, store_column{"open", decimal},
  store_column{"high", decimal},        store_column{"low", decimal},
  store_column{"close", decimal},       store_column{"volume", decimal},
};

constexpr std::array trade_columns{
  store_column{"time", time},     store_column{"symbol", text},
  store_column{"trade", integer}, store_column{"side", text},
  store_column{"price", decimal}, store_column{"size", decimal},
};

constexpr std::array quote_columns{
  store_column{"time", time},   store_column{"symbol", text},
  store_column{"bid", decimal}, store_column{"bid_size", decimal},
  store_column{"ask", decimal}, store_column{"ask_size", decimal},
};

constexpr std::array health_columns{
  store_column{"time", time},      store_column{"symbol", text},
  store_column{"status", text},    store_column{"previous", text},
  store_column{"age_ns", integer}, store_column{"gaps", integer},
  store_column{"events", integer},
};

constexpr std::array decision_columns{
  store_column{"time", time},        store_column{"symbol", text},
  store_column{"decision", integer}, store_column{"wanted_bps", integer},
  store_column{"target", decimal},   store_column{"reference", decimal},
  store_column{"equity", decimal},   store_column{"reason", text},
};

constexpr std::array outcome_columns{
  store_column{"time", time},        store_column{"symbol", text},
  store_column{"decision", integer}, store_column{"result", text},
  store_column{"gate", text},        store_column{"value", integer},
  store_column{"bound", integer},    store_column{"order_id", text},
};

constexpr std::array order_columns{
  store_column{"time", time},        store_column{"symbol", text},
  store_column{"order_id", text},    store_column{"decision", integer},
  store_column{"side", text},        store_column{"kind", text},
  store_column{"size", decimal},     store_column{"limit_price", decimal},
  store_column{"low", decimal},      store_column{"high", decimal},
  store_column{"reduce_only", flag},
};

constexpr std::array report_columns{
  store_column{"time", time},     store_column{"symbol", text},
  store_column{"order_id", text}, store_column{"event", text},
  store_column{"reason", text},
};

constexpr std::array fill_columns{
  store_column{"time", time},     store_column{"symbol", text},
  store_column{"order_id", text}, store_column{"execution", integer},
  store_column{"side", text},     store_column{"price", decimal},
  store_column{"size", decimal},  store_column{"fee", decimal},
  store_column{"maker", flag},
};

constexpr std::array funding_columns{
  store_column{"time", time},
  store_column{"symbol", text},
  store_column{"paid", decimal},
  store_column{"rate", decimal},
};

constexpr std::array state_columns{
  store_column{"time", time},          store_column{"state", text},
  store_column{"gate_epoch", integer}, store_column{"flatten", flag},
  store_column{"source", text},        store_column{"reason", text},
};

constexpr std::array<store_layout, store_streams> layouts{{
  {"bars", bar_columns, false},
  {"trades", trade_columns, false},
  {"quotes", quote_columns, false},
  {"health", health_columns, false},
  {"decisions", decision_columns, true},
  {"outcomes", outcome_columns, true},
  {"orders", order_columns, true},
  {"reports", report_columns, true},
  {"fills", fill_columns, true},
  {"funding", funding_columns, true},
  {"states", state_columns, true},
}};

/// @returns the length of the UTF-8 sequence at the beginning of `rest`, or
/// zero
///          if there is none.
size_t sequence_length(std::string_view rest) {
  auto byte = [&](size_t i) {
    return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u;
  };
  auto tail = [&](size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  auto lead = byte(0);
  if (lead < 0x80)
    return lead == 0 ? 0 : 1;
  if (lead >= 0xC2 && lead < 0xE0)
    return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    auto overlong = lead == 0xE0 && byte(1) < 0xA0;
    auto surrogate = lead == 0xED && byte(1) >= 0xA0;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    auto overlong = lead == 0xF0 && byte(1) < 0x90;
    auto beyond = lead == 0xF4 && byte(1) >= 0x90;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

std::string clean(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto length = sequence_length(text);
    if (result.size() + std::max<size_t>(length, 1) > row_builder::longest_text)
      break;
    if (length == 0)
      result += '?';
    else
      result += text.substr(0, length);
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return result;
}

} // namespace

const store_layout& layout_of(store_stream stream) noexcept {
  return layouts[static_cast<size_t>(stream)];
}

row_builder& row_builder::add(int64_t x) {
  auto bits = static_cast<uint64_t>(x);
  for (auto i = 0; i < 8; ++i)
    bytes_.push_back(static_cast<char>(bits >> (8 * i) & 0xFF));
  return *this;
}

row_builder& row_builder::add(std::string_view text) {
  auto checked = clean(text);
  bytes_.push_back(static_cast<char>(checked.size() & 0xFF));
  bytes_.push_back(static_cast<char>(checked.size() >> 8));
  bytes_ += checked;
  return *this;
}

bool row_reader::next(store_value& out) {
  if (index_ == columns_.size())
    return false;
  auto byte = [this](size_t i) {
    return uint64_t{static_cast<unsigned char>(rest_[i])};
  };
  out.kind = columns_[index_].kind;
  size_t used = 8;
  if (out.kind == text) {
    if (rest_.size() < 2)
      return false;
    used = 2 + (byte(0) | byte(1) << 8);
  }
  if (rest_.size() < used)
    return false;
  if (out.kind == text) {
    out.text = rest_.substr(2, used - 2);
  } else {
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; ++i)
      bits |= byte(i) << (8 * i);
    out.number = static_cast<int64_t>(bits);
  }
  rest_.remove_prefix(used);
  ++index_;
  return true;
}

bool fits(const store_layout& layout, std::string_view row) {
  row_reader values{layout, row};
  for (store_value each; values.next(each);) {
    // Walks to the end.
  }
  return values.valid();
}

} // namespace qalpha
