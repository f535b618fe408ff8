// What the tests of the control endpoint share: a small node on real threads,
// and clients that behave badly.

#pragma once

#include "actors/guardian/guardian.hpp"
#include "actors/supervision/stop_now.hpp"
#include "actors/supervision/supervisor.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/node/control_endpoint.hpp"
#include "runtime/storage/memory_journal.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace qalpha::test {

namespace fs = std::filesystem;

// Far longer than anything takes here, so that only a broken test waits for it.
constexpr int patience_ms = 20'000;

/// A directory that vanishes with its owner.
class private_directory {
public:
  private_directory() {
    auto pattern = (fs::temp_directory_path() / "qalpha-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot create a directory"};
    root_ = pattern;
  }

  ~private_directory() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  private_directory(const private_directory&) = delete;
  private_directory& operator=(const private_directory&) = delete;

  fs::path operator/(const std::string& name) const {
    return root_ / name;
  }

  const fs::path& root() const noexcept {
    return root_;
  }

private:
  fs::path root_;
};

/// Nobody is at the other end.
class no_venue final : public venue_connection {
public:
  void send(const approved_order&) override {
    // nop
  }

  void send(const cancel_order&) override {
    // nop
  }

  void send(const query_order&) override {
    // nop
  }

  void send(const reconcile_query&) override {
    // nop
  }

  void cancel_all(symbol_id) override {
    // nop
  }

  void subscribe(symbol_id) override {
    // nop
  }
};

/// A child that answers.
inline caf::behavior polite() {
  return {[](atom::status) {
    return actor_status{"live", 2, 7, 1, "unexpected message"};
  }};
}

/// A child that takes questions and never answers.
inline caf::behavior mute(caf::event_based_actor* self) {
  return {[self](atom::status) { self->make_response_promise(); }};
}

/// node ─┬─ guardian ── guardian (the real one)
///       └─ oracle ─┬─ feed BTCUSDT (polite)
///                  └─ feed ETHUSDT (mute)
class small_node {
public:
  small_node()
    : log_(instruments_, {}), door_(gate_, venue_), book_(2),
      config_(threads()) {
    context_.instruments = instruments_;
    context_.gate = &gate_;
    context_.venue = &door_;
    context_.log = &log_;
    // A test kills the guardian more than once.
    supervisor_specification trees{.name = "guardian"};
    trees.children.push_back(
      {.name = "guardian",
       .kind = role::guardian,
       .start = [this](caf::actor_system& sys) {
         return caf::actor_cast<caf::actor>(
           sys.spawn<caf::detached>(run_guardian, &context_));
       }});
    supervisor_specification oracle{.name = "oracle"};
    oracle.children = {
      {.name = "feed BTCUSDT",
       .kind = role::feed,
       .symbol = {0},
       .start = [](caf::actor_system& sys) { return sys.spawn(polite); }},
      {.name = "feed ETHUSDT",
       .kind = role::feed,
       .symbol = {1},
       .start = [](caf::actor_system& sys) { return sys.spawn(mute); }},
    };
    supervisor_specification top{.name = "node"};
    for (auto& tree : {trees, oracle})
      top.children.push_back(
        {.name = tree.name, .start = [this, tree](caf::actor_system& sys) {
           return caf::actor_cast<caf::actor>(
             sys.spawn(run_supervisor, &context_, &book_, tree));
         }});
    system_.emplace(config_);
    top_ = system_->spawn(run_supervisor, &context_, &book_, top);
    // All children exist once the trees answer; the guardian is the last to
    // be started that a test talks to at once.
    caf::scoped_actor self{*system_};
    while (!book_.current()->guardian || !book_.current()->feeds[1])
      self->request(top_, caf::infinite, atom::children_v)
        .receive([](const family&) {}, [](const caf::error&) {});
  }

  ~small_node() {
    endpoint_.reset();
    stop_now(top_, caf::exit_reason::user_shutdown);
    top_ = nullptr;
  }

  small_node(const small_node&) = delete;
  small_node& operator=(const small_node&) = delete;

  /// Opens the endpoint with short limits.
  std::optional<fault> open(control_settings settings, bool allow_kill = true) {
    auto opened = control_endpoint::open(
      *system_, top_, book_, socket_file(),
      {.run = "7f3a",
       .mode = "demo",
       .seed = 42,
       .speed = "20x",
       .start = "2026-01-05 00:00 UTC",
       .symbols = {"BTCUSDT", "ETHUSDT"},
       .event_time = [] { return std::string{"2026-01-05 12:00 UTC"}; },
       .allow_kill = allow_kill},
      settings);
    if (!opened)
      return opened.error();
    endpoint_ = std::move(*opened);
    return std::nullopt;
  }

  void close() {
    endpoint_.reset();
  }

  /// The venue agrees with us about a symbol.
  void reconcile(uint16_t symbol) {
    symbol_reconciled fact;
    fact.symbol = {symbol};
    fact.time = {1};
    fact.equal = true;
    caf::anon_send(book_.current()->guardian, fact);
  }

  fs::path socket_file() const {
    return home_ / "control.sock";
  }

  const private_directory& home() const noexcept {
    return home_;
  }

private:
  static actor_config threads() {
    return actor_config{scheduler_settings{}};
  }

  static universe make_universe() {
    universe result;
    for (uint16_t i = 0; i < 2; ++i) {
      auto made = instrument::make(
        {i}, {i == 0 ? "BTCUSDT" : "ETHUSDT", 10'000'000, 100'000, {}, {}});
      if (!made)
        throw std::runtime_error{made.error().text};
      result.push_back(*made);
    }
    return result;
  }

  private_directory home_;
  universe instruments_ = make_universe();
  memory_journal log_;
  no_venue venue_;
  trading_gate gate_;
  gateway door_;
  directory book_;
  node_context context_;
  actor_config config_;
  std::optional<caf::actor_system> system_;
  supervisor_actor top_;
  std::unique_ptr<control_endpoint> endpoint_;
};

/// A raw connection; each call is bounded by `patience_ms`.
class client {
public:
  explicit client(const fs::path& file)
    : descriptor_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    file.native().copy(address.sun_path, sizeof(address.sun_path) - 1);
    connected_ = connect(descriptor_,
                         reinterpret_cast<const sockaddr*>(&address),
                         sizeof(address))
                 == 0;
  }

  ~client() {
    close(descriptor_);
  }

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const noexcept {
    return connected_;
  }

  /// Sends as much as the other side takes.
  client& say(std::string_view text) {
    while (!text.empty()) {
      auto sent = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        break;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return *this;
  }

  /// @returns `true` if there is something to read, or the other side is gone.
  bool readable(int limit_ms) const {
    pollfd watched{descriptor_, POLLIN, 0};
    return poll(&watched, 1, limit_ms) == 1;
  }

  /// @returns everything up to the end of the connection, without the newline.
  std::string hear() {
    std::string result;
    char buffer[4096];
    while (readable(patience_ms)) {
      auto got = recv(descriptor_, buffer, sizeof(buffer), 0);
      if (got <= 0)
        break;
      result.append(buffer, static_cast<size_t>(got));
    }
    if (!result.empty() && result.back() == '\n')
      result.pop_back();
    return result;
  }

private:
  int descriptor_;
  bool connected_ = false;
};

} // namespace qalpha::test
