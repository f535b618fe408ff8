#include "runtime/venues/venue_rules.hpp"

#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/bybit/bybit_answers.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

constexpr int most_pages = 20;

} // namespace

rules_client::rules_client(http_client client, data_venue venue)
  : client_(std::move(client)), venue_(venue) {
  // nop
}

fallible<rules_client> rules_client::make(const market_settings& settings,
                                          data_venue venue) {
  auto& url = venue == data_venue::binance ? settings.binance_rest
                                           : settings.bybit_rest;
  auto to = parse_url(url, settings.ca_file);
  if (!to)
    return to.error();
  auto client = http_client::make(to->where);
  if (!client)
    return client.error();
  return rules_client{std::move(*client), venue};
}

fallible<std::string> rules_client::ask(const std::string& target) {
  answered_ = false;
  auto answer = client_.get(target);
  if (!answer)
    return answer.error();
  if (answer->status != 200)
    return fault{client_.where().host + target + ": expected status 200, found "
                 + std::to_string(answer->status)};
  answered_ = true;
  return std::move(answer->body);
}

fallible<std::vector<instrument_rules>>
rules_client::ask_binance(const std::vector<std::string>& names) {
  auto body = ask("/fapi/v1/exchangeInfo");
  if (!body)
    return body.error();
  return read_binance_rules(*body, names);
}

/// In the order of `names`; the venue tells them page by page.
fallible<std::vector<instrument_rules>>
rules_client::ask_bybit(const std::vector<std::string>& names) {
  std::vector<instrument_rules> found;
  std::string cursor;
  for (int page = 0; page < most_pages; ++page) {
    auto target
      = std::string{"/v5/market/instruments-info?category=linear&limit=1000"};
    if (!cursor.empty())
      target += "&cursor=" + cursor;
    auto body = ask(target);
    if (!body)
      return body.error();
    auto rules = read_bybit_rules(*body, names);
    if (!rules) {
      // Its refusals have status 200, those for a while as well.
      answered_ = body->find(R"("retCode":0)") != std::string::npos;
      return rules.error();
    }
    found.insert(found.end(), rules->rules.begin(), rules->rules.end());
    cursor = rules->next;
    if (cursor.empty())
      break;
  }
  std::vector<instrument_rules> result;
  for (const auto& name : names) {
    auto at = std::find_if(found.begin(), found.end(),
                           [&](const auto& x) { return x.name == name; });
    if (at == found.end())
      return fault{"symbols: Bybit trades no linear perpetual called " + name};
    result.push_back(*at);
  }
  return result;
}

fallible<universe> rules_client::fetch(const std::vector<std::string>& names) {
  auto rules = venue_ == data_venue::binance ? ask_binance(names)
                                             : ask_bybit(names);
  if (!rules)
    return rules.error();
  universe result;
  for (auto& one : *rules) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())}, one);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  return result;
}

fallible<universe> fetch_instruments(const market_settings& settings,
                                     const std::vector<std::string>& names) {
  auto client = rules_client::make(settings, settings.venue);
  if (!client)
    return client.error();
  return client->fetch(names);
}

} // namespace qalpha
