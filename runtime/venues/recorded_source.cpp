#include "runtime/venues/recorded_source.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

/// @returns what keeps a recording from being the market of `all`.
std::optional<std::string> objection(const raw_origin& origin,
                                     const universe& all) {
  for (auto& wanted : all) {
    auto found
      = std::find_if(origin.instruments.begin(), origin.instruments.end(),
                     [&](auto& rules) { return rules.name == wanted.name(); });
    if (found == origin.instruments.end())
      return "recorded without " + wanted.name();
    if (found->tick_e8 != wanted.rules().tick_e8
        || found->lot_e8 != wanted.rules().lot_e8)
      return wanted.name()
             + " was recorded with another tick or lot than configured";
  }
  return std::nullopt;
}

} // namespace

recorded_source::recorded_source(std::unique_ptr<record_stream> records,
                                 record_player player,
                                 const recorded_source_settings& settings)
  : records_(std::move(records)), player_(std::move(player)),
    settings_(settings), ahead_(records_->next()) {
  // nop
}

fallible<std::unique_ptr<recorded_source>>
recorded_source::open(const std::filesystem::path& directory,
                      const universe& all,
                      const recorded_source_settings& settings) {
  auto reader = raw_reader::open(directory,
                                 {.allow_gaps = settings.allow_gaps});
  if (!reader)
    return reader.error();
  auto& origin = reader->header().origin;
  if (auto why = objection(origin, all))
    return fault{directory.string() + ": " + *why};
  auto player = record_player::make(origin.venue, all);
  if (!player)
    return fault{directory.string() + ": " + player.error().text};
  return over(records_of(std::move(*reader)), std::move(*player), settings);
}

std::unique_ptr<recorded_source>
recorded_source::over(std::unique_ptr<record_stream> records,
                      record_player player,
                      const recorded_source_settings& settings) {
  return std::unique_ptr<recorded_source>{
    new recorded_source{std::move(records), std::move(player), settings}};
}

std::vector<bar_closed> recorded_source::history() {
  return {};
}

utc_time recorded_source::frame_end(utc_time time) const noexcept {
  auto length = settings_.frame.count();
  return {(time.ns / length + 1) * length};
}

std::optional<market_frame> recorded_source::next() {
  if (!ahead_)
    return std::nullopt;
  market_frame result;
  auto first = frame_end(ahead_->received);
  // Time never goes back here, even where the clock that recorded did.
  auto following = time_ + settings_.frame;
  auto skip = time_ == utc_time{} || first - time_ > settings_.longest_silence;
  result.time = time_ = skip ? first : following;
  while (ahead_ && ahead_->received < time_) {
    player_.step(*ahead_, result.batches);
    ahead_ = records_->next();
  }
  return result;
}

std::string recorded_source::save() const {
  return {};
}

bool recorded_source::restore(std::string_view) {
  return false;
}

} // namespace qalpha
