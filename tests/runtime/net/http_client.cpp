#define CAF_SUITE net_http_client

#include "runtime/net/http_client.hpp"
#include "runtime/net/loopback_server.hpp"

#include "tests/runtime/loopback/guarded.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <caf/test/dsl.hpp>

#include <thread>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  test_authority authority;

  endpoint at(const loopback_server& server, std::string host = "localhost") {
    return {std::move(host), server.port(), true, authority.file()};
  }

  static http_client client(endpoint where) {
    auto made = http_client::make(std::move(where));
    CAF_REQUIRE(bool{made});
    return std::move(*made);
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

server_script answering(http_answer answer) {
  return {.on_get = [answer](const http_question&) { return answer; }};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(http_client_tests, fixture)

CAF_TEST(one_connection_serves_many_requests) {
  loopback_server server{
    authority.issue(), {.on_get = [](const http_question& question) {
      return http_answer{.body = question.target + ' '
                                 + std::to_string(question.connection),
                         .headers = {{"X-Weight", "20"}}};
    }}};
  auto asking = client(at(server));
  auto first = asking.get("/a?b=1");
  CAF_REQUIRE(bool{first});
  CAF_CHECK_EQUAL(first->status, 200u);
  CAF_CHECK_EQUAL(first->body, "/a?b=1 1");
  CAF_CHECK(first->header("x-weight") == "20");
  CAF_CHECK(!first->header("x-other"));
  auto second = asking.get("/c");
  CAF_REQUIRE(bool{second});
  CAF_CHECK_EQUAL(second->body, "/c 1");
}

CAF_TEST(plain_text_works_on_this_machine) {
  loopback_server server{std::nullopt, answering({.body = "plain"})};
  auto asking = client({"127.0.0.1", server.port(), false, ""});
  auto answer = asking.get("/");
  CAF_REQUIRE(bool{answer});
  CAF_CHECK_EQUAL(answer->body, "plain");
  CAF_CHECK(!http_client::make({"example.com", 80, false, ""}));
}

CAF_TEST(a_connection_closed_while_idle_is_opened_anew) {
  loopback_server server{
    authority.issue(), {.on_get = [](const http_question& question) {
      return http_answer{.body = std::to_string(question.connection),
                         .headers = {{"Connection", "keep-alive"}},
                         .last = true};
    }}};
  auto asking = client(at(server));
  for (int i = 1; i <= 3; ++i) {
    auto answer = asking.get("/");
    CAF_REQUIRE(bool{answer});
    CAF_CHECK_EQUAL(answer->body, std::to_string(i));
  }
}

CAF_TEST(redirects_are_answers) {
  loopback_server server{
    authority.issue(),
    answering({.status = 302, .headers = {{"Location", "http://x/"}}})};
  auto answer = client(at(server)).get("/");
  CAF_REQUIRE(bool{answer});
  CAF_CHECK_EQUAL(answer->status, 302u);
}

CAF_TEST(a_server_that_cannot_prove_its_name_is_refused) {
  struct {
    certificate_wish wish;
    const char* reason;
  } cases[] = {
    {{.names = {"other.example"}, .addresses = {}}, "hostname mismatch"},
    {{.names = {"*calhost"}, .addresses = {}}, "hostname mismatch"},
    {{.first_day = -2, .last_day = -1}, "has expired"},
    {{.first_day = 1, .last_day = 2}, "not yet valid"},
    {{.self_signed = true}, "self-signed"},
  };
  for (auto& x : cases) {
    loopback_server server{authority.issue(x.wish), answering({})};
    auto answer = client(at(server)).get("/");
    CAF_REQUIRE(!answer);
    CAF_MESSAGE(answer.error().text);
    CAF_CHECK(has(answer.error().text, "localhost:"));
    CAF_CHECK(has(answer.error().text, "tls: certificate refused"));
    CAF_CHECK(has(answer.error().text, x.reason));
  }
}

CAF_TEST(an_address_needs_a_certificate_for_it) {
  loopback_server good{authority.issue(), answering({})};
  CAF_CHECK(bool{client(at(good, "127.0.0.1")).get("/")});
  loopback_server bad{authority.issue({.addresses = {"127.0.0.2"}}),
                      answering({})};
  auto answer = client(at(bad, "127.0.0.1")).get("/");
  CAF_REQUIRE(!answer);
  CAF_CHECK(has(answer.error().text, "IP address mismatch"));
}

CAF_TEST(a_certificate_of_an_unknown_authority_is_refused) {
  test_authority other;
  loopback_server server{other.issue(), answering({})};
  auto answer = client(at(server)).get("/");
  CAF_REQUIRE(!answer);
  CAF_CHECK(has(answer.error().text, "tls: certificate refused: "));
  auto unreadable = http_client::make({"localhost", 1, true, "/nowhere.pem"});
  CAF_REQUIRE(!unreadable);
  CAF_CHECK(has(unreadable.error().text, "/nowhere.pem"));
}

CAF_TEST(a_server_without_tls_is_refused) {
  loopback_server server{std::nullopt, answering({})};
  auto answer = client(at(server)).get("/");
  CAF_REQUIRE(!answer);
  CAF_CHECK(has(answer.error().text, "tls: "));
}

CAF_TEST(every_wait_has_an_end) {
  loopback_server mute{authority.issue(), {.mute = true}};
  auto shaking = client(at(mute)).get("/", {.limit = 50ms});
  CAF_REQUIRE(!shaking);
  CAF_CHECK(has(shaking.error().text, "tls: no answer in time"));
  loopback_server holding{authority.issue(), answering({.hold = true})};
  auto waiting = client(at(holding)).get("/", {.limit = 50ms});
  CAF_REQUIRE(!waiting);
  CAF_CHECK(has(waiting.error().text, "receive: no answer in time"));
  loopback_server slow{
    authority.issue(),
    answering({.raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
               .hold = true})};
  auto half = client(at(slow)).get("/", {.patience = 50ms});
  CAF_REQUIRE(!half);
  CAF_CHECK(has(half.error().text, "receive: no answer in time"));
}

CAF_TEST(nobody_listening_is_named) {
  uint16_t port = 0;
  {
    loopback_server gone{std::nullopt, {}};
    port = gone.port();
  }
  auto answer = client({"localhost", port, true, authority.file()}).get("/");
  CAF_REQUIRE(!answer);
  CAF_CHECK_EQUAL(answer.error().text, "localhost:" + std::to_string(port)
                                         + ": connect: Connection refused");
}

CAF_TEST(bad_answers_are_errors) {
  for (auto raw :
       {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff"
        "f\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: "
        "chunked\r\n\r\nx"}) {
    loopback_server server{authority.issue(),
                           answering({.raw = raw, .last = true})};
    auto answer = client(at(server)).get("/");
    CAF_REQUIRE(!answer);
    CAF_CHECK(has(answer.error().text, ": receive: "));
  }
}

CAF_TEST(bodies_and_headers_are_bounded) {
  loopback_server large{authority.issue(),
                        answering({.body = std::string(100'000, 'x')})};
  auto body = client(at(large)).get("/", {.most_bytes = 99'999});
  CAF_REQUIRE(!body);
  CAF_CHECK(has(body.error().text, "longer than 99999 bytes"));
  CAF_CHECK(bool{client(at(large)).get("/", {.most_bytes = 100'000})});
  loopback_server wordy{
    authority.issue(),
    answering({.raw = "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')
                      + "\r\n\r\n"})};
  CAF_CHECK(!client(at(wordy)).get("/"));
}

CAF_TEST(a_target_cannot_smuggle_a_second_request) {
  loopback_server server{authority.issue(), answering({})};
  auto asking = client(at(server));
  for (auto target : {"", "a", "/a b", "/a\r\nX: y", "/\x80"})
    CAF_CHECK(!asking.get(target));
}

CAF_TEST(a_download_tells_its_progress_and_resumes) {
  std::string whole(200'000, '.');
  for (size_t i = 0; i < whole.size(); ++i)
    whole[i] = static_cast<char>('a' + i % 26);
  loopback_server server{
    authority.issue(), {.on_get = [&](const http_question& question) {
      if (question.range.empty())
        return http_answer{.body = whole};
      return http_answer{
        .status = 206,
        .body = whole.substr(150'000),
        .headers = {{"Content-Range", "bytes 150000-199999/200000"}}};
    }}};
  auto asking = client(at(server));
  std::string kept;
  http_options options;
  options.on_body = [&](std::string_view part, http_progress at) {
    kept += part;
    CAF_CHECK_EQUAL(at.received, kept.size());
    CAF_CHECK_EQUAL(at.total, whole.size());
    return kept.size() < 150'000;
  };
  auto cut = asking.get("/file", options);
  CAF_REQUIRE(!cut);
  CAF_CHECK(has(cut.error().text, "given up by the caller"));
  kept.resize(150'000);
  options.first_byte = kept.size();
  options.on_body = [&](std::string_view part, http_progress at) {
    kept += part;
    CAF_CHECK_EQUAL(at.received, kept.size());
    CAF_CHECK_EQUAL(at.total, whole.size());
    return true;
  };
  auto rest = asking.get("/file", options);
  CAF_REQUIRE(bool{rest});
  CAF_CHECK_EQUAL(rest->first_byte, 150'000u);
  CAF_CHECK(rest->body.empty());
  CAF_CHECK(kept == whole);
}

CAF_TEST(a_part_that_was_not_asked_for_is_refused) {
  loopback_server server{
    authority.issue(),
    answering({.status = 206,
               .body = "x",
               .headers = {{"Content-Range", "bytes 7-7/8"}}})};
  auto answer = client(at(server)).get("/", {.first_byte = 6});
  CAF_REQUIRE(!answer);
  CAF_CHECK(has(answer.error().text, "expected the body from byte 6"));
}

CAF_TEST(an_error_page_does_not_go_into_a_download) {
  loopback_server server{authority.issue(),
                         answering({.status = 404, .body = "not here"})};
  http_options options;
  options.on_body = [](std::string_view, http_progress) {
    CAF_FAIL("not a part of the file");
    return true;
  };
  auto answer = client(at(server)).get("/", options);
  CAF_REQUIRE(bool{answer});
  CAF_CHECK_EQUAL(answer->status, 404u);
  CAF_CHECK_EQUAL(answer->body, "not here");
}

CAF_TEST(a_request_is_cancelled_from_another_thread) {
  guarded<bool> asked;
  loopback_server server{authority.issue(),
                         {.on_get = [&](const http_question&) {
                           asked.change([](bool& x) { x = true; });
                           return http_answer{.hold = true};
                         }}};
  auto asking = client(at(server));
  std::thread other{[&] {
    asked.wait([](bool x) { return x; });
    asking.cancel();
  }};
  auto answer = asking.get("/", {.limit = 60s, .patience = 60s});
  other.join();
  CAF_REQUIRE(!answer);
  CAF_CHECK(has(answer.error().text, "cancelled"));
  CAF_CHECK(!asking.get("/"));
}

CAF_TEST_FIXTURE_SCOPE_END()
