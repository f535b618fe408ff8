#include "runtime/node/control_socket.hpp"

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace qalpha {

namespace {

// Clients that wait while another one is being accepted.
constexpr int backlog = 16;

fault refuse(const std::filesystem::path& where, const std::string& what) {
  return {"control socket " + where.string() + " " + what};
}

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

/// Whoever may write to the directory may put another socket into it.
std::optional<std::string> objection(const std::filesystem::path& where) {
  auto parent = where.has_parent_path() ? where.parent_path() : ".";
  struct stat info = {};
  if (stat(parent.c_str(), &info) != 0)
    return "cannot be created: " + reason_of(errno);
  if (info.st_uid != geteuid())
    return "is in a directory of user " + std::to_string(info.st_uid)
           + ", expected one of user " + std::to_string(geteuid());
  if ((info.st_mode & S_IWOTH) != 0)
    return "is in a directory that everybody can write; run chmod o-w on it";
  return std::nullopt;
}

int connect_to(const sockaddr_un& address) {
  auto probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0)
    return errno;
  auto done = connect(probe, reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address));
  auto error = done == 0 ? 0 : errno;
  close(probe);
  return error;
}

/// Makes room for the socket.
std::optional<std::string> clear_away(const std::filesystem::path& where,
                                      const sockaddr_un& address) {
  struct stat info = {};
  if (lstat(where.c_str(), &info) != 0)
    return errno == ENOENT
             ? std::nullopt
             : std::optional{"cannot be examined: " + reason_of(errno)};
  if (!S_ISSOCK(info.st_mode))
    return "is a file of another kind; remove it";
  // Refused: nobody listens any more, the file outlived its node.
  if (connect_to(address) != ECONNREFUSED)
    return "is in use by another node";
  if (unlink(where.c_str()) != 0)
    return "cannot be replaced: " + reason_of(errno);
  return std::nullopt;
}

bool bind_and_listen(int descriptor, const sockaddr_un& address) {
  // On Linux the file gets the mode that the descriptor has when it is bound.
  return fchmod(descriptor, 0600) == 0
         && bind(descriptor, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address))
              == 0
         && listen(descriptor, backlog) == 0;
}

} // namespace

fallible<sockaddr_un> socket_address(const std::filesystem::path& where) {
  sockaddr_un result = {};
  result.sun_family = AF_UNIX;
  auto& text = where.native();
  if (text.size() >= sizeof(result.sun_path))
    return refuse(where, "has a path of " + std::to_string(text.size())
                           + " bytes, expected at most "
                           + std::to_string(sizeof(result.sun_path) - 1)
                           + ": choose a shorter run directory");
  std::memcpy(result.sun_path, text.data(), text.size());
  return result;
}

bool peer_is_trusted(int connection) noexcept {
  ucred peer = {};
  socklen_t size = sizeof(peer);
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
         && (peer.uid == geteuid() || peer.uid == 0);
}

fallible<control_socket>
control_socket::listen(const std::filesystem::path& where) {
  auto address = socket_address(where);
  if (!address)
    return address.error();
  if (auto wrong = objection(where))
    return refuse(where, *wrong);
  if (auto wrong = clear_away(where, *address))
    return refuse(where, *wrong);
  auto descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           0);
  if (descriptor < 0)
    return refuse(where, "cannot be created: " + reason_of(errno));
  // From here on the object closes what is open.
  control_socket result{where, descriptor};
  if (!bind_and_listen(descriptor, *address))
    return refuse(where, "cannot be created: " + reason_of(errno));
  struct stat info = {};
  if (lstat(where.c_str(), &info) != 0)
    return refuse(where, "vanished: " + reason_of(errno));
  result.device_ = info.st_dev;
  result.inode_ = info.st_ino;
  return result;
}

control_socket::~control_socket() {
  if (descriptor_ < 0)
    return;
  struct stat info = {};
  if (inode_ != 0 && lstat(where_.c_str(), &info) == 0 && info.st_dev == device_
      && info.st_ino == inode_)
    unlink(where_.c_str());
  close(descriptor_);
}

} // namespace qalpha
