#define CAF_SUITE node.service_manager

#include "runtime/node/service_manager.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

/// A manager that listens on an abstract socket of this process.
struct fixture {
  std::string address = "@qalpha-test-" + std::to_string(::getpid());
  int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  fixture() {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path + 1, address.data() + 1, address.size() - 1);
    auto length = offsetof(sockaddr_un, sun_path) + address.size();
    if (::bind(fd, reinterpret_cast<sockaddr*>(&at),
               static_cast<socklen_t>(length))
        != 0)
      CAF_FAIL("cannot bind the socket of the test");
  }

  ~fixture() {
    ::close(fd);
  }

  /// @returns the next datagram, or nothing.
  std::string heard() const {
    std::array<char, 256> bytes{};
    auto size = ::recv(fd, bytes.data(), bytes.size(), 0);
    return size < 0 ? "" : std::string(bytes.data(), static_cast<size_t>(size));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(service_manager_tests, fixture)

CAF_TEST(manager_hears_of_start_and_stop_once) {
  {
    service_manager manager{address, 0us};
    CAF_CHECK_EQUAL(heard(), "");
    manager.ready();
    CAF_CHECK_EQUAL(heard(), "READY=1\nSTATUS=trading");
    manager.stopping();
    CAF_CHECK_EQUAL(heard(), "STOPPING=1\nSTATUS=stopping");
    manager.stopping();
  }
  CAF_CHECK_EQUAL(heard(), "");
}

CAF_TEST(end_of_the_node_is_told_although_nobody_said_so) {
  { service_manager manager{address, 0us}; }
  CAF_CHECK_EQUAL(heard(), "STOPPING=1\nSTATUS=stopping");
}

CAF_TEST(pulses_feed_the_watchdog_at_most_twice_in_its_time) {
  service_manager manager{address, 10s};
  auto begin = std::chrono::steady_clock::now();
  manager.alive(begin);
  CAF_CHECK_EQUAL(heard(), "WATCHDOG=1");
  manager.alive(begin + 4s);
  CAF_CHECK_EQUAL(heard(), "");
  manager.alive(begin + 5s);
  CAF_CHECK_EQUAL(heard(), "WATCHDOG=1");
}

CAF_TEST(without_a_watchdog_pulses_are_not_told) {
  service_manager manager{address, 0us};
  manager.alive(std::chrono::steady_clock::now());
  CAF_CHECK_EQUAL(heard(), "");
}

CAF_TEST(nobody_listening_or_a_name_too_long_is_no_failure) {
  service_manager nobody{"", 1s};
  nobody.ready();
  service_manager gone{"@qalpha-nobody-is-there", 1s};
  gone.ready();
  service_manager endless{std::string(500, 'x'), 1s};
  endless.ready();
  endless.alive(std::chrono::steady_clock::now());
  CAF_CHECK_EQUAL(heard(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
