#include "runtime/net/endpoint.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace qalpha {

namespace {

uint16_t usual_port(bool tls) {
  return tls ? 443 : 80;
}

fault wrong_url(std::string_view url, std::string_view rule) {
  return {"url '" + std::string{url.substr(0, 200)}
          + "': " + std::string{rule}};
}

// What a request line or a header could be torn apart with.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

// Reads `host`, `host:port`, `[v6]` or `[v6]:port`.
bool read_authority(std::string_view text, endpoint& result) {
  std::string_view port;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return false;
    result.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    auto colon = text.find(':');
    result.host = text.substr(0, colon);
    if (colon != std::string_view::npos)
      port = text.substr(colon);
  }
  if (result.host.empty())
    return false;
  if (port.empty())
    return true;
  auto last = port.data() + port.size();
  auto read = std::from_chars(port.data() + 1, last, result.port);
  return port[0] == ':' && read.ec == std::errc{} && read.ptr == last
         && result.port != 0;
}

} // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost")
    return true;
  boost::system::error_code error;
  auto parsed = boost::asio::ip::make_address(std::string{host}, error);
  return !error && parsed.is_loopback();
}

std::string host_header(const endpoint& where) {
  auto bare = where.host.find(':') == std::string::npos;
  auto result = bare ? where.host : '[' + where.host + ']';
  if (where.port != usual_port(where.tls))
    result += ':' + std::to_string(where.port);
  return result;
}

fallible<address> parse_url(std::string_view url, std::string ca_file) {
  auto split = url.find("://");
  auto scheme = url.substr(0, split);
  auto tls = scheme == "https" || scheme == "wss";
  if (split == std::string_view::npos
      || (!tls && scheme != "http" && scheme != "ws"))
    return wrong_url(url, "must begin with https:// or wss://");
  if (!is_plain(url))
    return wrong_url(url, "must not hold spaces or control characters");
  auto rest = url.substr(split + 3);
  auto slash = rest.find_first_of("/?#");
  auto authority = rest.substr(0, slash);
  address result;
  result.where.tls = tls;
  result.where.port = usual_port(tls);
  result.where.ca_file = std::move(ca_file);
  if (authority.find('@') != std::string_view::npos)
    return wrong_url(rest.substr(authority.find('@') + 1),
                     "must not hold a user or password");
  if (!read_authority(authority, result.where))
    return wrong_url(url, "must name a host, then perhaps a port");
  if (slash != std::string_view::npos) {
    if (rest[slash] != '/')
      return wrong_url(url, "must have a path before a query");
    result.target = rest.substr(slash);
  }
  if (!tls && !is_loopback(result.where.host))
    return wrong_url(url, "must use TLS: plain text stays on this machine");
  return result;
}

} // namespace qalpha
