#include "runtime/cli/control_client.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/node/node_view.hpp"

#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct kill_options : control_options {
  std::string actor;
};

exit_code kill_actor(const kill_options& options) {
  auto reply = ask_node(options.run,
                        {{"verb", "kill"}, {"actor", options.actor}});
  if (reply.exit == exit_code::ok && !options.json)
    std::cout << text_of(reply.json, "message") << '\n';
  return report_failure(reply, options.json);
}

} // namespace

void add_kill(verb& program) {
  auto options = std::make_shared<kill_options>();
  auto spec = program.add(
    "kill", "Kills one actor of a demo, to see its supervisor restart it");
  spec.text("ACTOR", options->actor, "Name or path of the actor").required();
  add_control_options(spec, *options);
  spec.footer("Example: qalpha kill \"oracle/feed BTCUSDT\"");
  // For tests and demonstrations: not in the list of verbs.
  spec.hidden();
  spec.action([options] { return kill_actor(*options); });
}

} // namespace qalpha
