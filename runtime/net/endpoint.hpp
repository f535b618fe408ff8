// Where a server is, and how it proves that it is the one.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// A server. Without TLS only this machine is reachable.
struct endpoint {
  /// A name, or an IP address without brackets.
  std::string host;

  uint16_t port = 443;

  bool tls = true;

  /// PEM file with the authorities to trust; empty: those of the system.
  std::string ca_file;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// A server and what is asked of it.
struct address {
  endpoint where;

  /// Begins with a slash, holds the query.
  std::string target = "/";

  friend bool operator==(const address&, const address&) = default;
};

/// Reads `https://host[:port][/target]`, also `wss`, `http` and `ws`.
/// @returns a fault for another scheme, credentials, control characters, and
///          for `http` and `ws` to another machine.
fallible<address> parse_url(std::string_view url, std::string ca_file = {});

/// @returns `true` for "localhost" and the loopback addresses.
bool is_loopback(std::string_view host);

/// @returns the value of a Host header: the port only if it is not the usual.
std::string host_header(const endpoint& where);

} // namespace qalpha
