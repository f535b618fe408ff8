#include "runtime/net/tls_trust.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <utility>

namespace qalpha {

namespace ssl = boost::asio::ssl;

tls_trust::tls_trust(std::shared_ptr<ssl::context> context)
  : context_(std::move(context)) {
  // nop
}

fallible<tls_trust> tls_trust::make(const std::string& ca_file) {
  auto result = std::make_shared<ssl::context>(ssl::context::tls_client);
  auto raw = result->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  boost::system::error_code error;
  if (ca_file.empty())
    result->set_default_verify_paths(error);
  else
    result->load_verify_file(ca_file, error);
  if (error)
    return fault{"authorities '" + (ca_file.empty() ? "of the system" : ca_file)
                 + "': " + error.message()};
  return tls_trust{std::move(result)};
}

} // namespace qalpha
