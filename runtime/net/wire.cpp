#include "runtime/net/wire.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/ssl.h>

namespace qalpha {

namespace asio = boost::asio;
using boost::system::error_code;

struct wire::streams {
  streams(asio::io_context& io, asio::ssl::context& trust)
    : executor(io.get_executor()), tls(io, trust) {
    // nop
  }

  executor_type executor;
  asio::ssl::stream<socket> tls;
};

wire::wire(asio::io_context& io, asio::ssl::context& trust, bool tls)
  : streams_(std::make_unique<streams>(io, trust)), tls_(tls) {
  // nop
}

wire::~wire() = default;

wire::executor_type wire::get_executor() noexcept {
  return streams_->executor;
}

wire::socket& wire::tcp() noexcept {
  return streams_->tls.next_layer();
}

SSL* wire::engine() noexcept {
  return streams_->tls.native_handle();
}

void wire::shake_hands(boost::beast::role_type as, outcome done) {
  auto side = as == boost::beast::role_type::client
                ? asio::ssl::stream_base::client
                : asio::ssl::stream_base::server;
  streams_->tls.async_handshake(side, std::move(done));
}

void wire::read(asio::mutable_buffer into, transferred done) {
  if (!tls_)
    return tcp().async_read_some(into, std::move(done));
  streams_->tls.async_read_some(into, [this, into, done = std::move(done)](
                                        const error_code& error, size_t bytes) {
    done(error, error ? bytes : bytes + read_rest(into + bytes));
  });
}

// Asio ends a read with its first record, and an operation a record costs more
// than decrypting it. The engine works on memory alone; a fault that it finds
// here meets the next operation, which forgets older ones first.
size_t wire::read_rest(asio::mutable_buffer into) noexcept {
  size_t all = 0;
  size_t one = 0;
  for (; all < into.size(); all += one)
    if (SSL_read_ex(engine(), static_cast<char*>(into.data()) + all,
                    into.size() - all, &one)
        != 1)
      break;
  return all;
}

void wire::write(asio::const_buffer from, transferred done) {
  if (tls_)
    streams_->tls.async_write_some(from, std::move(done));
  else
    tcp().async_write_some(from, std::move(done));
}

void wire::part(std::function<void()> done) {
  error_code ignored;
  tcp().shutdown(socket::shutdown_both, ignored);
  close();
  asio::post(streams_->executor, std::move(done));
}

void wire::close() noexcept {
  error_code ignored;
  tcp().close(ignored);
}

} // namespace qalpha
