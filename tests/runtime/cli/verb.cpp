#define CAF_SUITE cli_verb

#include "runtime/cli/verb.hpp"

#include <caf/test/dsl.hpp>

#include <array>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace qalpha;

namespace {

struct given_options {
  std::string file;
  std::vector<std::string> symbols;
  std::string engine;
  std::optional<uint64_t> count;
  double seconds = 0;
  bool json = false;
};

given_options given;
std::string ran;

void add_fetch(verb& parent) {
  auto fetch = parent.add("fetch", "Gets");
  fetch.text("FILE", given.file, "A file").required();
  fetch.texts("--symbol", given.symbols, "Symbols");
  fetch.text("--engine", given.engine, "Engine").one_of({"fused", "actors"});
  fetch.number("-n", given.count, "Count").between(1, 10);
  fetch.number("--seconds", given.seconds, "Seconds").between(0.5, 2.0);
  fetch.flag("--json", given.json, "JSON");
  fetch.action([] {
    ran = "fetch";
    return exit_code::gate_failed;
  });
}

void add_family(verb& program) {
  auto data = program.add("data", "Data");
  add_fetch(data);
  data.add("forget", "Hidden").hidden().action([] {
    ran = "forget";
    return exit_code::ok;
  });
}

struct outcome {
  exit_code exit;
  std::string text;
};

/// Runs a command line and catches what it says.
outcome typed(std::vector<const char*> words) {
  given = {};
  ran.clear();
  words.insert(words.begin(), "qalpha");
  std::ostringstream text;
  auto* out = std::cout.rdbuf(text.rdbuf());
  auto* err = std::cerr.rdbuf(text.rdbuf());
  constexpr std::array<verb_adder, 1> verbs{add_family};
  auto exit = run_command_line(static_cast<int>(words.size()), words.data(),
                               verbs);
  std::cout.rdbuf(out);
  std::cerr.rdbuf(err);
  return {exit, text.str()};
}

bool says(const outcome& x, const std::string& part) {
  return x.text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(options_arrive_and_the_action_decides_the_exit_code) {
  auto x
    = typed({"data", "fetch", "a.csv", "--symbol", "A", "--symbol", "B",
             "--engine", "fused", "-n", "3", "--seconds", "1.5", "--json"});
  CAF_CHECK_EQUAL(x.text, "");
  CAF_CHECK(x.exit == exit_code::gate_failed);
  CAF_CHECK_EQUAL(ran, "fetch");
  CAF_CHECK_EQUAL(given.file, "a.csv");
  CAF_CHECK_EQUAL(given.symbols, (std::vector<std::string>{"A", "B"}));
  CAF_CHECK_EQUAL(given.engine, "fused");
  CAF_CHECK(given.count == uint64_t{3});
  CAF_CHECK(given.seconds == 1.5);
  CAF_CHECK(given.json);
}

CAF_TEST(a_wrong_option_is_a_wrong_command_line_and_nothing_runs) {
  std::vector<std::vector<const char*>> cases{
    {"data", "fetch"},
    {"data", "fetch", "a", "--engine", "x"},
    {"data", "fetch", "a", "-n", "0"},
    {"data", "fetch", "a", "-n", "11"},
    {"data", "fetch", "a", "-n", "x"},
    {"data", "fetch", "a", "--seconds", "2.5"},
    {"data", "fetch", "a", "b"},
    {"data", "fetch", "a", "--jsno"},
    {"data"},
    {},
  };
  for (auto& words : cases) {
    auto x = typed(words);
    CAF_CHECK(x.exit == exit_code::usage);
    CAF_CHECK(!x.text.empty());
    CAF_CHECK_EQUAL(ran, "");
  }
}

CAF_TEST(an_unknown_verb_is_answered_with_the_nearest_of_its_place) {
  auto x = typed({"dtaa"});
  CAF_CHECK(x.exit == exit_code::usage);
  CAF_CHECK_EQUAL(x.text, "qalpha: unknown verb dtaa, did you mean data?\n");
  x = typed({"data", "fecth", "a"});
  CAF_CHECK(x.exit == exit_code::usage);
  CAF_CHECK_EQUAL(x.text,
                  "qalpha data: unknown verb fecth, did you mean fetch?\n");
  CAF_MESSAGE("a hidden verb runs, but is not suggested");
  x = typed({"data", "forgte"});
  CAF_CHECK_EQUAL(x.text,
                  "qalpha data: unknown verb forgte; see qalpha data --help\n");
  CAF_CHECK(typed({"data", "forget"}).exit == exit_code::ok);
  CAF_CHECK_EQUAL(ran, "forget");
}

CAF_TEST(help_names_verbs_and_is_no_failure) {
  auto x = typed({"data", "--help"});
  CAF_CHECK(x.exit == exit_code::ok);
  CAF_CHECK(says(x, "fetch"));
  CAF_CHECK(!says(x, "forget"));
  CAF_CHECK(says(typed({"data", "fetch", "--help"}), "--seconds"));
  CAF_CHECK(says(typed({"--version"}), "qalpha 0."));
}
