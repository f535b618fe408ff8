#include "runtime/config/config_values.hpp"

#include "models/machine/nearest_name.hpp"
#include "models/market/decimal.hpp"
#include "runtime/config/units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qalpha {

namespace {

fault expected(const std::string& what, const json_value& found) {
  return {"expected " + what + ", found " + describe(found)};
}

fallible<raw_value> parse_choice(const setting& row, const json_value& value) {
  if (!row.word.empty() && value.kind == json_kind::text
      && value.text == row.word)
    return raw_value{};
  std::vector<std::string_view> words;
  for (const auto& choice : row.choices) {
    if (value.kind == json_kind::text && choice.word == value.text)
      return raw_value{choice.value};
    words.push_back(choice.word);
  }
  auto result = expected(expectation(row), value);
  auto& text = value.text;
  if (row.path == "mode" && (text == "testnet" || text == "live"))
    return fault{"\"" + text
                 + "\" comes with orders at real venues, not in this version"};
  if (auto guess = nearest_name(text, words))
    result.text += ", did you mean \"" + std::string{*guess} + "\"?";
  return result;
}

/// @returns the value in raw units, before the check of its range.
fallible<int64_t> parse_amount(const setting& row, const json_value& value) {
  auto is_number = value.kind == json_kind::number;
  switch (row.kind) {
    case setting_kind::integer: {
      int64_t result = 0;
      auto end = value.text.data() + value.text.size();
      auto [rest, code] = std::from_chars(value.text.data(), end, result);
      if (is_number && code == std::errc{} && rest == end)
        return result;
      break;
    }
    case setting_kind::number:
      if (auto e8 = parse_decimal_e8(value.text); is_number && e8)
        return *e8;
      break;
    case setting_kind::money:
      if (auto x = parse_money(value.text); !is_number && x)
        return x->e8;
      break;
    case setting_kind::time:
      if (auto x = parse_timespan(value.text); !is_number && x)
        return int64_t{x->count()};
      break;
    case setting_kind::share:
      if (auto x = parse_share_e8(value.text); !is_number && x)
        return *x;
      break;
    default:
      break;
  }
  return expected(expectation(row), value);
}

const char* whole_steps(setting_kind kind) {
  switch (kind) {
    case setting_kind::share:
      return "a whole number of basis points";
    case setting_kind::time:
      return "a whole number of milliseconds";
    default:
      return "at most four decimals";
  }
}

fallible<raw_value> parse_ranged(const setting& row, const json_value& value) {
  if (!row.word.empty() && value.kind == json_kind::text
      && value.text == row.word)
    return raw_value{};
  auto amount = parse_amount(row, value);
  if (!amount)
    return amount.error();
  if (*amount < row.lowest || *amount > row.highest)
    return expected(expectation(row), value);
  if (*amount % row.step != 0)
    return expected(whole_steps(row.kind), value);
  return raw_value{*amount};
}

fallible<raw_value> parse_text(const setting& row, const json_value& value) {
  if (value.kind != json_kind::text)
    return expected(expectation(row), value);
  auto is_plain = [](char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')
           || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_';
  };
  const auto& text = value.text;
  if (row.path == "node.name"
      && (text.empty() || text.size() > 32
          || !std::all_of(text.begin(), text.end(), is_plain)))
    return expected("1 to 32 letters, digits, '-' or '_'", value);
  if (row.path == "run_dir" && text.empty())
    return expected("a directory", value);
  if (text.size() > 4096)
    return expected("at most 4096 bytes", value);
  return raw_value{text};
}

/// Fills in the rules of an instrument from one group.
class symbol_parser {
public:
  symbol_parser(const json_value& value, std::string place,
                std::vector<fault>& faults)
    : value_(value), place_(std::move(place)), faults_(faults) {
    // nop
  }

  std::optional<instrument_rules> run() {
    auto before = faults_.size();
    if (value_.kind == json_kind::text)
      return built_in();
    if (value_.kind != json_kind::object) {
      fail("", "expected a name, or a group of name, tick and lot, found "
                 + describe(value_));
      return std::nullopt;
    }
    for (const auto& [key, value] : value_.children)
      take(key, value);
    for (auto key : {"name", "tick", "lot"})
      if (!value_.find(key))
        fail(std::string{"."} + key, "expected a value, found none");
    if (faults_.size() != before)
      return std::nullopt;
    check();
    return faults_.size() == before ? std::optional{rules_} : std::nullopt;
  }

private:
  void fail(const std::string& key, const std::string& reason) {
    faults_.push_back({place_ + key + ": " + reason});
  }

  std::optional<instrument_rules> built_in() {
    std::string names;
    for (auto& rules : default_symbols()) {
      if (rules.name == value_.text)
        return rules;
      names += (names.empty() ? "" : ", ") + rules.name;
    }
    fail("", "expected a group of name, tick and lot (only " + names
               + " have built-in rules), found " + describe(value_));
    return std::nullopt;
  }

  void take(const std::string& key, const json_value& value) {
    if (key == "name")
      take_name(value);
    else if (key == "tick")
      take_number(key, value, rules_.tick_e8);
    else if (key == "lot")
      take_number(key, value, rules_.lot_e8);
    else if (key == "max_order")
      take_number(key, value, max_order_e8_);
    else if (key == "min_notional")
      take_money(value);
    else
      fail("." + key, "unknown key"
                        + suggestion(key, {"name", "tick", "lot",
                                           "min_notional", "max_order"}));
  }

  void take_name(const json_value& value) {
    auto is_legal = [](char ch) {
      return (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-'
             || ch == '_';
    };
    const auto& name = value.text;
    if (value.kind != json_kind::text || name.empty() || name.size() > 32
        || !std::all_of(name.begin(), name.end(), is_legal))
      return fail(".name", "expected a symbol in capitals such as \"BTCUSDT\", "
                           "found "
                             + describe(value));
    rules_.name = name;
  }

  void take_number(const std::string& key, const json_value& value,
                   int64_t& field) {
    auto number = parse_decimal_e8(value.text);
    if (value.kind != json_kind::text || !number || *number <= 0)
      return fail("." + key, "expected a positive decimal number in quotes "
                             "such as \"0.01\", found "
                               + describe(value));
    field = *number;
  }

  void take_money(const json_value& value) {
    auto amount = parse_money(value.text);
    if (value.kind != json_kind::text || !amount || amount->e8 < 0)
      return fail(".min_notional", "expected money with its unit such as \"5 "
                                   "USDT\", found "
                                     + describe(value));
    rules_.min_notional = *amount;
  }

  void check() {
    if (max_order_e8_ % rules_.lot_e8 != 0)
      fail(".max_order", "expected a whole number of lots of "
                           + format_decimal_e8(rules_.lot_e8) + ", found "
                           + format_decimal_e8(max_order_e8_));
    rules_.max_order = {max_order_e8_ / rules_.lot_e8};
    if (auto checked = instrument::make({}, rules_); !checked)
      fail("", checked.error().text);
  }

  const json_value& value_;
  std::string place_;
  std::vector<fault>& faults_;
  instrument_rules rules_;
  int64_t max_order_e8_ = 0;
};

/// "BTCUSDT,ETHUSDT" as a list of texts.
json_value list_of(std::string_view text) {
  json_value result{json_kind::array, {}, {}};
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    json_value name{json_kind::text, std::string{text.substr(0, comma)}, {}};
    result.children.push_back({"", std::move(name)});
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return result;
}

} // namespace

fallible<raw_value> parse_setting(const setting& row, const json_value& value) {
  switch (row.kind) {
    case setting_kind::flag:
      if (value.kind != json_kind::boolean)
        return expected(expectation(row), value);
      return raw_value{value.text == "true"};
    case setting_kind::choice:
      return parse_choice(row, value);
    case setting_kind::text:
      return parse_text(row, value);
    default:
      return parse_ranged(row, value);
  }
}

fallible<double> parse_parameter(const json_value& value) {
  double result = 0;
  auto end = value.text.data() + value.text.size();
  auto [rest, code] = std::from_chars(value.text.data(), end, result);
  if (value.kind != json_kind::number || code != std::errc{} || rest != end
      || !std::isfinite(result))
    return expected("a number", value);
  return result;
}

std::vector<instrument_rules> parse_symbols(const json_value& value,
                                            std::vector<fault>& faults) {
  // Far beyond any venue's list, far below the range of `symbol_id`.
  constexpr size_t most_symbols = 512;
  std::vector<instrument_rules> result;
  const auto& items = value.children;
  if (value.kind != json_kind::array || items.empty()
      || items.size() > most_symbols) {
    faults.push_back(
      {": expected a list of 1 to 512 instruments, found "
       + (items.empty() ? describe(value) : std::to_string(items.size()))});
    return result;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    symbol_parser parser{items[i].value, "[" + std::to_string(i) + "]", faults};
    if (auto rules = parser.run())
      result.push_back(std::move(*rules));
  }
  return result;
}

fallible<json_value> json_for(const setting& row, std::string_view text) {
  auto is_json = text.starts_with('[') || text.starts_with('{');
  switch (row.kind) {
    case setting_kind::flag:
      if (text == "true" || text == "false")
        return json_value{json_kind::boolean, std::string{text}, {}};
      break;
    case setting_kind::integer:
    case setting_kind::number:
    case setting_kind::parameters:
    case setting_kind::files:
    case setting_kind::names:
      if (auto parsed = parse_json(text);
          parsed && (is_json || parsed->kind == json_kind::number))
        return parsed;
      break;
    case setting_kind::symbols:
      return is_json ? parse_json(text) : list_of(text);
    default:
      break;
  }
  return json_value{json_kind::text, std::string{text}, {}};
}

std::string suggestion(std::string_view wrong,
                       const std::vector<std::string_view>& known) {
  if (auto guess = nearest_name(wrong, known))
    return ", did you mean " + std::string{*guess} + "?";
  if (known.empty() || known.size() > 8)
    return "";
  std::string result = ", known are";
  for (auto name : known)
    result += (name == known.front() ? " " : ", ") + std::string{name};
  return result;
}

} // namespace qalpha
