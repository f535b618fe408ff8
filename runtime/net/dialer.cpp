#include "runtime/net/dialer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace qalpha {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

bool is_ip(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

// The certificate must be for this host; names in its subject do not count. An
// IP address is not a server name (RFC 6066), so it is not announced.
bool expect_host(SSL* ssl, const std::string& host) {
  auto param = SSL_get0_param(ssl);
  if (is_ip(host))
    return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(param,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
                                    | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1
         && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

} // namespace

dialer::dialer(asio::io_context& io, std::shared_ptr<wire> stream,
               endpoint where, completion done)
  : wire_(std::move(stream)), where_(std::move(where)), done_(std::move(done)),
    resolver_(io), timer_(io) {
  // nop
}

void dialer::start(std::chrono::milliseconds limit) {
  timer_.expires_after(limit);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error)
      self->on_late();
  });
  resolve();
}

void dialer::abandon() {
  done_ = nullptr;
  timer_.cancel();
  resolver_.cancel();
  wire_->close();
}

void dialer::resolve() {
  error_code error;
  auto numeric = asio::ip::make_address(where_.host, error);
  if (!error)
    return connect(tcp::endpoint{numeric, where_.port});
  resolver_.async_resolve(
    where_.host, std::to_string(where_.port), tcp::resolver::numeric_service,
    [self = shared_from_this()](const error_code& failed, results found) {
      // The resolver answers in its own time, perhaps long after the deadline.
      if (!self->done_)
        return;
      if (failed)
        self->finish(failed);
      else
        self->connect(found);
    });
}

void dialer::connect(const results& found) {
  phase_ = "connect";
  asio::async_connect(
    wire_->tcp(), found,
    [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
      self->on_connected(error);
    });
}

void dialer::connect(const tcp::endpoint& found) {
  phase_ = "connect";
  wire_->tcp().async_connect(found,
                             [self = shared_from_this()](const error_code& e) {
                               self->on_connected(e);
                             });
}

void dialer::on_connected(const error_code& error) {
  if (!done_)
    return;
  if (error)
    return finish(error);
  error_code ignored;
  wire_->tcp().set_option(tcp::no_delay{true}, ignored);
  if (wire_->is_tls())
    shake_hands();
  else
    finish({});
}

void dialer::shake_hands() {
  phase_ = "tls";
  if (!expect_host(wire_->engine(), where_.host))
    return finish(error_code{static_cast<int>(ERR_get_error()),
                             asio::error::get_ssl_category()});
  wire_->shake_hands(boost::beast::role_type::client,
                     [self = shared_from_this()](const error_code& error) {
                       if (self->done_)
                         self->finish(error);
                     });
}

void dialer::finish(const error_code& error) {
  timer_.cancel();
  std::optional<fault> result;
  if (error)
    result = fault{std::string{phase_} + ": " + reason(error)};
  std::exchange(done_, nullptr)(std::move(result));
}

void dialer::on_late() {
  if (!done_)
    return;
  resolver_.cancel();
  wire_->close();
  finish(asio::error::timed_out);
}

std::string dialer::reason(const error_code& error) {
  if (error == asio::error::timed_out)
    return "no answer in time";
  auto verdict = SSL_get_verify_result(wire_->engine());
  if (verdict != X509_V_OK)
    return std::string{"certificate refused: "}
           + X509_verify_cert_error_string(verdict);
  return error.message();
}

} // namespace qalpha
