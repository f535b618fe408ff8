#include "runtime/cli/features_input.hpp"

#include "runtime/cli/recording_exit.hpp"
#include "runtime/data/opened_recording.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace qalpha {

std::variant<market_table, features_refusal>
read_features_input(const std::string& file, const std::string& symbol,
                    std::optional<timespan> interval,
                    const book_listener& hear_book) {
  std::error_code code;
  if (!std::filesystem::exists(file, code))
    return features_refusal{exit_code::not_found, file + ": no such file"};
  if (is_recording(file)) {
    auto outcome = read_recorded_market(
      file, symbol, interval.value_or(std::chrono::minutes{1}), hear_book);
    if (auto no = std::get_if<recording_refusal>(&outcome))
      return features_refusal{exit_of(no->what), no->text};
    return std::get<recorded_market>(std::move(outcome)).table;
  }
  if (!symbol.empty())
    return features_refusal{exit_code::usage,
                            "--symbol: expected a recording, found the table "
                              + file};
  auto table = read_market_table(file, interval);
  if (!table)
    return features_refusal{exit_code::gate_failed, table.error().text};
  return std::move(*table);
}

} // namespace qalpha
