#define CAF_SUITE node_control_socket

#include "runtime/node/control_socket.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;

CAF_TEST(a_path_that_no_socket_can_have_asks_for_a_shorter_one) {
  // 108 bytes in the kernel, one of them for the end.
  CAF_CHECK(bool{socket_address(std::string(107, 'x'))});
  auto wrong = socket_address(std::string(108, 'x'));
  CAF_REQUIRE(!wrong);
  CAF_CHECK(wrong.error().text.find("shorter run directory")
            != std::string::npos);
  CAF_CHECK(!control_socket::listen("/tmp/" + std::string(108, 'x')));
}

CAF_TEST(a_directory_that_is_not_there_is_named) {
  auto wrong = control_socket::listen("/nowhere/control.sock");
  CAF_REQUIRE(!wrong);
  CAF_CHECK(wrong.error().text.find("/nowhere/control.sock")
            != std::string::npos);
}
