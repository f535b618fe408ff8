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

} // namespace

bool prefer_this_thread() noexcept {
  sched_param wish{};
  wish.sched_priority = real_time_priority;
  if (pthread_setschedparam(pthread_self(), SCHED_RR, &wish) == 0)
    return true;
  // On Linux the nice value belongs to the thread.
  return setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice_value)
         == 0;
}

} // namespace qalpha
