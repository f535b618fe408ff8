#include "runtime/cli/spoken_time.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/cli/why_text.hpp"
#include "runtime/node/control_answers.hpp"
#include "runtime/node/control_request.hpp"
#include "runtime/storage/run_directory.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

namespace qalpha {

namespace {

struct why_options {
  std::string symbol;
  std::string time;
  std::string run = run_paths::standard;
  std::optional<size_t> most;
  bool json = false;
};

constexpr size_t most_by_default = 10;

exit_code refuse(const why_options& options, exit_code exit,
                 std::string_view word, const std::string& text) {
  if (options.json)
    std::cout << failure_reply(word, text) << '\n';
  else
    std::cerr << "qalpha: " << text << '\n';
  return exit;
}

/// Names are typed in a hurry: case does not matter.
const instrument* find_symbol(const universe& all, std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return find_instrument(all, name);
}

exit_code unknown_symbol(const why_options& options, const universe& all) {
  std::vector<std::string_view> known;
  std::string list;
  for (auto& rules : all) {
    known.push_back(rules.name());
    list += " " + rules.name();
  }
  return refuse(options, exit_code::not_found, "not_found",
                "the run has" + list + ", no symbol "
                  + quote_and_guess(options.symbol, known));
}

/// @returns the time of the newest decision of any symbol.
utc_time newest_decision(journal_reader& journal) {
  utc_time result;
  for (auto& rules : journal.instruments())
    for (auto& story : journal.decisions(rules.id(), {}, 1))
      result = std::max(result, story.what.time);
  return result;
}

exit_code show(const why_options& options, const instrument& rules,
               const std::vector<decision_story>& stories) {
  if (options.json) {
    std::cout << why_json(rules, stories) << '\n';
    return exit_code::ok;
  }
  if (stories.empty())
    std::cout << "no decision about " << rules.name() << " yet\n";
  else
    std::cout << rules.name() << ", oldest decision first\n";
  for (auto& each : stories)
    std::cout << '\n' << why_text(rules, each);
  return exit_code::ok;
}

exit_code explain(const why_options& options, journal_reader& journal) {
  auto* rules = find_symbol(journal.instruments(), options.symbol);
  if (rules == nullptr)
    return unknown_symbol(options, journal.instruments());
  if (options.time.empty())
    return show(options, *rules,
                journal.decisions(rules->id(), {},
                                  options.most.value_or(most_by_default)));
  auto until = parse_spoken_time(options.time, newest_decision(journal));
  if (!until)
    return refuse(options, exit_code::usage, "invalid", until.error().text);
  auto stories = journal.decisions(rules->id(), {.to = *until},
                                   options.most.value_or(1));
  if (stories.empty())
    return refuse(options, exit_code::not_found, "not_found",
                  "no decision about " + rules->name() + " until "
                    + format_utc(*until));
  return show(options, *rules, stories);
}

exit_code why(const why_options& options) {
  auto file = run_paths{options.run}.journal();
  if (!std::filesystem::exists(file))
    return refuse(options, exit_code::not_found, "not_found",
                  "no journal in " + options.run
                    + "; start a node with qalpha run");
  auto journal = journal_reader::open(file);
  if (!journal)
    return refuse(options, exit_code::journal, "failed", journal.error().text);
  return explain(options, *journal);
}

} // namespace

void add_why(verb& program) {
  auto options = std::make_shared<why_options>();
  auto spec = program.add(
    "why", "Explains decisions: what was wanted, ordered, filled or refused");
  spec.text("SYMBOL", options->symbol, "For example BTCUSDT").required();
  spec.text("TIME", options->time,
            "Explain the decision at or last before this UTC time "
            "(12:00:41, 2026-01-05T12:00:41)");
  spec
    .number("-n", options->most,
            "Number of decisions (default 10, with a time 1)")
    .between(1, 100'000);
  spec.text("--run", options->run,
            "Run directory (default " + std::string{run_paths::standard} + ")");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Example: qalpha why BTCUSDT 12:00:41");
  spec.action([options] { return why(*options); });
}

} // namespace qalpha
