#include "runtime/node/control_endpoint.hpp"

#include "runtime/node/control_session.hpp"
#include "runtime/node/control_socket.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>

namespace qalpha {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Before the next attempt when a connection could not be accepted: the process
// has no descriptor left, and trying at once would burn a core.
constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

/// Everything but the destructor runs on the thread of the service.
class control_endpoint::service {
public:
  service(control_socket door, control_answers answers,
          control_settings settings)
    : door_(std::move(door)), answers_(std::move(answers)), settings_(settings),
      acceptor_(io_, asio::local::stream_protocol{},
                fcntl(door_.descriptor(), F_DUPFD_CLOEXEC, 0)),
      pause_(io_), open_(asio::make_work_guard(io_)) {
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  ~service() {
    asio::post(io_, [this] { stop(); });
    thread_.join();
  }

private:
  using session_ptr = std::shared_ptr<control_session>;

  void accept() {
    acceptor_.async_accept(
      [this](const error_code& error, control_session::socket client) {
        if (stopping_)
          return;
        if (error) {
          pause_.expires_after(accept_pause);
          pause_.async_wait([this](const error_code& cancelled) {
            if (!cancelled && !stopping_)
              accept();
          });
          return;
        }
        if (peer_is_trusted(client.native_handle()))
          welcome(std::move(client));
        accept();
      });
  }

  void welcome(control_session::socket client) {
    control_session::listener owner{
      .asked = [this](session_ptr who,
                      std::string line) { ask(who, std::move(line)); },
      .over = [this](const session_ptr& who) { sessions_.remove(who); },
    };
    auto guest = std::make_shared<control_session>(
      std::move(client), std::move(owner), settings_.longest_request,
      settings_.patience);
    auto full = sessions_.size() >= settings_.most_clients && !displace();
    sessions_.push_back(guest);
    if (full)
      guest->reply(failure_reply("busy", "too many requests at a time"));
    else
      guest->start();
  }

  /// Hangs up on the client that has been silent for the longest time.
  bool displace() {
    auto silent = std::find_if(sessions_.begin(), sessions_.end(),
                               [](auto& each) { return each->reading(); });
    if (silent == sessions_.end())
      return false;
    auto guest = *silent;
    sessions_.erase(silent);
    guest->hang_up();
    return true;
  }

  void ask(const session_ptr& who, std::string line) {
    auto id = ++questions_;
    try {
      threads_.emplace(id, [this, id, who, text = std::move(line)] {
        auto reply = answers_.answer(text);
        asio::post(io_, [this, id, who, reply = std::move(reply)]() mutable {
          who->reply(std::move(reply));
          finish(id);
        });
      });
    } catch (const std::system_error&) {
      who->reply(failure_reply("busy", "no thread left for the request"));
    }
  }

  void finish(uint64_t id) {
    auto asked = threads_.find(id);
    // Its last act was to send us here.
    asked->second.join();
    threads_.erase(asked);
    close_if_idle();
  }

  void stop() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (auto& each : sessions_)
      if (each->reading())
        each->hang_up();
    close_if_idle();
  }

  // Answers under way are still delivered; after them, the thread ends.
  void close_if_idle() {
    if (stopping_ && threads_.empty())
      open_.reset();
  }

  asio::io_context io_{1};
  control_socket door_;
  control_answers answers_;
  control_settings settings_;
  asio::local::stream_protocol::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::executor_work_guard<asio::io_context::executor_type> open_;
  std::list<session_ptr> sessions_;
  std::map<uint64_t, std::thread> threads_;
  uint64_t questions_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

fallible<std::unique_ptr<control_endpoint>>
control_endpoint::open(caf::actor_system& sys, supervisor_actor top,
                       const directory& book, std::filesystem::path where,
                       node_facts facts, control_settings settings) {
  auto door = control_socket::listen(where);
  if (!door)
    return door.error();
  control_answers answers{sys, std::move(top), book, std::move(facts),
                          settings.limits};
  auto serving = std::make_unique<service>(std::move(*door), std::move(answers),
                                           settings);
  return std::unique_ptr<control_endpoint>{
    new control_endpoint(std::move(serving))};
}

control_endpoint::control_endpoint(std::unique_ptr<service> serving)
  : service_(std::move(serving)) {
  // nop
}

control_endpoint::~control_endpoint() = default;

} // namespace qalpha
