#include "runtime/data/opened_recording.hpp"

#include "runtime/data/recorded_steps.hpp"
#include "runtime/data/session_records.hpp"
#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/raw/raw_inventory.hpp"
#include "runtime/telemetry/printable.hpp"

#include <system_error>
#include <utility>

namespace qalpha {

namespace fs = std::filesystem;

namespace {

using refusal = recording_refusal::kind;

int64_t step_of(int places) {
  int64_t result = 100'000'000;
  for (; places > 0; --places)
    result /= 10;
  return result;
}

bool has_segments(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code) && !list_segments(path).empty();
}

std::string joined(const universe& all) {
  std::string result;
  for (const auto& one : all)
    result += (result.empty() ? "" : ", ") + one.name();
  return result;
}

/// @returns the instrument of that name, with the first number.
std::variant<universe, recording_refusal> only(const universe& all,
                                               const std::string& symbol) {
  if (symbol.empty() && all.size() > 1)
    return recording_refusal{refusal::ambiguous,
                             "--symbol: expected one of " + joined(all)};
  auto found = symbol.empty() ? &all.front() : find_instrument(all, symbol);
  if (!found)
    return recording_refusal{refusal::not_found, "--symbol: expected one of "
                                                   + joined(all) + ", found "
                                                   + printable(symbol)};
  auto made = instrument::make({}, found->rules());
  if (!made)
    return recording_refusal{refusal::data, made.error().text};
  return universe{*made};
}

fallible<universe> instruments_of(const raw_origin& origin) {
  universe result;
  for (const auto& rules : origin.instruments) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())}, rules);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  if (result.empty())
    return fault{"expected a recording of instruments, found one of none"};
  return result;
}

struct raw_contents {
  std::string venue;
  universe all;
};

std::variant<raw_contents, recording_refusal> look_into(const fs::path& path) {
  auto reader = raw_reader::open(path, {.allow_gaps = true});
  if (!reader)
    return recording_refusal{has_segments(path) ? refusal::data
                                                : refusal::not_found,
                             reader.error().text};
  if (reader->header().number == 0) {
    auto& notes = reader->damage().notes;
    return recording_refusal{
      refusal::data, notes.empty() ? path.string() + ": no segment can be read"
                                   : notes.front()};
  }
  auto& origin = reader->header().origin;
  auto all = instruments_of(origin);
  if (!all)
    return recording_refusal{refusal::data,
                             path.string() + ": " + all.error().text};
  return raw_contents{origin.venue, std::move(*all)};
}

std::variant<opened_recording, recording_refusal> open_raw(const fs::path& path,
                                                           raw_contents of) {
  auto source = recorded_source::open(path, of.all, {.allow_gaps = true});
  if (!source)
    return recording_refusal{refusal::data, source.error().text};
  return opened_recording{std::move(of.venue), std::move(of.all),
                          std::move(*source)};
}

std::variant<opened_recording, recording_refusal>
open_session(const fs::path& path, const std::string& symbol) {
  auto traded = choose_instrument(path, symbol);
  if (auto no = std::get_if<recording_refusal>(&traded))
    return *no;
  universe all{std::get<instrument>(std::move(traded))};
  auto session = recorded_session::open(path);
  if (!session)
    return recording_refusal{refusal::not_found, session.error().text};
  auto player = record_player::make("binance", all);
  if (!player)
    return recording_refusal{refusal::data, player.error().text};
  auto source = recorded_source::over(
    records_of(std::move(*session), all[0].name()), std::move(*player));
  return opened_recording{"binance", std::move(all), std::move(source)};
}

} // namespace

bool is_recording(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code))
    return true;
  line_input lines{path.string()};
  auto first = lines.next();
  return first && parse_recorded_line(*first);
}

std::variant<opened_recording, recording_refusal>
open_raw_recording(const fs::path& directory) {
  auto of = look_into(directory);
  if (auto no = std::get_if<recording_refusal>(&of))
    return *no;
  return open_raw(directory, std::get<raw_contents>(std::move(of)));
}

std::variant<opened_recording, recording_refusal>
open_recording(const fs::path& path, const std::string& symbol) {
  if (!has_segments(path))
    return open_session(path, symbol);
  auto of = look_into(path);
  if (auto no = std::get_if<recording_refusal>(&of))
    return *no;
  auto& contents = std::get<raw_contents>(of);
  auto one = only(contents.all, symbol);
  if (auto no = std::get_if<recording_refusal>(&one))
    return *no;
  return open_raw(
    path, {std::move(contents.venue), std::get<universe>(std::move(one))});
}

std::variant<instrument, recording_refusal>
choose_instrument(const fs::path& path, const std::string& symbol) {
  auto session = recorded_session::open(path);
  if (!session)
    return recording_refusal{refusal::not_found, session.error().text};
  auto refuse = [&](refusal what, std::string text) {
    return recording_refusal{what, path.string() + ": " + std::move(text)};
  };
  auto steps = survey_steps(*session);
  if (auto found = session->damage())
    return recording_refusal{refusal::data, found->text};
  std::string names;
  for (const auto& [name, places] : steps)
    names += (names.empty() ? "" : ", ") + printable(name);
  if (steps.empty())
    return refuse(refusal::data,
                  "expected depth messages of Binance, found none");
  if (symbol.empty() && steps.size() > 1)
    return refuse(refusal::ambiguous, "--symbol: expected one of " + names);
  auto found = symbol.empty() ? steps.begin() : steps.find(symbol);
  if (found == steps.end())
    return refuse(refusal::not_found,
                  "expected one of " + names + ", found " + printable(symbol));
  auto made = instrument::make({}, {.name = found->first,
                                    .tick_e8 = step_of(found->second.price),
                                    .lot_e8 = step_of(found->second.size)});
  if (!made)
    return refuse(refusal::data, made.error().text);
  return *made;
}

} // namespace qalpha
