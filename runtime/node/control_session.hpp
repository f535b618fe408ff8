// One client of the control endpoint.

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace qalpha {

/// A connection that sends one line and gets one line:
///
///   reading ──line──▶ answering ──reply──▶ writing ──▶ over
///      └──too long, too late──────────────────▲
///
/// Lives on the thread of the endpoint, and as long as an operation of it is
/// under way.
class control_session : public std::enable_shared_from_this<control_session> {
public:
  using socket = boost::asio::local::stream_protocol::socket;

  /// What the session tells its owner.
  struct listener {
    /// A complete line is there; answer it with `reply`.
    std::function<void(std::shared_ptr<control_session>, std::string)> asked;
    /// Nothing more will happen.
    std::function<void(const std::shared_ptr<control_session>&)> over;
  };

  control_session(socket connection, listener owner, size_t longest_request,
                  std::chrono::milliseconds patience);

  /// Begins to read.
  void start();

  /// Sends the reply, which ends the session. For a session that was not
  /// started, too.
  void reply(std::string line);

  /// Hangs up on a client that has not asked yet.
  void hang_up();

  /// @returns `true` until the line is complete.
  bool reading() const noexcept {
    return reading_;
  }

private:
  void be_patient();
  void on_read(const boost::system::error_code& error, size_t bytes);
  void end();

  socket socket_;
  boost::asio::steady_timer timer_;
  listener owner_;
  size_t longest_request_;
  std::chrono::milliseconds patience_;
  std::string text_;
  bool reading_ = false;
  bool too_late_ = false;
};

} // namespace qalpha
