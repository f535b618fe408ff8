// The stream below a WebSocket that lets most messages take a shorter way. Only
// sources of this module include this header.

#pragma once

#include "models/market/time.hpp"
#include "runtime/net/frame_head.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/net/wire.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace qalpha {

/// Reads as much as there is, and tells each whole text message right from its
/// buffer. A WebSocket stream asks for each frame by itself, which costs more
/// than all that is done with a message afterwards. Everything else goes to the
/// stream above, in its place and to the end of its frame: messages in pieces
/// or longer than the buffer, bytes that are not ASCII, controls, whatever is
/// wrong. So the stream above still answers pings, closes, and judges.
///
/// It also gets a message now and then, or it would think that the peer has
/// gone. Lives as long as an operation is under way.
class frame_reader {
public:
  using executor_type = wire::executor_type;

  struct listener {
    /// `message` is valid during the call.
    std::function<void(std::string_view message)> on_message;

    /// All messages that have come were told, by this or by the stream above.
    std::function<void()> on_drained;
  };

  frame_reader(boost::asio::io_context& io, boost::asio::ssl::context& trust,
               bool tls)
    : below_(io, trust, tls) {
    // nop
  }

  executor_type get_executor() noexcept {
    return below_.get_executor();
  }

  wire& below() noexcept {
    return below_;
  }

  /// Begins to tell messages; call after the handshake.
  /// @param sign_of_life time after which the stream above gets a message
  /// @param largest longest message; the stream above refuses others
  void listen(listener to, timespan sign_of_life, size_t largest);

  /// From now on everything goes to the stream above.
  void hush() noexcept {
    telling_ = false;
  }

  /// @returns when the latest bytes came.
  utc_time received() const noexcept {
    return received_;
  }

  // -- what Beast expects of a stream, in its words ---------------------------

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& into, Handler&& handler) {
    return boost::asio::async_initiate<Handler, wire::signature>(
      [this](auto&& ready, boost::asio::mutable_buffer first) {
        read(first, wire::shared(std::forward<decltype(ready)>(ready)));
      },
      handler, wire::first_of<boost::asio::mutable_buffer>(into));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    return below_.async_write_some(from, std::forward<Handler>(handler));
  }

private:
  void read(boost::asio::mutable_buffer into, wire::transferred done);
  void serve(boost::asio::mutable_buffer into, wire::transferred done);
  void fill(boost::asio::mutable_buffer into, wire::transferred done);
  bool tell_messages();
  size_t hand_over(boost::asio::mutable_buffer into);
  size_t end_of_answer(std::string_view bytes);

  std::string_view rest() const noexcept {
    return {buffer_.get() + begin_, end_ - begin_};
  }

  wire below_;
  std::unique_ptr<char[]> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  utc_time received_;

  // How many bytes of the end of the server's answer to the handshake have
  // passed; frames begin behind it.
  size_t answered_ = 0;
  frame_cut cut_;
  listener listener_;
  bool telling_ = false;
  // Something was told since the listener last heard that it was all.
  bool told_ = false;
  size_t largest_ = 0;
  timespan sign_of_life_{0};
  network_thread::clock::time_point handed_{};
  bool life_is_due_ = true;
};

/// Ends the connection below a WebSocket; found by Beast through its argument.
template <class Handler>
void async_teardown(boost::beast::role_type role, frame_reader& stream,
                    Handler&& handler) {
  async_teardown(role, stream.below(), std::forward<Handler>(handler));
}

/// @relates frame_reader
inline void teardown(boost::beast::role_type role, frame_reader& stream,
                     boost::system::error_code& error) {
  teardown(role, stream.below(), error);
}

/// Ends a connection that timed out; found like the others.
/// @relates frame_reader
inline void beast_close_socket(frame_reader& stream) {
  stream.below().close();
}

} // namespace qalpha
