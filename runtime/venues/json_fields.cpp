#include "runtime/venues/json_fields.hpp"

#include "runtime/venues/step_number.hpp"

namespace qalpha {

namespace {

constexpr int64_t ns_per_ms = 1'000'000;

std::string_view name_of(const rapidjson::Value& key) {
  return {key.GetString(), key.GetStringLength()};
}

void keep_first(std::optional<field_fault>& fault, decode_fault what,
                std::string_view name) {
  if (!fault)
    fault = {what, name};
}

/// @returns the steps in the text `x`, at least `least`; else 0 and a fault.
int64_t steps_of(const rapidjson::Value& x, int64_t step_e8, int64_t least,
                 std::string_view name, std::optional<field_fault>& fault) {
  auto text = text_of(x);
  if (!text) {
    keep_first(fault, decode_fault::bad_field, name);
    return 0;
  }
  auto steps = exact_steps(*text, step_e8);
  if (!steps || *steps < least) {
    keep_first(fault, decode_fault::bad_number, name);
    return 0;
  }
  return *steps;
}

} // namespace

std::optional<std::string_view> text_of(const rapidjson::Value& x) {
  if (!x.IsString())
    return std::nullopt;
  return std::string_view{x.GetString(), x.GetStringLength()};
}

utc_time time_of_ms(uint64_t ms) noexcept {
  return {ms > latest_ms ? 0 : static_cast<int64_t>(ms) * ns_per_ms};
}

price exact_price_of(const rapidjson::Value& x, const instrument& of,
                     std::string_view name, std::optional<field_fault>& fault) {
  return {steps_of(x, of.rules().tick_e8, 1, name, fault)};
}

quantity size_of(const rapidjson::Value& x, const instrument& of,
                 std::string_view name, std::optional<field_fault>& fault) {
  return {steps_of(x, of.rules().lot_e8, 0, name, fault)};
}

json_fields::json_fields(const rapidjson::Value& object,
                         std::optional<field_fault>& fault)
  : object_(object), fault_(fault) {
  if (!object.IsObject())
    fail(decode_fault::bad_field, "message");
}

const rapidjson::Value* json_fields::find(std::string_view name) {
  if (fault_)
    return nullptr;
  const rapidjson::Value* result = nullptr;
  for (const auto& member : object_.GetObject()) {
    if (name_of(member.name) != name)
      continue;
    if (result) {
      fail(decode_fault::bad_field, name);
      return nullptr;
    }
    result = &member.value;
  }
  return result;
}

const rapidjson::Value* json_fields::need(std::string_view name) {
  auto result = find(name);
  if (!result)
    fail(decode_fault::bad_field, name);
  return result;
}

void json_fields::fail(decode_fault what, std::string_view name) {
  keep_first(fault_, what, name);
}

std::string_view json_fields::text(std::string_view name) {
  auto value = need(name);
  if (!value)
    return {};
  auto result = text_of(*value);
  if (!result)
    fail(decode_fault::bad_field, name);
  return result.value_or(std::string_view{});
}

bool json_fields::flag(std::string_view name) {
  auto value = need(name);
  if (value && !value->IsBool())
    fail(decode_fault::bad_field, name);
  return value && value->IsTrue();
}

uint64_t json_fields::count(std::string_view name) {
  auto value = need(name);
  if (!value)
    return 0;
  if (value->IsUint64())
    return value->GetUint64();
  fail(value->IsNumber() ? decode_fault::bad_number : decode_fault::bad_field,
       name);
  return 0;
}

utc_time json_fields::milliseconds(std::string_view name, bool required) {
  auto ms = count(name);
  auto result = time_of_ms(ms);
  if (result.ns == 0 && (required || ms != 0))
    fail(decode_fault::bad_number, name);
  return result;
}

utc_time json_fields::time(std::string_view name) {
  return milliseconds(name, true);
}

utc_time json_fields::optional_time(std::string_view name) {
  return milliseconds(name, false);
}

price json_fields::exact_price(std::string_view name, const instrument& of) {
  auto value = need(name);
  return value ? exact_price_of(*value, of, name, fault_) : price{};
}

price json_fields::near_price(std::string_view name, const instrument& of) {
  auto e8 = plain_decimal_e8(text(name));
  if (!e8 || *e8 <= 0) {
    fail(decode_fault::bad_number, name);
    return {};
  }
  return of.nearest_price(*e8);
}

quantity json_fields::size(std::string_view name, const instrument& of) {
  auto value = need(name);
  return value ? size_of(*value, of, name, fault_) : quantity{};
}

quantity json_fields::positive_size(std::string_view name,
                                    const instrument& of) {
  auto result = size(name, of);
  if (result.lots == 0)
    fail(decode_fault::bad_number, name);
  return result;
}

quantity json_fields::near_size(std::string_view name, const instrument& of) {
  auto e8 = plain_decimal_e8(text(name));
  if (!e8 || *e8 < 0) {
    fail(decode_fault::bad_number, name);
    return {};
  }
  return {*e8 / of.rules().lot_e8};
}

void json_fields::levels(std::string_view name, const instrument& of,
                         std::vector<level_change>& out) {
  for (const auto& level : list(name).GetArray()) {
    if (!level.IsArray() || level.Size() != 2) {
      fail(decode_fault::bad_field, name);
      return;
    }
    auto px = exact_price_of(level[0], of, name, fault_);
    auto qty = size_of(level[1], of, name, fault_);
    if (fault_)
      return;
    out.push_back({px, qty});
  }
}

const rapidjson::Value& json_fields::list(std::string_view name) {
  static const rapidjson::Value none{rapidjson::kArrayType};
  auto value = need(name);
  if (value && value->IsArray())
    return *value;
  fail(decode_fault::bad_field, name);
  return none;
}

json_fields json_fields::object(std::string_view name) {
  static const rapidjson::Value none{rapidjson::kObjectType};
  auto value = need(name);
  if (value && value->IsObject())
    return {*value, fault_};
  fail(decode_fault::bad_field, name);
  return {none, fault_};
}

} // namespace qalpha
