// What two threads of a test share, and how one waits for the other.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace qalpha::test {

/// A value behind a lock. Whoever changes it wakes those that wait.
template <class T>
class guarded {
public:
  template <class F>
  auto change(F&& f) {
    struct wake {
      std::condition_variable& changed;
      ~wake() {
        changed.notify_all();
      }
    } at_end{changed_};
    std::lock_guard hold{mutex_};
    return std::forward<F>(f)(value_);
  }

  /// @returns `false` if the condition did not come true; the time is far more
  ///          than anything takes, so that only a broken test waits for it.
  template <class Condition>
  bool wait(Condition&& condition) {
    std::unique_lock hold{mutex_};
    return changed_.wait_for(hold, std::chrono::seconds{20},
                             [&] { return condition(std::as_const(value_)); });
  }

  T copy() {
    std::lock_guard hold{mutex_};
    return value_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  T value_{};
};

} // namespace qalpha::test
