// halt, reduce, flatten and resume: one conversation with the guardian.

#include "runtime/cli/control_client.hpp"
#include "runtime/cli/steer_text.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/node/control_request.hpp"
#include "runtime/telemetry/printable.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace qalpha {

namespace {

struct steer_options : control_options {
  /// Words: nobody should need quotes to halt.
  std::vector<std::string> reason;
  std::string code;
};

/// A reason that is too long must not keep a halt from happening.
std::string sentence(const std::vector<std::string>& words) {
  std::string result;
  for (auto& word : words)
    result += (result.empty() ? "" : " ") + word;
  return shortened(printable(result), longest_reason);
}

exit_code steer(const char* verb, const steer_options& options) {
  control_members request{{"verb", verb}, {"reason", sentence(options.reason)}};
  auto resumes = std::string_view{verb} == "resume";
  if (resumes)
    request.emplace_back("code", options.code);
  auto reply = ask_node(options.run, request);
  if (reply.exit == exit_code::ok && !options.json)
    std::cout << steer_text(reply.json, options.run);
  auto exit = report_failure(reply, options.json);
  if (resumes && exit == exit_code::refused && !options.json)
    std::cerr << where_the_code_is(options.run);
  return exit;
}

struct steering_verb {
  const char* name;
  const char* help;
  const char* example;
};

CLI::App* add_steering(CLI::App& program, exit_code& exit,
                       const steering_verb& which,
                       const std::shared_ptr<steer_options>& options) {
  auto* verb = program.add_subcommand(which.name, which.help);
  add_control_options(*verb, *options);
  verb->footer(std::string{"Example: "} + which.example);
  verb->callback(
    [options, &exit, name = which.name] { exit = steer(name, *options); });
  return verb;
}

void add_restriction(CLI::App& program, exit_code& exit,
                     const steering_verb& which) {
  auto options = std::make_shared<steer_options>();
  add_steering(program, exit, which, options)
    ->add_option("REASON", options->reason, "Why; goes into the journal");
}

} // namespace

void add_halt(CLI::App& program, exit_code& exit) {
  add_restriction(program, exit,
                  {"halt", "Stops trading: cancels orders, keeps positions",
                   "qalpha halt looks wrong"});
}

void add_reduce(CLI::App& program, exit_code& exit) {
  add_restriction(program, exit,
                  {"reduce", "Lets only orders through that reduce a position",
                   "qalpha reduce weekend"});
}

void add_flatten(CLI::App& program, exit_code& exit) {
  add_restriction(program, exit,
                  {"flatten", "Closes all positions, then halts",
                   "qalpha flatten end of the test"});
}

void add_resume(CLI::App& program, exit_code& exit) {
  auto options = std::make_shared<steer_options>();
  auto* verb
    = add_steering(program, exit,
                   {"resume", "Lets trading go on after halt, reduce, flatten",
                    "qalpha resume 4711 all is well"},
                   options);
  verb->add_option("CODE", options->code,
                   "The code that was printed with the restriction");
  verb->add_option("REASON", options->reason, "Why; goes into the journal");
}

} // namespace qalpha
