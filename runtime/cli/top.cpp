#include "runtime/cli/control_client.hpp"
#include "runtime/cli/tree_text.hpp"
#include "runtime/cli/verb.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include <unistd.h>

namespace qalpha {

namespace {

using std::chrono::steady_clock;

struct top_options : control_options {
  std::optional<uint64_t> samples;
  bool once = false;
  double interval_s = 1;
};

/// Makes Ctrl-C a thing to wait for.
sigset_t hold_signals() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &result, nullptr);
  return result;
}

/// @returns `true` if a signal came before the interval was over.
bool wait_for_signal(const sigset_t& which, double seconds) {
  auto whole = static_cast<time_t>(seconds);
  timespec limit{
    whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
  for (;;) {
    if (sigtimedwait(&which, nullptr, &limit) >= 0)
      return true;
    if (errno != EINTR)
      return false;
  }
}

/// A look at the node, and when it was.
struct sample {
  node_view node;
  steady_clock::time_point time;
};

/// @returns a look, or the exit code after a failure was reported.
std::variant<sample, exit_code> look(const top_options& options) {
  auto reply = ask_node(options.run, {{"verb", "inspect"}});
  if (reply.exit != exit_code::ok)
    return report_failure(reply, options.json);
  auto node = parse_node(reply.json);
  if (!node) {
    std::cerr << "qalpha: " << node.error().text << '\n';
    return exit_code::failure;
  }
  return sample{std::move(*node), steady_clock::now()};
}

/// Draws over the picture before instead of clearing it first: no flicker.
std::string redrawn(const std::string& text) {
  std::string result = "\x1b[H";
  for (auto c : text) {
    if (c == '\n')
      result += "\x1b[K";
    result += c;
  }
  return result + "\x1b[J";
}

void show(const node_view& node, const top_options& options, bool terminal) {
  if (options.json) {
    std::cout << to_json(node) << std::endl;
    return;
  }
  auto text = node_text(node);
  std::cout << (terminal ? redrawn(text) : text + "\n") << std::flush;
}

exit_code top(const top_options& options) {
  auto held = hold_signals();
  auto terminal = isatty(STDOUT_FILENO) != 0 && !options.once;
  auto left = options.once ? 1 : options.samples.value_or(UINT64_MAX);
  auto first = look(options);
  for (; std::holds_alternative<sample>(first) && left > 0; --left) {
    if (wait_for_signal(held, options.interval_s))
      return exit_code::ok;
    auto next = look(options);
    if (auto* now = std::get_if<sample>(&next)) {
      auto& before = std::get<sample>(first);
      auto seconds = std::chrono::duration<double>(now->time - before.time);
      auto shown = now->node;
      add_rates(shown.tree, before.node.tree, seconds.count());
      show(shown, options, terminal);
    }
    first = std::move(next);
  }
  auto* failure = std::get_if<exit_code>(&first);
  return failure != nullptr ? *failure : exit_code::ok;
}

} // namespace

void add_top(verb& program) {
  auto options = std::make_shared<top_options>();
  auto spec = program.add(
    "top", "Shows the actors of a running node with message rates, again and "
           "again");
  spec.number("-n", options->samples, "Leave after this many samples");
  spec.flag("--once", options->once, "One sample, after one interval");
  spec
    .number("--interval", options->interval_s,
            "Seconds between samples (default 1)")
    .between(0.05, 3600.0);
  add_control_options(spec, *options);
  spec.footer("Example: qalpha top --once");
  spec.action([options] { return top(*options); });
}

} // namespace qalpha
