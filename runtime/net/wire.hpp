// One connection, with or without TLS, as the stream that Beast works on. Only
// sources of this module include this header.

#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>

#include <openssl/ossl_typ.h>

#include <functional>
#include <memory>
#include <utility>

namespace boost::asio::ssl {

class context;

} // namespace boost::asio::ssl

namespace qalpha {

/// Decides at run time whether bytes are encrypted, and hides the types of both
/// streams, so that the layers above are compiled once and quickly. Lives as
/// long as an operation is under way.
class wire {
public:
  using executor_type = boost::asio::io_context::executor_type;
  using socket = boost::asio::ip::tcp::socket;
  using outcome = std::function<void(const boost::system::error_code&)>;
  using transferred
    = std::function<void(const boost::system::error_code&, size_t)>;

  wire(boost::asio::io_context& io, boost::asio::ssl::context& trust, bool tls);

  ~wire();

  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;

  executor_type get_executor() noexcept;

  socket& tcp() noexcept;

  bool is_tls() const noexcept {
    return tls_;
  }

  /// @returns the state of the TLS engine, for names and verdicts.
  SSL* engine() noexcept;

  void shake_hands(boost::beast::role_type as, outcome done);

  /// Reads what is there, at most `into`: with TLS, all records that have come.
  void read(boost::asio::mutable_buffer into, transferred done);

  /// Writes some of `from`.
  void write(boost::asio::const_buffer from, transferred done);

  /// Closes and reports it later. Says no good-bye in TLS: the layers above
  /// have their own, and a peer that misbehaved could keep us waiting for its
  /// answer, or hide behind the error of that what it did.
  void part(std::function<void()> done);

  /// Ends all operations at once.
  void close() noexcept;

  using signature = void(boost::system::error_code, size_t);

  /// Some is enough for both directions, so the first part that is not empty.
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& all) {
    auto end = boost::asio::buffer_sequence_end(all);
    for (auto i = boost::asio::buffer_sequence_begin(all); i != end; ++i)
      if (Buffer{*i}.size() > 0)
        return *i;
    return {};
  }

  /// Beast's handlers can be moved only.
  template <class Handler>
  static transferred shared(Handler&& handler) {
    auto kept
      = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    return [kept](const boost::system::error_code& error, size_t bytes) {
      std::move (*kept)(error, bytes);
    };
  }

  // -- what Beast expects of a stream, in its words ---------------------------

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& into, Handler&& handler) {
    return boost::asio::async_initiate<Handler, signature>(
      [this](auto&& ready, boost::asio::mutable_buffer first) {
        read(first, shared(std::forward<decltype(ready)>(ready)));
      },
      handler, first_of<boost::asio::mutable_buffer>(into));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    return boost::asio::async_initiate<Handler, signature>(
      [this](auto&& ready, boost::asio::const_buffer first) {
        write(first, shared(std::forward<decltype(ready)>(ready)));
      },
      handler, first_of<boost::asio::const_buffer>(from));
  }

private:
  struct streams;

  size_t read_rest(boost::asio::mutable_buffer into) noexcept;

  std::unique_ptr<streams> streams_;
  bool tls_;
};

/// Ends the connection below a WebSocket; found by Beast through its argument.
template <class Handler>
void async_teardown(boost::beast::role_type, wire& stream, Handler&& handler) {
  auto kept
    = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  stream.part([kept] { std::move (*kept)(boost::system::error_code{}); });
}

/// @relates wire
inline void teardown(boost::beast::role_type, wire& stream,
                     boost::system::error_code& error) {
  error = {};
  stream.close();
}

/// Ends a connection that timed out; found like the others.
/// @relates wire
inline void beast_close_socket(wire& stream) {
  stream.close();
}

} // namespace qalpha
