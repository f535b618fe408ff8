#include "runtime/net/websocket_session.hpp"

#include "runtime/net/dialer.hpp"
#include "runtime/net/frame_reader.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <utility>

namespace qalpha {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

/// Outlives the session until the last operation has ended.
class websocket_session::connection
  : public std::enable_shared_from_this<connection> {
public:
  connection(network_thread& home, const tls_trust& trust, address to,
             websocket_limits limits, callbacks listener)
    : io_(home.io()), trust_(trust), to_(std::move(to)), limits_(limits),
      listener_(std::make_shared<callbacks>(std::move(listener))),
      stream_(io_, trust_.context(), to_.where.tls), pace_(io_) {
    // nop
  }

  void connect() {
    std::shared_ptr<wire> dialed{shared_from_this(), &layer().below()};
    dialer_ = std::make_shared<dialer>(
      io_, std::move(dialed), to_.where,
      [self = shared_from_this()](const std::optional<fault>& failed) {
        self->dialer_.reset();
        if (failed)
          self->end(failed->text);
        else
          self->upgrade();
      });
    dialer_->start(limits_.connect);
  }

  bool send(std::string command) {
    if (commands_.size() >= limits_.most_waiting)
      return false;
    commands_.push_back(std::move(command));
    send_next();
    return true;
  }

  void close() {
    auto was_open = open_ && !ended_;
    ended_ = true;
    open_ = false;
    listener_ = nullptr;
    layer().hush();
    pace_.cancel();
    if (dialer_)
      std::exchange(dialer_, nullptr)->abandon();
    if (was_open)
      stream_.async_close(websocket::close_code::going_away,
                          [self = shared_from_this()](const error_code&) {
                            self->layer().below().close();
                          });
    else
      layer().below().close();
  }

  const websocket_counters& counters() const noexcept {
    return counters_;
  }

private:
  frame_reader& layer() noexcept {
    return stream_.next_layer();
  }

  void upgrade() {
    stream_.set_option(
      websocket::stream_base::timeout{.handshake_timeout = limits_.connect,
                                      .idle_timeout = limits_.idle,
                                      .keep_alive_pings = true});
    stream_.read_message_max(limits_.largest_message);
    stream_.auto_fragment(false);
    stream_.control_callback(
      [this](websocket::frame_type kind, boost::string_view) {
        // Pings are answered by the stream, with their own payload.
        if (kind == websocket::frame_type::ping)
          ++counters_.pings;
        else if (kind == websocket::frame_type::pong)
          ++counters_.pongs;
      });
    stream_.async_handshake(
      host_header(to_.where), to_.target,
      [self = shared_from_this()](const error_code& e) { self->on_open(e); });
  }

  void on_open(const error_code& error) {
    if (ended_)
      return;
    if (error)
      return end("handshake: " + error.message());
    // From now on this is what a good-bye may take.
    stream_.set_option(
      websocket::stream_base::timeout{.handshake_timeout = limits_.close,
                                      .idle_timeout = limits_.idle,
                                      .keep_alive_pings = true});
    open_ = true;
    // A quarter of the silence that counts, so that a peer that talks does not
    // have to answer pings.
    layer().listen(
      {[this](std::string_view text) { tell(text); }, [this] { drained(); }},
      limits_.idle / 4, limits_.largest_message);
    if (auto kept = listener_; kept->on_open)
      kept->on_open();
    send_next();
    read();
  }

  void read() {
    if (ended_)
      return;
    stream_.async_read(
      buffer_, [self = shared_from_this()](const error_code& error, size_t) {
        self->on_message(error);
      });
  }

  void on_message(const error_code& error) {
    if (ended_)
      return;
    if (error)
      return end("read: " + reason(error));
    auto bytes = buffer_.data();
    tell({static_cast<const char*>(bytes.data()), bytes.size()});
    buffer_.clear();
    read();
  }

  void tell(std::string_view message) {
    ++counters_.messages;
    counters_.bytes += message.size();
    if (auto kept = listener_; kept->on_message)
      kept->on_message(layer().received(), message);
  }

  void drained() {
    if (auto kept = listener_; kept && kept->on_drained)
      kept->on_drained();
  }

  // One command is on its way, or the pause after one.
  void send_next() {
    if (!open_ || sending_ || commands_.empty())
      return;
    sending_ = true;
    ++counters_.commands;
    stream_.text(true);
    stream_.async_write(
      asio::buffer(commands_.front()),
      [self = shared_from_this()](const error_code& error, size_t) {
        self->on_sent(error);
      });
  }

  void on_sent(const error_code& error) {
    if (ended_)
      return;
    if (error)
      return end("send: " + error.message());
    commands_.pop_front();
    pace_.expires_after(limits_.between_sends);
    pace_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (cancelled || self->ended_)
        return;
      self->sending_ = false;
      self->send_next();
    });
  }

  std::string reason(const error_code& error) {
    if (error == websocket::error::message_too_big
        || error == websocket::error::buffer_overflow) {
      ++counters_.oversized;
      return "a message is longer than "
             + std::to_string(limits_.largest_message) + " bytes";
    }
    if (error == boost::beast::error::timeout)
      return "silent for " + std::to_string(limits_.idle.count()) + " ms";
    if (error == websocket::error::closed) {
      auto& why = stream_.reason();
      return "closed by the server, code " + std::to_string(why.code) + " '"
             + std::string{why.reason.data(), why.reason.size()} + "'";
    }
    return error.message();
  }

  void end(const std::string& why) {
    open_ = false;
    ended_ = true;
    layer().hush();
    pace_.cancel();
    layer().below().close();
    auto last = std::exchange(listener_, nullptr);
    if (last->on_closed)
      last->on_closed(host_header(to_.where) + ": " + why);
  }

  asio::io_context& io_;
  tls_trust trust_;
  address to_;
  websocket_limits limits_;
  // A callback may drop the session: whoever calls one keeps them all.
  std::shared_ptr<callbacks> listener_;
  websocket::stream<frame_reader, false> stream_;
  asio::steady_timer pace_;
  std::shared_ptr<dialer> dialer_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> commands_;
  websocket_counters counters_;
  bool open_ = false;
  bool sending_ = false;
  bool ended_ = false;
};

websocket_session::websocket_session(network_thread& home,
                                     const tls_trust& trust, address to,
                                     websocket_limits limits,
                                     callbacks listener)
  : connection_(std::make_shared<connection>(home, trust, std::move(to), limits,
                                             std::move(listener))) {
  connection_->connect();
}

websocket_session::~websocket_session() {
  connection_->close();
}

bool websocket_session::send(std::string command) {
  return connection_->send(std::move(command));
}

void websocket_session::close() {
  connection_->close();
}

const websocket_counters& websocket_session::counters() const noexcept {
  return connection_->counters();
}

} // namespace qalpha
