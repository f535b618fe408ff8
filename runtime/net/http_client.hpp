// Questions over HTTP(S), one at a time, each with a deadline.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/net/endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

/// A header line.
using http_header = std::pair<std::string, std::string>;

/// How far a body has come, the part that is on disk already included.
struct http_progress {
  uint64_t received = 0;
  /// Zero if the server did not say.
  uint64_t total = 0;
};

/// What one request asks for beyond its target.
struct http_options {
  /// Time for the whole request.
  std::chrono::milliseconds limit{10'000};

  /// Longest silence between two parts of an answer.
  std::chrono::milliseconds patience{10'000};

  /// Longest body; a longer one fails the request.
  uint64_t most_bytes = 16 * 1024 * 1024;

  /// Asks for the body from this byte on. Zero asks for all of it.
  uint64_t first_byte = 0;

  std::vector<http_header> headers;

  /// Takes the parts of a successful body as they come, instead of
  /// `http_response::body`. @returns `false` to give up.
  std::function<bool(std::string_view part, http_progress)> on_body;
};

/// An answer, whatever its status. Redirects are answers too; nothing follows
/// them.
struct http_response {
  unsigned status = 0;
  std::vector<http_header> headers;
  std::string body;

  /// Where the body begins in the whole: `http_options::first_byte`, or zero
  /// if the server sends everything anew.
  uint64_t first_byte = 0;

  /// @returns the first value of a header, by its name in any case.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// Blocking client of one server. Keeps the connection between requests, opens
/// it anew when the server has closed it, uses no proxy, and follows no
/// redirect. One thread asks; `cancel` is for any other.
class http_client {
public:
  /// @returns a fault if the authorities cannot be read, or if plain text is
  ///          asked for to another machine.
  static fallible<http_client> make(endpoint where);

  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) noexcept;
  ~http_client();

  /// Asks and waits.
  /// @param target path and query, in the characters of a URL
  /// @returns a fault naming host, phase and reason. A request of this kind may
  ///          have reached the server.
  fallible<http_response> get(std::string_view target,
                              const http_options& options = {});

  /// Fails the request under way and all later ones at once.
  void cancel();

  const endpoint& where() const noexcept;

private:
  class conversation;

  explicit http_client(std::shared_ptr<conversation> impl);

  std::shared_ptr<conversation> impl_;
};

} // namespace qalpha
