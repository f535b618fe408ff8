#define CAF_SUITE cli_control_client

#include "runtime/cli/control_client.hpp"

#include "runtime/node/control_socket.hpp"
#include "runtime/node/node_view.hpp"

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <poll.h>
#include <unistd.h>

#include <caf/test/dsl.hpp>

using namespace qalpha;

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// A run directory in which a test plays the node.
struct fixture {
  fixture() {
    auto pattern = (fs::temp_directory_path() / "qalpha-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot create a directory"};
    root = pattern;
  }

  ~fixture() {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }

  control_socket listen() {
    auto made = control_socket::listen(run_paths{root}.control());
    if (!made)
      throw std::runtime_error{made.error().text};
    return std::move(*made);
  }

  control_reply ask(milliseconds patience = milliseconds{20'000}) {
    return ask_node(root, {{"verb", "ping"}}, patience);
  }

  /// Answers one client with `reply` after its line, as it is.
  control_reply ask_node_that_says(const std::string& reply) {
    auto door = listen();
    std::thread node{[&] {
      pollfd watched{door.descriptor(), POLLIN, 0};
      poll(&watched, 1, 20'000);
      auto client = accept(door.descriptor(), nullptr, nullptr);
      char byte = 0;
      while (recv(client, &byte, 1, 0) == 1 && byte != '\n') {
        // nop
      }
      send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
      close(client);
    }};
    auto result = ask();
    node.join();
    return result;
  }

  std::string root;
};

int exit_of(const control_reply& reply) {
  return code(reply.exit);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(control_client_tests, fixture)

CAF_TEST(no_node_is_an_exit_code_and_a_way_to_start_one) {
  auto reply = ask();
  CAF_CHECK_EQUAL(exit_of(reply), 4);
  CAF_CHECK_EQUAL(text_of(reply.json, "message"),
                  "no node is running in " + root
                    + " (start one with ./scripts/start.sh or qalpha run --run "
                    + root + ")");
  CAF_CHECK_EQUAL(exit_of(ask_node("/nowhere", {{"verb", "ping"}})), 4);
}

CAF_TEST(a_node_that_stays_silent_is_a_timeout) {
  auto door = listen();
  CAF_CHECK_EQUAL(exit_of(ask(milliseconds{50})), 6);
}

CAF_TEST(replies_become_exit_codes) {
  auto exit_after = [&](const char* reply) {
    return exit_of(ask_node_that_says(std::string{reply} + "\n"));
  };
  CAF_CHECK_EQUAL(exit_after(R"({"ok":true})"), 0);
  CAF_CHECK_EQUAL(exit_after(R"({"ok":false,"code":"refused"})"), 7);
  CAF_CHECK_EQUAL(exit_after(R"({"ok":false,"code":"not_found"})"), 3);
  CAF_CHECK_EQUAL(exit_after(R"({"ok":false,"code":"timeout"})"), 6);
  CAF_CHECK_EQUAL(exit_after(R"({"ok":false,"code":"invalid"})"), 2);
  CAF_CHECK_EQUAL(exit_after(R"({"ok":false,"code":"busy"})"), 1);
  CAF_CHECK_EQUAL(exit_after("[1]"), 1);
  CAF_CHECK_EQUAL(exit_after("no JSON"), 1);
}

CAF_TEST(half_a_reply_is_none) {
  auto reply = ask_node_that_says(R"({"ok":true})");
  CAF_CHECK_EQUAL(exit_of(reply), 1);
}

CAF_TEST(a_large_reply_arrives_whole) {
  auto text = std::string(1'000'000, 'x');
  auto reply = ask_node_that_says(R"({"ok":true,"message":")" + text + "\"}\n");
  CAF_CHECK_EQUAL(exit_of(reply), 0);
  CAF_CHECK(text_of(reply.json, "message") == text);
}

CAF_TEST(a_directory_with_a_name_too_long_is_a_clear_failure) {
  auto reply = ask_node(std::string(120, 'x'), {{"verb", "ping"}});
  CAF_CHECK_EQUAL(exit_of(reply), 1);
  CAF_CHECK(text_of(reply.json, "message").find("shorter run directory")
            != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
