#include "runtime/cli/steer_text.hpp"

#include "runtime/node/node_view.hpp"
#include "runtime/storage/run_directory.hpp"

namespace qalpha {

namespace {

std::string with_run(std::string command, const std::string& run) {
  if (run != run_paths::standard)
    command += " --run " + run;
  return command;
}

} // namespace

std::string steer_text(const rapidjson::Value& reply, const std::string& run) {
  auto text = text_of(reply, "message") + "\n";
  if (auto state = text_of(reply, "state"); !state.empty())
    text += "state  " + state + "\n";
  if (auto code = text_of(reply, "code"); !code.empty())
    text += "to go on: " + with_run("qalpha resume " + code, run) + "\n";
  return text;
}

std::string where_the_code_is(const std::string& run) {
  return "the code was printed by halt, reduce or flatten and on the node's "
         "console; "
         + with_run("qalpha inspect guardian", run) + " shows it, too\n";
}

} // namespace qalpha
