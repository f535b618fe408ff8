#include "runtime/venues/rest_queue.hpp"

#include "runtime/net/network_thread.hpp"

#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace qalpha {

namespace {

constexpr unsigned ok = 200;

// What an answer says about itself is cut here: it is for a line of text.
constexpr size_t longest_quote = 200;

uint64_t number(std::optional<std::string_view> text) {
  uint64_t result = 0;
  if (text)
    std::from_chars(text->data(), text->data() + text->size(), result);
  return result;
}

// No venue bans for longer, and a nonsense value must not overflow.
constexpr uint64_t longest_pause_s = 7 * 24 * 3600;

server_verdict verdict_of(const http_response& answer) {
  auto seconds = std::min(number(answer.header("Retry-After")),
                          longest_pause_s);
  return {answer.status, std::chrono::seconds{seconds}};
}

} // namespace

struct rest_queue::worker {
  struct job {
    rest_request question;
    answered done;
  };

  worker(http_client with, rest_queue_settings how)
    : client(std::move(with)), settings(std::move(how)), gate(settings.weight) {
    // nop
  }

  void run() {
    while (auto next = take())
      next->done(ask(next->question));
  }

  // Waits for a question and for the permission to ask it.
  std::optional<job> take() {
    std::unique_lock hold{mutex};
    for (;;) {
      changed.wait(hold, [&] { return stopped || !jobs.empty(); });
      if (stopped)
        return std::nullopt;
      auto now = std::chrono::steady_clock::now();
      auto weight = jobs.front().question.weight;
      auto pause = gate.wait(now, weight);
      if (pause == timespan{0}) {
        gate.spend(now, weight);
        auto result = std::move(jobs.front());
        jobs.pop_front();
        ++counters.asked;
        return result;
      }
      changed.wait_for(hold, pause, [&] { return stopped; });
    }
  }

  fallible<rest_answer> ask(const rest_request& question) {
    auto sent = network_thread::utc_now();
    auto answer = client.get(
      question.target, {.limit = settings.limit, .patience = settings.limit});
    auto received = network_thread::utc_now();
    std::lock_guard hold{mutex};
    if (!answer) {
      ++counters.failed;
      return answer.error();
    }
    auto now = std::chrono::steady_clock::now();
    if (!settings.weight_header.empty())
      gate.observe(now, number(answer->header(settings.weight_header)));
    if (gate.judge(now, verdict_of(*answer)))
      ++counters.alarms;
    if (answer->status == ok)
      return rest_answer{std::move(answer->body), sent, received};
    ++counters.failed;
    return fault{host_header(settings.where) + ": GET " + question.target
                 + ": expected status 200, found "
                 + std::to_string(answer->status) + " '"
                 + answer->body.substr(0, longest_quote) + "'"};
  }

  http_client client;
  rest_queue_settings settings;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<job> jobs;
  rest_gate gate;
  rest_counters counters;
  bool stopped = false;
  std::thread thread;
};

rest_queue::rest_queue(std::unique_ptr<worker> impl)
  : worker_(std::move(impl)) {
  worker_->thread = std::thread{[it = worker_.get()] { it->run(); }};
}

fallible<std::unique_ptr<rest_queue>>
rest_queue::make(rest_queue_settings how) {
  auto client = http_client::make(how.where);
  if (!client)
    return client.error();
  auto impl = std::make_unique<worker>(std::move(*client), std::move(how));
  return std::unique_ptr<rest_queue>{new rest_queue{std::move(impl)}};
}

rest_queue::~rest_queue() {
  stop();
}

void rest_queue::ask(rest_request question, answered done) {
  {
    std::lock_guard hold{worker_->mutex};
    if (worker_->stopped)
      return;
    if (worker_->jobs.size() < worker_->settings.most_waiting) {
      worker_->jobs.push_back({std::move(question), std::move(done)});
      worker_->changed.notify_all();
      return;
    }
    ++worker_->counters.refused;
  }
  done(fault{host_header(worker_->settings.where)
             + ": too many questions are waiting"});
}

void rest_queue::stop() {
  {
    std::lock_guard hold{worker_->mutex};
    worker_->stopped = true;
    worker_->jobs.clear();
    worker_->changed.notify_all();
  }
  worker_->client.cancel();
  if (worker_->thread.joinable())
    worker_->thread.join();
}

rest_counters rest_queue::counters() const {
  std::lock_guard hold{worker_->mutex};
  return worker_->counters;
}

} // namespace qalpha
