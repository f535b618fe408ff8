#include "runtime/data/web_access.hpp"

#include "runtime/config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace qalpha {

namespace {

using std::chrono::seconds;

constexpr int tries = 4;

constexpr seconds longest_wait{60};

bool is_passing(unsigned status) noexcept {
  return status == 408 || status == 429 || status / 100 == 5;
}

/// @returns what the server asks for, or the usual.
seconds pause_before(const http_response* answer, int next_try) {
  auto usual = seconds{1 << (next_try - 1)};
  auto header = answer ? answer->header("Retry-After") : std::nullopt;
  if (!header)
    return usual;
  int asked = 0;
  auto end = header->data() + header->size();
  auto read = std::from_chars(header->data(), end, asked);
  if (read.ec != std::errc{} || read.ptr != end || asked < 0)
    return usual;
  return std::max(usual, seconds{asked});
}

} // namespace

fallible<web_access> open_web(const std::string& url) {
  auto address = parse_url(url);
  if (!address)
    return address.error();
  auto client = http_client::make(address->where);
  if (!client)
    return client.error();
  auto prefix = address->target;
  while (prefix.ends_with('/'))
    prefix.pop_back();
  auto shared = std::make_shared<http_client>(std::move(*client));
  web_access result;
  result.get = [shared, prefix](std::string_view target,
                                const http_options& options) {
    return shared->get(prefix + std::string{target}, options);
  };
  result.wait = [](std::chrono::milliseconds pause) {
    std::this_thread::sleep_for(pause);
  };
  result.name = url;
  return result;
}

fallible<http_response>
ask_patiently(const web_access& web, std::string_view target,
              const std::function<http_options()>& options) {
  for (int next = 1;; ++next) {
    auto answer = web.get(target, options());
    if (answer && answer->status == 418)
      return refused(web, *answer);
    if (answer && !is_passing(answer->status))
      return answer;
    auto pause = pause_before(answer ? &*answer : nullptr, next);
    if (next == tries || pause > longest_wait)
      return answer ? fallible<http_response>{refused(web, *answer)} : answer;
    web.wait(pause);
  }
}

fault refused(const web_access& web, const http_response& answer) {
  auto text = fmt::format("{}: HTTP {}", web.name, answer.status);
  switch (answer.status) {
    case 403:
    case 451:
      text += ": this server refuses requests from here";
      break;
    case 418:
      text += ": this address is banned for asking too often";
      break;
    case 429:
      text += ": too many requests";
      break;
    default:
      break;
  }
  if (auto pause = answer.header("Retry-After"))
    text += ", try again in " + quoted_text(*pause) + " s";
  if (!answer.body.empty())
    text += ": " + quoted_text(answer.body);
  return {text};
}

} // namespace qalpha
