#include "runtime/net/network_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <future>
#include <thread>
#include <utility>

namespace qalpha {

namespace asio = boost::asio;

struct network_thread::loop {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard
    = asio::make_work_guard(io);
  std::thread thread{[this] { io.run(); }};
};

network_thread::network_thread() : loop_(std::make_unique<loop>()) {
  // nop
}

network_thread::~network_thread() {
  stop();
}

void network_thread::post(task what) {
  asio::post(loop_->io, std::move(what));
}

void network_thread::run(const task& what) {
  std::promise<void> done;
  post([&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

void network_thread::stop() {
  loop_->io.stop();
  if (loop_->thread.joinable())
    loop_->thread.join();
}

asio::io_context& network_thread::io() noexcept {
  return loop_->io;
}

utc_time network_thread::utc_now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<timespan>(since).count()};
}

struct network_timer::waiting {
  explicit waiting(asio::io_context& io) : timer(io) {
    // nop
  }

  asio::steady_timer timer;
  // Tells an expiry that was already on its way from the present one.
  uint64_t generation = 0;
};

network_timer::network_timer(network_thread& home)
  : waiting_(std::make_shared<waiting>(home.io())) {
  // nop
}

network_timer::network_timer(network_timer&&) noexcept = default;

network_timer& network_timer::operator=(network_timer&& other) noexcept {
  if (waiting_)
    cancel();
  waiting_ = std::move(other.waiting_);
  return *this;
}

network_timer::~network_timer() {
  if (waiting_)
    cancel();
}

void network_timer::start(timespan delay, network_thread::task what) {
  auto generation = ++waiting_->generation;
  waiting_->timer.expires_after(delay);
  waiting_->timer.async_wait(
    [kept = waiting_, generation,
     what = std::move(what)](const boost::system::error_code& error) {
      if (!error && kept->generation == generation)
        what();
    });
}

void network_timer::cancel() {
  ++waiting_->generation;
  waiting_->timer.cancel();
}

} // namespace qalpha
