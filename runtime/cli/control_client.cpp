#include "runtime/cli/control_client.hpp"

#include "runtime/node/control_answers.hpp"
#include "runtime/node/control_socket.hpp"
#include "runtime/node/node_view.hpp"

#include <cerrno>
#include <iostream>
#include <optional>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace qalpha {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A tree of ten thousand actors takes two megabytes.
constexpr size_t longest_reply = 64 * 1024 * 1024;

// A node whose queue of clients is full takes the next one soon.
constexpr milliseconds connect_again{10};

std::string not_running(const std::string& run) {
  auto how = run == run_paths::standard ? std::string{"qalpha run"}
                                        : "qalpha run --run " + run;
  return failure_reply(
    "not_running", "no node is running in " + run
                     + " (start one with ./scripts/start.sh or " + how + ")");
}

std::string too_late() {
  return failure_reply("timeout", "the node did not answer in time; is it "
                                  "stopped, or the machine very busy?");
}

std::string failed(int error) {
  return failure_reply("failed", "the connection to the node failed: "
                                   + std::generic_category().message(error));
}

/// One connection; each step has the same deadline.
class connection {
public:
  explicit connection(steady_clock::time_point deadline)
    : descriptor_(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      deadline_(deadline) {
    // nop
  }

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  ~connection() {
    if (descriptor_ >= 0)
      close(descriptor_);
  }

  /// @returns zero or an error; `ETIME` after the deadline.
  int open(const sockaddr_un& address) {
    if (descriptor_ < 0)
      return errno;
    while (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address),
                   sizeof(address))
           != 0) {
      if (errno != EAGAIN && errno != EINTR)
        return errno;
      if (remaining() == 0)
        return ETIME;
      poll(nullptr, 0, static_cast<int>(connect_again.count()));
    }
    return 0;
  }

  int write(std::string_view text) {
    while (!text.empty()) {
      auto sent = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent >= 0)
        text.remove_prefix(static_cast<size_t>(sent));
      else if (auto error = wait(POLLOUT))
        return error;
    }
    return 0;
  }

  /// Reads up to the end of the line, which is left out.
  int read_line(std::string& into) {
    char buffer[16 * 1024];
    while (into.size() < longest_reply) {
      auto got = recv(descriptor_, buffer, sizeof(buffer), 0);
      if (got == 0)
        return ECONNRESET;
      if (got < 0) {
        if (auto error = wait(POLLIN))
          return error;
        continue;
      }
      into.append(buffer, static_cast<size_t>(got));
      if (auto end = into.find('\n'); end != into.npos) {
        into.resize(end);
        return 0;
      }
    }
    return EMSGSIZE;
  }

private:
  int remaining() const {
    auto left
      = std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now());
    return left.count() > 0 ? static_cast<int>(left.count()) : 0;
  }

  /// Waits after a call that gave `errno`.
  int wait(short events) {
    if (errno != EAGAIN && errno != EINTR)
      return errno;
    auto left = remaining();
    pollfd watched{descriptor_, events, 0};
    if (left == 0 || poll(&watched, 1, left) == 0)
      return ETIME;
    return 0;
  }

  int descriptor_;
  steady_clock::time_point deadline_;
};

std::string converse(const std::string& run, const std::string& request,
                     milliseconds patience) {
  auto address = socket_address(run_paths{run}.control());
  if (!address)
    return failure_reply("failed", address.error().text);
  connection node{steady_clock::now() + patience};
  auto error = node.open(*address);
  if (error == ENOENT || error == ECONNREFUSED || error == ENOTDIR)
    return not_running(run);
  std::string line;
  // A node that refuses to read may have answered all the same.
  if (error == 0)
    if (auto unsent = node.write(request); unsent != 0 && unsent != EPIPE)
      error = unsent;
  if (error == 0)
    error = node.read_line(line);
  if (error == ETIME)
    return too_late();
  return error == 0 ? line : failed(error);
}

std::string write_request(const control_members& members) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> out{text};
  out.StartObject();
  for (auto& [key, value] : members) {
    out.Key(key);
    out.String(value.c_str());
  }
  out.EndObject();
  return std::string{text.GetString(), text.GetSize()} + "\n";
}

exit_code exit_of(const rapidjson::Document& reply) {
  if (reply.IsObject() && reply.HasMember("ok") && reply["ok"].IsTrue())
    return exit_code::ok;
  auto code = text_of(reply, "code");
  if (code == "refused")
    return exit_code::refused;
  if (code == "not_found")
    return exit_code::not_found;
  if (code == "not_running")
    return exit_code::not_running;
  if (code == "timeout")
    return exit_code::timeout;
  return code == "invalid" ? exit_code::usage : exit_code::failure;
}

} // namespace

void add_control_options(verb& spec, control_options& into) {
  spec.text("--run", into.run,
            "Run directory of the node (default "
              + std::string{run_paths::standard} + ")");
  spec.flag("--json", into.json, "Print one JSON object");
}

control_reply ask_node(const std::string& run, const control_members& request,
                       milliseconds patience) {
  control_reply result;
  result.line = converse(run, write_request(request), patience);
  result.json = parse_line(result.line);
  if (!result.json.IsObject()) {
    result.line = failure_reply("failed", "the node's reply is not JSON");
    result.json = parse_line(result.line);
  }
  result.exit = exit_of(result.json);
  return result;
}

exit_code report_failure(const control_reply& reply, bool json) {
  if (json)
    std::cout << reply.line << '\n';
  else if (reply.exit != exit_code::ok)
    std::cerr << "qalpha: " << text_of(reply.json, "message") << '\n';
  return reply.exit;
}

} // namespace qalpha
