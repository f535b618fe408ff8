#include "runtime/cli/control_client.hpp"
#include "runtime/cli/tree_text.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/node/control_answers.hpp"
#include "runtime/node/control_request.hpp"

#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct inspect_options : control_options {
  std::string actor;
};

std::string json_of(const actor_view& x) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> out{text};
  out.StartObject();
  out.Key("ok");
  out.Bool(true);
  out.Key("actor");
  write_json(out, x);
  out.EndObject();
  return text.GetString();
}

exit_code show_actor(const node_view& node, const inspect_options& options) {
  if (auto* found = find_actor(node.tree, options.actor)) {
    std::cout << (options.json ? json_of(*found) + "\n" : actor_text(*found));
    return exit_code::ok;
  }
  auto paths = actor_paths(node.tree);
  std::vector<std::string_view> known{paths.begin(), paths.end()};
  // Whoever leaves out the tree should be understood, too.
  for (auto& path : paths)
    known.push_back(std::string_view{path}.substr(path.rfind('/') + 1));
  control_reply failure;
  failure.line = failure_reply(
    "not_found", "no actor is called " + quote_and_guess(options.actor, known)
                   + " (qalpha inspect lists all)");
  failure.json = parse_line(failure.line);
  failure.exit = exit_code::not_found;
  return report_failure(failure, options.json);
}

exit_code inspect(const inspect_options& options) {
  auto reply = ask_node(options.run, {{"verb", "inspect"}});
  if (reply.exit != exit_code::ok)
    return report_failure(reply, options.json);
  auto node = parse_node(reply.json);
  if (!node) {
    std::cerr << "qalpha: " << node.error().text << '\n';
    return exit_code::failure;
  }
  if (!options.actor.empty())
    return show_actor(*node, options);
  std::cout << (options.json ? reply.line + "\n" : node_text(*node));
  return exit_code::ok;
}

} // namespace

void add_inspect(verb& program) {
  auto options = std::make_shared<inspect_options>();
  auto spec = program.add(
    "inspect", "Shows the actors of a running node: state, mailbox, restarts");
  spec.text("ACTOR", options->actor, "Only this actor, by name or path");
  add_control_options(spec, *options);
  spec.footer("Example: qalpha inspect \"oracle/feed BTCUSDT\"");
  spec.action([options] { return inspect(*options); });
}

} // namespace qalpha
