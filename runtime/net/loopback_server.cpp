#include "runtime/net/loopback_server.hpp"

#include "runtime/net/wire.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <deque>
#include <mutex>

namespace qalpha {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

class peer final : public std::enable_shared_from_this<peer> {
public:
  peer(asio::io_context& io, asio::ssl::context& shown, bool tls,
       const server_script& script, uint64_t number)
    : io_(io), script_(script), number_(number), stream_(io, shown, tls) {
    // nop
  }

  wire& connection() {
    return stream_.next_layer();
  }

  void start() {
    if (script_.mute)
      return;
    if (!connection().is_tls())
      return read_request();
    connection().shake_hands(boost::beast::role_type::server,
                             [self = shared_from_this()](const error_code& e) {
                               if (e)
                                 self->end();
                               else
                                 self->read_request();
                             });
  }

  void end() {
    over_ = true;
    connection().close();
  }

  bool is_over() const {
    return over_;
  }

  const std::string& target() const {
    return target_;
  }

  uint64_t number() const {
    return number_;
  }

  enum class what { text, ping, raw, close };

  struct parcel {
    what kind;
    std::string bytes;
    uint16_t code = 0;
  };

  // Parcels leave in the order of the calls, whatever thread they come from: a
  // task that is posted on the loop's own thread may overtake others.
  void push(parcel x) {
    std::lock_guard hold{mutex_};
    inbox_.push_back(std::move(x));
    ++waiting_;
    asio::post(io_, [self = shared_from_this()] {
      {
        std::lock_guard reading{self->mutex_};
        for (auto& next : self->inbox_)
          self->queue_.push_back(std::move(next));
        self->inbox_.clear();
      }
      self->write_next();
    });
  }

  size_t waiting() const {
    return waiting_;
  }

  void reset() {
    asio::post(io_, [self = shared_from_this()] {
      error_code ignored;
      self->connection().tcp().set_option(asio::socket_base::linger{true, 0},
                                          ignored);
      self->end();
    });
  }

private:
  server_socket_ptr handle();

  void read_request() {
    request_ = {};
    http::async_read(connection(), buffer_, request_,
                     [self = shared_from_this()](const error_code& e, size_t) {
                       if (e)
                         self->end();
                       else
                         self->on_request();
                     });
  }

  void on_request() {
    target_ = std::string{request_.target()};
    if (websocket::is_upgrade(request_))
      return upgrade();
    http_answer answer{404};
    if (script_.on_get)
      answer = script_.on_get(
        {target_, std::string{request_[http::field::range]}, number_});
    last_ = answer.last;
    hold_ = answer.hold;
    auto after = [self = shared_from_this()](const error_code& e, size_t) {
      if (e || self->hold_)
        return;
      if (self->last_)
        self->connection().part([self] { self->over_ = true; });
      else
        self->read_request();
    };
    if (!answer.raw.empty()) {
      raw_ = std::move(answer.raw);
      return asio::async_write(connection(), asio::buffer(raw_), after);
    }
    if (hold_)
      return;
    response_ = {static_cast<http::status>(answer.status), 11};
    for (auto& [name, value] : answer.headers)
      response_.set(name, value);
    response_.keep_alive(!last_);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    http::async_write(connection(), response_, after);
  }

  void upgrade() {
    stream_.control_callback(
      [this](websocket::frame_type kind, boost::string_view payload) {
        if (kind == websocket::frame_type::pong && script_.on_pong)
          script_.on_pong(handle(), {payload.data(), payload.size()});
      });
    stream_.async_accept(request_,
                         [self = shared_from_this()](const error_code& e) {
                           if (e)
                             return self->end();
                           self->open_ = true;
                           if (self->script_.on_open)
                             self->script_.on_open(self->handle());
                           self->write_next();
                           self->read_message();
                         });
  }

  void read_message() {
    stream_.async_read(
      buffer_, [self = shared_from_this()](const error_code& e, size_t) {
        if (e) {
          self->over_ = true;
          if (self->script_.on_closed)
            self->script_.on_closed(self->handle());
          return;
        }
        auto bytes = self->buffer_.data();
        std::string text{static_cast<const char*>(bytes.data()), bytes.size()};
        self->buffer_.clear();
        if (self->script_.on_text)
          self->script_.on_text(self->handle(), text);
        self->read_message();
      });
  }

  void write_next() {
    if (!open_ || writing_ || queue_.empty())
      return;
    writing_ = true;
    auto done = [self = shared_from_this()](const error_code& e) {
      self->writing_ = false;
      self->queue_.pop_front();
      --self->waiting_;
      if (!e)
        self->write_next();
    };
    auto sent = [done](const error_code& e, size_t) { done(e); };
    auto& x = queue_.front();
    switch (x.kind) {
      case what::text:
        stream_.text(true);
        return stream_.async_write(asio::buffer(x.bytes), sent);
      case what::ping:
        return stream_.async_ping(
          websocket::ping_data{boost::string_view{x.bytes}}, done);
      case what::raw:
        return asio::async_write(connection(), asio::buffer(x.bytes), sent);
      case what::close:
        return stream_.async_close({static_cast<websocket::close_code>(x.code),
                                    boost::string_view{x.bytes}},
                                   done);
    }
  }

  asio::io_context& io_;
  const server_script& script_;
  uint64_t number_;
  websocket::stream<wire, false> stream_;
  boost::beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  http::response<http::string_body> response_;
  std::string raw_;
  std::string target_;
  std::mutex mutex_;
  std::vector<parcel> inbox_;
  std::deque<parcel> queue_;
  std::atomic<size_t> waiting_{0};
  bool open_ = false;
  bool writing_ = false;
  bool hold_ = false;
  bool last_ = false;
  bool over_ = false;
};

// What tests keep; after the end of the server it does nothing.
class socket_handle final : public server_socket {
public:
  explicit socket_handle(const std::shared_ptr<peer>& of)
    : peer_(of), number_(of->number()), target_(of->target()) {
    // nop
  }

  uint64_t number() const override {
    return number_;
  }

  std::string target() const override {
    return target_;
  }

  void send(std::string text) override {
    push({peer::what::text, std::move(text)});
  }

  void ping(std::string payload) override {
    push({peer::what::ping, std::move(payload)});
  }

  void raw(std::string bytes) override {
    push({peer::what::raw, std::move(bytes)});
  }

  void close(uint16_t code, std::string reason) override {
    push({peer::what::close, std::move(reason), code});
  }

  void reset() override {
    if (auto alive = peer_.lock())
      alive->reset();
  }

  size_t waiting() const override {
    auto alive = peer_.lock();
    return alive ? alive->waiting() : 0;
  }

private:
  void push(peer::parcel x) {
    if (auto alive = peer_.lock())
      alive->push(std::move(x));
  }

  std::weak_ptr<peer> peer_;
  uint64_t number_;
  std::string target_;
};

server_socket_ptr peer::handle() {
  return std::make_shared<socket_handle>(shared_from_this());
}

} // namespace

class loopback_server::service {
public:
  service(std::optional<server_credentials> shown, server_script script)
    : script_(std::move(script)), tls_(shown.has_value()),
      listener_(home_.io(), {asio::ip::make_address("127.0.0.1"), 0}) {
    if (shown) {
      context_.use_certificate_chain(asio::buffer(shown->chain));
      context_.use_private_key(asio::buffer(shown->key),
                               asio::ssl::context::pem);
    }
    port_ = listener_.local_endpoint().port();
    home_.run([this] { accept(); });
  }

  ~service() {
    home_.run([this] {
      listener_.close();
      for (auto& kept : peers_)
        kept->end();
    });
    home_.stop();
  }

  uint16_t port() const {
    return port_;
  }

  network_thread& home() {
    return home_;
  }

private:
  void accept() {
    auto fresh = std::make_shared<peer>(home_.io(), context_, tls_, script_,
                                        ++count_);
    listener_.async_accept(
      fresh->connection().tcp(), [this, fresh](const error_code& e) {
        if (e)
          return;
        fresh->connection().tcp().set_option(tcp::no_delay{true});
        std::erase_if(peers_, [](auto& x) { return x->is_over(); });
        peers_.push_back(fresh);
        fresh->start();
        accept();
      });
  }

  server_script script_;
  bool tls_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  uint64_t count_ = 0;
  uint16_t port_ = 0;
  network_thread home_;
  tcp::acceptor listener_;
  // A peer that says nothing has no operation that would keep it.
  std::vector<std::shared_ptr<peer>> peers_;
};

loopback_server::loopback_server(std::optional<server_credentials> shown,
                                 server_script script)
  : service_(std::make_unique<service>(std::move(shown), std::move(script))) {
  // nop
}

loopback_server::~loopback_server() = default;

uint16_t loopback_server::port() const {
  return service_->port();
}

network_thread& loopback_server::home() {
  return service_->home();
}

} // namespace qalpha
