#include "runtime/venues/market_recording.hpp"

#include "runtime/storage/raw/raw_format.hpp"
#include "runtime/storage/raw/raw_reader.hpp"
#include "runtime/telemetry/time_text.hpp"
#include "runtime/venues/venue_collector.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

raw_origin origin_of(data_venue venue, const universe& instruments,
                     const std::string& node, utc_time now) {
  raw_origin result{
    node, format_iso(now), std::string{recorded_name(venue)}, {}};
  for (const auto& one : instruments)
    result.instruments.push_back(one.rules());
  return result;
}

/// @returns `true` if texts become the same ticks and lots by both.
bool agree(const raw_origin& recorded, const universe& wanted) {
  auto& rules = recorded.instruments;
  return std::equal(rules.begin(), rules.end(), wanted.begin(), wanted.end(),
                    [](const instrument_rules& a, const instrument& b) {
                      return a.name == b.name()
                             && a.tick_e8 == b.rules().tick_e8
                             && a.lot_e8 == b.rules().lot_e8;
                    });
}

} // namespace

std::optional<fault> recording_conflict(const std::filesystem::path& directory,
                                        data_venue venue,
                                        const universe& instruments) {
  if (list_segments(directory).empty())
    return std::nullopt;
  auto reader = raw_reader::open(directory, {.allow_gaps = true});
  if (!reader)
    return reader.error();
  auto& origin = reader->header().origin;
  if (origin.venue != recorded_name(venue))
    return fault{directory.string() + ": expected a recording of "
                 + std::string{recorded_name(venue)} + ", found one of \""
                 + origin.venue + '"'};
  if (!agree(origin, instruments))
    return fault{directory.string()
                 + ": expected a recording of the same symbols, ticks and "
                   "lots, found another; record to a new directory"};
  return std::nullopt;
}

class market_recording::nobody final : public market_sink {
public:
  void deliver(market_batch) override {
    // nop
  }
};

market_recording::market_recording(std::unique_ptr<raw_recorder> recorder)
  : recorder_(std::move(recorder)), sink_(std::make_unique<nobody>()) {
  // nop
}

market_recording::~market_recording() = default;

fallible<std::unique_ptr<market_recording>>
market_recording::open(const market_settings& settings,
                       const universe& instruments,
                       const std::filesystem::path& directory,
                       const std::string& node, utc_time now,
                       const std::optional<collector_settings>& collecting) {
  if (auto wrong = recording_conflict(directory, settings.venue, instruments))
    return *wrong;
  auto recorder = raw_recorder::open(
    directory, origin_of(settings.venue, instruments, node, now), {}, now);
  if (!recorder)
    return recorder.error();
  std::unique_ptr<market_recording> result{
    new market_recording(std::move(*recorder))};
  auto made = make_venue_collector(settings, instruments, collecting,
                                   *result->sink_, result->recorder_.get());
  if (!made)
    return made.error();
  result->collector_ = std::move(*made);
  result->collector_->start();
  return result;
}

std::optional<fault> market_recording::stop() {
  // First, since nothing may be told to a recording that is closed.
  collector_->stop();
  return recorder_->close();
}

recording_progress market_recording::progress() const {
  return {collector_->counters(), recorder_->counts()};
}

} // namespace qalpha
