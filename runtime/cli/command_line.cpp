// Verbs in terms of CLI11, which no other source includes.

#include "models/machine/nearest_name.hpp"
#include "runtime/cli/verb.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string_view>
#include <utility>

namespace qalpha {

namespace {

constexpr const char* version = "0.1.0";

/// @returns the verb that was probably meant, as the end of a message.
std::string guess(const CLI::App& app, const std::string& path,
                  std::string_view wrong) {
  std::vector<std::string> names;
  for (auto* below : app.get_subcommands({}))
    if (!below->get_group().empty())
      names.push_back(below->get_name());
  std::vector<std::string_view> views{names.begin(), names.end()};
  if (auto near = nearest_name(wrong, views))
    return ", did you mean " + std::string{*near} + "?";
  return "; see " + path + " --help";
}

const CLI::App* find_verb(const CLI::App& app, std::string_view name) {
  for (auto* below : app.get_subcommands({}))
    if (below->get_name() == name)
      return below;
  return nullptr;
}

/// @returns what to say about the first word that should be a verb and is none,
///          or an empty text: CLI11 would only call the word unexpected.
std::string unknown_verb(const CLI::App& program,
                         std::span<const char* const> words) {
  auto* app = &program;
  std::string path = program.get_name();
  for (std::string_view word : words) {
    if (app->get_subcommands({}).empty() || word.starts_with('-'))
      break;
    auto* below = find_verb(*app, word);
    if (below == nullptr)
      return path + ": unknown verb " + std::string{word}
             + guess(*app, path, word);
    app = below;
    path += " " + app->get_name();
  }
  return {};
}

} // namespace

// -- options
// -------------------------------------------------------------------

verb_option& verb_option::required() {
  option_->required();
  return *this;
}

verb_option& verb_option::one_of(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

verb_option& verb_option::between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

verb_option& verb_option::between(double least, double most) {
  option_->check(CLI::Range(least, most));
  return *this;
}

verb_option verb::flag(const std::string& names, bool& into,
                       const std::string& help) {
  return verb_option{app_->add_flag(names, into, help)};
}

verb_option verb::text(const std::string& names, std::string& into,
                       const std::string& help) {
  return verb_option{app_->add_option(names, into, help)};
}

verb_option verb::texts(const std::string& names,
                        std::vector<std::string>& into,
                        const std::string& help) {
  return verb_option{app_->add_option(names, into, help)};
}

verb_option verb::number(const std::string& names, double& into,
                         const std::string& help) {
  return verb_option{app_->add_option(names, into, help)};
}

verb_option verb::number(const std::string& names,
                         std::optional<uint64_t>& into,
                         const std::string& help) {
  return verb_option{app_->add_option(names, into, help)};
}

// -- the verb
// ------------------------------------------------------------------

verb verb::add(const std::string& name, const std::string& help) {
  auto* below = app_->add_subcommand(name, help);
  app_->require_subcommand(1);
  return {below, context_};
}

verb& verb::footer(const std::string& text) {
  app_->footer(text);
  return *this;
}

verb& verb::hidden() {
  app_->group("");
  return *this;
}

verb& verb::action(std::function<exit_code()> run) {
  app_->callback(
    [run = std::move(run), context = context_] { context->exit = run(); });
  return *this;
}

// -- the program
// ---------------------------------------------------------------

exit_code run_command_line(int argc, const char* const* argv,
                           std::span<const verb_adder> verbs,
                           const neural_support* neural) {
  CLI::App app{"Quantum Alpha: an actor-based trading system for crypto "
               "perpetual futures.\nWithout a configuration it trades a demo "
               "market: qalpha run",
               "qalpha"};
  app.set_version_flag("--version", std::string{"qalpha "} + version);
  app.get_formatter()->column_width(34);
  auto words = std::span{argv, static_cast<size_t>(argc)};
  words = words.subspan(words.empty() ? 0 : 1);
  program_context context;
  context.arguments.assign(words.begin(), words.end());
  context.neural = neural;
  verb program{&app, &context};
  for (auto add : verbs)
    add(program);
  auto wrong = unknown_verb(app, words);
  if (!wrong.empty()) {
    std::cerr << wrong << '\n';
    return exit_code::usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& ex) {
    // Help and version are no errors.
    return app.exit(ex) == 0 ? exit_code::ok : exit_code::usage;
  }
  return context.exit;
}

} // namespace qalpha
