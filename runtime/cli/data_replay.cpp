#include "runtime/cli/data_verbs.hpp"
#include "runtime/cli/recording_exit.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/archive_plan.hpp"
#include "runtime/data/recording_text.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <variant>

namespace qalpha {

namespace {

struct replay_options {
  std::string directory;
  std::string symbol;
  bool json = false;
};

exit_code refuse(const replay_options& options, const std::string& why,
                 exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  if (options.json)
    std::cout << R"({"ok": false, "error": )" << json_text(why) << "}\n";
  return how;
}

exit_code replay(const replay_options& options) {
  std::string symbol;
  if (!options.symbol.empty()) {
    auto asked = archive_symbol(options.symbol);
    if (!asked)
      return refuse(options, "--symbol: " + asked.error().text,
                    exit_code::usage);
    symbol = *asked;
  }
  auto outcome = replay_recording(options.directory);
  if (auto* no = std::get_if<recording_refusal>(&outcome))
    return refuse(options, no->text, exit_of(no->what));
  auto& played = std::get<recording_replay>(outcome);
  if (!symbol.empty()) {
    std::erase_if(played.symbols, [&](const symbol_replay& x) {
      return x.traded.name() != symbol;
    });
    if (played.symbols.empty())
      return refuse(options,
                    "--symbol: " + options.directory + " is without " + symbol,
                    exit_code::not_found);
  }
  if (options.json)
    std::cout << to_json(played) << '\n';
  else
    std::cout << to_text(played);
  return exit_code::ok;
}

} // namespace

void add_data_replay(verb& data) {
  auto options = std::make_shared<replay_options>();
  auto spec = data.add(
    "replay", "Plays a recording of qalpha data record and sums it up");
  spec.text("DIR", options->directory, "Directory of the recording").required();
  spec.text("--symbol", options->symbol, "Tell only of this symbol");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer(
    "Goes through the decoders and feeds of a live venue. What is missing in "
    "the\nrecording is told; the JSON object then has \"whole\": false. Ends "
    "with 8 if nothing\ncan be read, with 3 if there is no recording.\n"
    "Example: qalpha data replay recordings/binance --symbol BTCUSDT");
  spec.action([options] { return replay(*options); });
}

} // namespace qalpha
