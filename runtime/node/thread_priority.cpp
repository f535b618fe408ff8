#include "runtime/node/thread_priority.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace qalpha {

namespace {

// Above ordinary threads, below whatever the machine itself runs in real time.
constexpr int real_time_priority = 1;
constexpr int nice_value = -10;

constexpr int modest_nice_value = 10;

// On Linux the nice value belongs to the thread.
bool set_nice_value(int value) noexcept {
  return setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), value) == 0;
}

} // namespace

bool prefer_this_thread() noexcept {
  sched_param wish{};
  wish.sched_priority = real_time_priority;
  if (pthread_setschedparam(pthread_self(), SCHED_RR, &wish) == 0)
    return true;
  return set_nice_value(nice_value);
}

bool defer_this_thread() noexcept {
  return set_nice_value(modest_nice_value);
}

} // namespace qalpha
