// What the tests of the journal share: a place on disk, two instruments, facts
// that are easy to make, and a child process.

#pragma once

#include "runtime/storage/run_directory.hpp"
#include "runtime/storage/sqlite_journal.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace qalpha::test {

namespace fs = std::filesystem;

/// A directory that vanishes with its owner.
class scratch {
public:
  scratch() {
    auto pattern = (fs::temp_directory_path() / "qalpha-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot create a scratch directory"};
    root_ = pattern;
  }

  ~scratch() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  fs::path operator/(const char* name) const {
    return root_ / name;
  }

  const fs::path& root() const noexcept {
    return root_;
  }

private:
  fs::path root_;
};

inline std::string content_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void write_file(const fs::path& file, const std::string& content) {
  std::ofstream out{file, std::ios::binary};
  out << content;
}

inline instrument make_instrument(uint16_t index, std::string name,
                                  int64_t tick_e8, int64_t lot_e8) {
  auto made = instrument::make(
    {index}, {std::move(name), tick_e8, lot_e8, {5 * money::scale}, {}});
  if (!made)
    throw std::runtime_error{made.error().text};
  return *made;
}

/// BTCUSDT in steps of 0.1 and 0.001, ETHUSDT in steps of 0.01 and 0.01.
inline const universe& instruments() {
  static const auto result
    = universe{make_instrument(0, "BTCUSDT", 10'000'000, 100'000),
               make_instrument(1, "ETHUSDT", 1'000'000, 1'000'000)};
  return result;
}

inline constexpr money start{10'000 * money::scale};

inline journal_settings settings() {
  journal_settings result;
  result.node = 1;
  result.start = start;
  result.config = "c0ffee";
  result.now = {1'000};
  return result;
}

/// A journal and the directory that it needs.
struct open_journal {
  std::unique_ptr<run_directory> directory;
  std::unique_ptr<sqlite_journal> log;

  sqlite_journal* operator->() const noexcept {
    return log.get();
  }

  /// Ends both, as a node does when it stops.
  void close() {
    log.reset();
    directory.reset();
  }
};

/// @returns the journal, or the fault that opening gave.
inline fallible<open_journal> try_open(const fs::path& root,
                                       const journal_settings& how = settings(),
                                       const universe& what = instruments()) {
  auto directory = run_directory::open(root);
  if (!directory)
    return directory.error();
  open_journal result;
  result.directory = std::make_unique<run_directory>(std::move(*directory));
  auto log = sqlite_journal::open(*result.directory, what, how);
  if (!log)
    return log.error();
  result.log = std::move(*log);
  return result;
}

/// @pre the journal can be opened
inline open_journal open_or_throw(const fs::path& root,
                                  const journal_settings& how = settings()) {
  auto result = try_open(root, how);
  if (!result)
    throw std::runtime_error{result.error().text};
  return std::move(*result);
}

// -- facts --------------------------------------------------------------------

inline order_id order_of(uint32_t epoch, uint32_t sequence,
                         uint16_t symbol = 0) {
  return {1, {symbol}, epoch, sequence};
}

inline decision make_decision(uint64_t sequence, uint16_t symbol = 0) {
  return {{{symbol}, sequence},
          {static_cast<int64_t>(1'000 * sequence)},
          {2'500},
          {10},
          {600'000},
          start,
          "sma_cross fast 10 above slow 9"};
}

inline order_intent make_intent(const order_id& id, int64_t size = 10,
                                uint64_t decision = 1) {
  order_intent result;
  result.right = {id,        {id.symbol, decision},
                  3,         side::buy,
                  {size},    {590'000},
                  {610'000}, false,
                  {9'000}};
  result.kind = order_kind::limit;
  result.limit = {600'000};
  result.time = {2'000};
  return result;
}

inline order_report make_report(const order_id& id, order_event event) {
  return {id, event, {3'000}, ""};
}

inline fill make_fill(const order_id& id, uint64_t execution,
                      int64_t size = 10) {
  return {id, execution, side::buy, {600'000}, {size}, {33'000}, true, {4'000}};
}

/// @returns what the call throws to say that it failed, empty if it does not.
inline std::string complaint_of(const std::function<void()>& call) {
  try {
    call();
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// -- processes ----------------------------------------------------------------

/// Runs `body` in a child process; the child's exit code is what it returns.
class child {
public:
  explicit child(const std::function<int()>& body) : process_(fork()) {
    if (process_ == 0) {
      auto code = 99;
      try {
        code = body();
      } catch (...) {
        // 99 says enough.
      }
      // No destructors: they belong to the parent.
      _exit(code);
    }
  }

  pid_t process() const noexcept {
    return process_;
  }

  void kill() const {
    ::kill(process_, SIGKILL);
  }

  /// @returns the exit code, or 128 + the signal that ended it.
  int wait() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
      // nop
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t process_;
};

/// Numbers from one process to another.
class channel {
public:
  channel() {
    if (pipe(ends_.data()) != 0)
      throw std::runtime_error{"cannot create a pipe"};
  }

  ~channel() {
    close_reading();
    close_writing();
  }

  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  void send(uint64_t x) const {
    if (write(ends_[1], &x, sizeof(x)) != sizeof(x))
      throw std::runtime_error{"cannot write to a pipe"};
  }

  /// @returns `false` once all writers are gone.
  bool receive(uint64_t& x) const {
    return read(ends_[0], &x, sizeof(x)) == sizeof(x);
  }

  void close_reading() {
    close(std::exchange(ends_[0], -1));
  }

  void close_writing() {
    close(std::exchange(ends_[1], -1));
  }

private:
  std::array<int, 2> ends_;
};

} // namespace qalpha::test
