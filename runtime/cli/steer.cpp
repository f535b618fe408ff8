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

verb add_steering(verb& program, const steering_verb& which,
                  const std::shared_ptr<steer_options>& options) {
  auto spec = program.add(which.name, which.help);
  add_control_options(spec, *options);
  spec.footer(std::string{"Example: "} + which.example);
  spec.action([options, name = which.name] { return steer(name, *options); });
  return spec;
}

void add_restriction(verb& program, const steering_verb& which) {
  auto options = std::make_shared<steer_options>();
  add_steering(program, which, options)
    .texts("REASON", options->reason, "Why; goes into the journal");
}

} // namespace

void add_halt(verb& program) {
  add_restriction(program,
                  {"halt", "Stops trading: cancels orders, keeps positions",
                   "qalpha halt looks wrong"});
}

void add_reduce(verb& program) {
  add_restriction(program,
                  {"reduce", "Lets only orders through that reduce a position",
                   "qalpha reduce weekend"});
}

void add_flatten(verb& program) {
  add_restriction(program, {"flatten", "Closes all positions, then halts",
                            "qalpha flatten end of the test"});
}

void add_resume(verb& program) {
  auto options = std::make_shared<steer_options>();
  auto spec
    = add_steering(program,
                   {"resume", "Lets trading go on after halt, reduce, flatten",
                    "qalpha resume 4711 all is well"},
                   options);
  spec.text("CODE", options->code,
            "The code that was printed with the restriction");
  spec.texts("REASON", options->reason, "Why; goes into the journal");
}

} // namespace qalpha
