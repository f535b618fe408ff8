#include "runtime/venues/venue_answer.hpp"

#include "runtime/telemetry/printable.hpp"
#include "runtime/venues/step_number.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

constexpr size_t longest_refusal = 200;

} // namespace

venue_answer::venue_answer(std::string what, std::string_view bytes)
  : what_(std::move(what)), message_(answer_limits) {
  auto wrong = message_.load(bytes);
  if (!wrong)
    wrong = message_.parse();
  if (wrong)
    fault = {*wrong, "the answer"};
}

void venue_answer::refuse(int64_t code, std::string_view text) {
  refusal_ = "the venue refused it with code " + std::to_string(code) + ", "
             + shortened(printable(text), longest_refusal);
}

fault venue_answer::error() const {
  if (!refusal_.empty())
    return {what_ + ": " + refusal_};
  auto found = fault.value_or(field_fault{});
  return {what_ + ": " + std::string{found.field} + " is "
          + std::string{to_string(found.what)}};
}

void read_bar_columns(const rapidjson::Value& row, rapidjson::SizeType first,
                      const instrument& of, bar& out, venue_answer& answer) {
  out.open = exact_price_of(row[first], of, "open", answer.fault);
  out.high = exact_price_of(row[first + 1], of, "high", answer.fault);
  out.low = exact_price_of(row[first + 2], of, "low", answer.fault);
  out.close = exact_price_of(row[first + 3], of, "close", answer.fault);
  out.volume = size_of(row[first + 4], of, "volume", answer.fault);
  if (!answer.fault && broken_rule(out))
    answer.fault = {decode_fault::bad_number, "bar"};
}

quantity smaller_limit(quantity a, quantity b) noexcept {
  if (a.lots == 0 || b.lots == 0)
    return std::max(a, b);
  return std::min(a, b);
}

int64_t read_positive_e8(json_fields& fields, std::string_view name) {
  auto result = plain_decimal_e8(fields.text(name));
  if (!result || *result <= 0) {
    fields.fail(decode_fault::bad_number, name);
    return 1;
  }
  return *result;
}

} // namespace qalpha
