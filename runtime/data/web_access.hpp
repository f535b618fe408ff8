// Questions to one web server, with the patience that public servers need.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/net/http_client.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace qalpha {

/// A server, and how to wait; tests put their own in place.
struct web_access {
  /// Asks once.
  std::function<fallible<http_response>(std::string_view target,
                                        const http_options& options)>
    get;
  std::function<void(std::chrono::milliseconds)> wait;
  /// For messages, for example "https://fapi.binance.com".
  std::string name;
};

/// Connects to a server for real. A path in the URL goes before all targets.
/// @returns a fault for a URL that cannot be used.
fallible<web_access> open_web(const std::string& url);

/// Asks until there is an answer worth having: failures, 408, 429 and 5xx are
/// tried again, four times in all, after 1, 2 and 4 s or as long as the server
/// asks for, up to a minute.
/// @param options is called before each try
/// @returns the answer, whatever its status, or a fault after the last try and
///          for a server that asks for more patience, or has banned us (418).
fallible<http_response> ask_patiently(
  const web_access& web, std::string_view target,
  const std::function<http_options()>& options = [] { return http_options{}; });

/// @returns a fault "NAME: HTTP 451 ..." about an answer nobody can use.
fault refused(const web_access& web, const http_response& answer);

} // namespace qalpha
