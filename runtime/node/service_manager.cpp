#include "runtime/node/service_manager.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace qalpha {

namespace {

std::string variable(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::chrono::microseconds watchdog_period() {
  auto text = variable("WATCHDOG_USEC");
  int64_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data(), end, result);
  auto valid = code == std::errc{} && stop == end && result > 0;
  return std::chrono::microseconds{valid ? result : 0};
}

} // namespace

service_manager::service_manager()
  : service_manager(variable("NOTIFY_SOCKET"), watchdog_period()) {
  // nop
}

service_manager::service_manager(std::string address,
                                 std::chrono::microseconds watchdog)
  : address_(std::move(address)), watchdog_(watchdog) {
  // nop
}

service_manager::~service_manager() {
  stopping();
}

void service_manager::ready() {
  tell("READY=1\nSTATUS=trading");
}

void service_manager::stopping() {
  if (stopping_)
    return;
  stopping_ = true;
  tell("STOPPING=1\nSTATUS=stopping");
}

void service_manager::alive(std::chrono::steady_clock::time_point now) {
  if (watchdog_.count() == 0 || now - told_ < watchdog_ / 2)
    return;
  told_ = now;
  tell("WATCHDOG=1");
}

void service_manager::tell(std::string_view state) const noexcept {
  sockaddr_un to{};
  if (address_.empty() || address_.size() >= sizeof(to.sun_path))
    return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  // The protocol writes an abstract name with '@' for its leading zero.
  if (to.sun_path[0] == '@')
    to.sun_path[0] = '\0';
  auto length
    = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  auto fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  ::sendto(fd, state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<sockaddr*>(&to), length);
  ::close(fd);
}

} // namespace qalpha
