// One request and its answer on a connection that is open. Only sources of this
// module include this header.

#pragma once

#include "runtime/net/http_client.hpp"
#include "runtime/net/wire.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Sends a GET and reads the answer part by part. The owner turns the event
/// loop, watches the time, and keeps the object until `done` was called.
class http_exchange {
public:
  /// What went wrong as "phase: reason"; nothing after a complete answer.
  using completion = std::function<void(std::optional<fault>)>;

  http_exchange(wire& stream, const endpoint& where, std::string_view target,
                const http_options& options);

  http_exchange(const http_exchange&) = delete;
  http_exchange& operator=(const http_exchange&) = delete;

  void start(completion done);

  /// Grows with everything that arrives.
  size_t parts() const noexcept {
    return parts_;
  }

  /// @returns `true` once the server has said anything.
  bool answered() const noexcept {
    return answered_;
  }

  /// @returns `true` if the connection may be used again.
  bool keep_alive() const {
    return parser_.keep_alive();
  }

  /// @pre the exchange is complete
  http_response take() {
    return std::move(response_);
  }

private:
  void read_header();
  void on_header(const boost::system::error_code& error);
  void read_body();
  void on_body(const boost::system::error_code& error);
  std::optional<std::string> check_range();
  void finish(const char* phase, const boost::system::error_code& error);
  void fail(std::string text);

  wire& wire_;
  const http_options& options_;
  completion done_;
  boost::beast::http::request<boost::beast::http::empty_body> request_;
  boost::beast::http::response_parser<boost::beast::http::buffer_body> parser_;
  boost::beast::flat_buffer buffer_;
  std::array<char, 64 * 1024> part_;
  http_response response_;
  http_progress progress_;
  size_t parts_ = 0;
  bool answered_ = false;
  // The body goes to the caller of a request, not into the response.
  bool streamed_ = false;
};

} // namespace qalpha
