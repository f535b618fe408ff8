// Whom a client believes.

#pragma once

#include "models/machine/fallible.hpp"

#include <memory>
#include <string>

namespace boost::asio::ssl {

class context;

} // namespace boost::asio::ssl

namespace qalpha {

/// What a TLS client accepts: version 1.2 at least, a chain that ends at an
/// authority it trusts, no compression, no renegotiation. The name of the host
/// is checked a connection. Shared by all connections; immutable.
class tls_trust {
public:
  /// @param ca_file PEM file with the authorities; empty: those of the system
  /// @returns a fault naming the file if it cannot be read.
  static fallible<tls_trust> make(const std::string& ca_file);

  boost::asio::ssl::context& context() const noexcept {
    return *context_;
  }

private:
  explicit tls_trust(std::shared_ptr<boost::asio::ssl::context> context);

  std::shared_ptr<boost::asio::ssl::context> context_;
};

} // namespace qalpha
