#include "runtime/net/http_client.hpp"

#include "runtime/net/dialer.hpp"
#include "runtime/net/http_exchange.hpp"
#include "runtime/net/tls_trust.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace qalpha {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

fault refused(const endpoint& where, std::string_view what) {
  return {host_header(where) + ": " + std::string{what}};
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// A request line could be torn apart with anything else.
bool is_target(std::string_view text) {
  return text.starts_with('/')
         && std::all_of(text.begin(), text.end(),
                        [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace

std::optional<std::string_view>
http_response::header(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (same_name(key, name))
      return value;
  return std::nullopt;
}

/// Runs one exchange after the other on an event loop of its own, which turns
/// only while a request is under way.
class http_client::conversation {
public:
  conversation(endpoint where, tls_trust trust)
    : where_(std::move(where)), trust_(std::move(trust)) {
    // nop
  }

  const endpoint& where() const noexcept {
    return where_;
  }

  void cancel() {
    cancelled_ = true;
    asio::post(io_, [this] { hang_up(); });
  }

  fallible<http_response> get(std::string_view target,
                              const http_options& options) {
    if (!is_target(target))
      return refused(where_, "the target of a request must begin with a slash "
                             "and hold neither spaces nor control characters");
    deadline_ = steady_clock::now() + options.limit;
    auto reused = wire_ != nullptr;
    auto result = ask(target, options);
    // A server may close an idle connection just when we speak; asking again
    // does no harm since nothing was answered.
    if (!result && reused && silent_ && !late_ && !cancelled_)
      result = ask(target, options);
    if (!result)
      return refused(where_, result.error().text);
    return result;
  }

private:
  fallible<http_response> ask(std::string_view target,
                              const http_options& options) {
    silent_ = false;
    late_ = false;
    if (!wire_)
      if (auto failed = dial())
        return *failed;
    http_exchange exchange{*wire_, where_, target, options};
    std::optional<std::optional<fault>> outcome;
    exchange.start(
      [&](std::optional<fault> failed) { outcome = std::move(failed); });
    auto heard = steady_clock::now();
    auto parts = exchange.parts();
    while (!outcome) {
      auto end = std::min(deadline_, heard + options.patience);
      // After hanging up only the operations that it ended have to come back.
      turn(late_ ? steady_clock::now() + std::chrono::seconds{1} : end);
      if (parts != exchange.parts()) {
        parts = exchange.parts();
        heard = steady_clock::now();
      } else if (!late_ && steady_clock::now() >= end) {
        late_ = true;
        hang_up();
      }
    }
    silent_ = !exchange.answered();
    if (*outcome || !exchange.keep_alive())
      forget();
    if (auto why = given_up())
      return fault{"receive: " + *why};
    if (*outcome)
      return **outcome;
    return exchange.take();
  }

  std::optional<fault> dial() {
    if (cancelled_)
      return fault{"connect: cancelled"};
    wire_ = std::make_shared<wire>(io_, trust_.context(), where_.tls);
    std::optional<std::optional<fault>> outcome;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - steady_clock::now());
    auto dialing = std::make_shared<dialer>(
      io_, wire_, where_,
      [&](std::optional<fault> failed) { outcome = std::move(failed); });
    dialing->start(std::max(left, std::chrono::milliseconds{0}));
    while (!outcome && !cancelled_)
      turn(deadline_ + std::chrono::seconds{1});
    if (!outcome) {
      dialing->abandon();
      outcome.emplace(fault{"connect: cancelled"});
    }
    if (*outcome)
      forget();
    return *outcome;
  }

  std::optional<std::string> given_up() const {
    if (cancelled_)
      return "cancelled";
    if (late_)
      return "no answer in time";
    return std::nullopt;
  }

  // Runs one handler, or waits until `until`.
  void turn(steady_clock::time_point until) {
    if (io_.stopped())
      io_.restart();
    io_.run_one_until(until);
  }

  void hang_up() {
    if (wire_)
      wire_->close();
  }

  void forget() {
    hang_up();
    wire_.reset();
    io_.restart();
    io_.poll();
  }

  asio::io_context io_{1};
  endpoint where_;
  tls_trust trust_;
  std::shared_ptr<wire> wire_;
  steady_clock::time_point deadline_;
  std::atomic<bool> cancelled_ = false;
  // The deadline or the patience ended in the middle.
  bool late_ = false;
  // The server said nothing before it hung up.
  bool silent_ = false;
};

http_client::http_client(std::shared_ptr<conversation> impl)
  : impl_(std::move(impl)) {
  // nop
}

http_client::http_client(http_client&&) noexcept = default;

http_client& http_client::operator=(http_client&&) noexcept = default;

http_client::~http_client() = default;

fallible<http_client> http_client::make(endpoint where) {
  if (!where.tls && !is_loopback(where.host))
    return refused(where, "must use TLS: plain text stays on this machine");
  auto trust = tls_trust::make(where.ca_file);
  if (!trust)
    return refused(where, trust.error().text);
  return http_client{
    std::make_shared<conversation>(std::move(where), std::move(*trust))};
}

fallible<http_response> http_client::get(std::string_view target,
                                         const http_options& options) {
  return impl_->get(target, options);
}

void http_client::cancel() {
  impl_->cancel();
}

const endpoint& http_client::where() const noexcept {
  return impl_->where();
}

} // namespace qalpha
