#define CAF_SUITE net_endpoint

#include "runtime/net/endpoint.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;

CAF_TEST(a_url_names_host_port_and_target) {
  auto plain = parse_url("https://fapi.binance.com");
  CAF_REQUIRE(bool{plain});
  CAF_CHECK(plain->where == (endpoint{"fapi.binance.com", 443, true, ""}));
  CAF_CHECK_EQUAL(plain->target, "/");
  auto full = parse_url("wss://localhost:8443/public/stream?x=1", "ca.pem");
  CAF_REQUIRE(bool{full});
  CAF_CHECK(full->where == (endpoint{"localhost", 8443, true, "ca.pem"}));
  CAF_CHECK_EQUAL(full->target, "/public/stream?x=1");
  auto six = parse_url("http://[::1]:80/a");
  CAF_REQUIRE(bool{six});
  CAF_CHECK_EQUAL(six->where.host, "::1");
  CAF_CHECK_EQUAL(host_header(six->where), "[::1]");
}

CAF_TEST(plain_text_stays_on_this_machine) {
  CAF_CHECK(bool{parse_url("ws://127.0.0.1:9/x")});
  CAF_CHECK(bool{parse_url("http://localhost")});
  for (auto url : {"http://example.com", "ws://10.0.0.1", "ws://0.0.0.0",
                   "http://localhost.example.com"}) {
    auto read = parse_url(url);
    CAF_REQUIRE(!read);
    CAF_CHECK(read.error().text.find("must use TLS") != std::string::npos);
  }
}

CAF_TEST(what_is_no_url_is_refused) {
  for (auto url :
       {"", "https", "https://", "ftp://a", "https://a:0", "https://a:65536",
        "https://a:1x", "https://[::1", "https://a b", "https://a\r\nHost: b",
        "https://a?q=1", "https://user:secret@a/", "https://a:"})
    CAF_CHECK(!parse_url(url));
}

CAF_TEST(a_password_in_a_url_is_not_repeated) {
  auto read = parse_url("https://user:secret@host/x");
  CAF_REQUIRE(!read);
  CAF_CHECK(read.error().text.find("secret") == std::string::npos);
}
