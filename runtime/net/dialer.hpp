// From a host name to a connection that is ready for the first byte. Only
// sources of this module include this header.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/net/endpoint.hpp"
#include "runtime/net/wire.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace qalpha {

/// Resolves, connects and shakes hands within one deadline. It keeps itself and
/// the wire alive until the last operation has ended.
class dialer : public std::enable_shared_from_this<dialer> {
public:
  /// What went wrong as "phase: reason"; nothing if the wire is ready.
  using completion = std::function<void(std::optional<fault>)>;

  dialer(boost::asio::io_context& io, std::shared_ptr<wire> stream,
         endpoint where, completion done);

  void start(std::chrono::milliseconds limit);

  /// Gives up: `done` is not called any more.
  void abandon();

private:
  using results = boost::asio::ip::tcp::resolver::results_type;

  void resolve();
  void connect(const results& found);
  void connect(const boost::asio::ip::tcp::endpoint& found);
  void on_connected(const boost::system::error_code& error);
  void shake_hands();
  void finish(const boost::system::error_code& error);
  void on_late();
  std::string reason(const boost::system::error_code& error);

  std::shared_ptr<wire> wire_;
  endpoint where_;
  completion done_;
  const char* phase_ = "resolve";
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
};

} // namespace qalpha
