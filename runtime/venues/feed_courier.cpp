#include "runtime/venues/feed_courier.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace qalpha {

feed_courier::~feed_courier() {
  for (auto job : feeds_)
    intrusive_ptr_release(job);
}

void feed_courier::run_feeds(caf::actor_system& system, size_t max_throughput) {
  system_ = &system;
  max_throughput_ = max_throughput;
}

void feed_courier::run() {
  running_ = true;
  while (!feeds_.empty()) {
    auto job = feeds_.front();
    feeds_.pop_front();
    if (job->resume(this, max_throughput_) == caf::resumable::resume_later)
      feeds_.push_back(job);
    else
      intrusive_ptr_release(job);
  }
  running_ = false;
  for (; !others_.empty(); others_.pop_front())
    system().scheduler().enqueue(others_.front());
}

void feed_courier::exec_later(caf::resumable* job) {
  (running_ ? others_ : feeds_).push_back(job);
}

} // namespace qalpha
