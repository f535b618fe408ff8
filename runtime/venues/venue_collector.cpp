#include "runtime/venues/venue_collector.hpp"

#include "runtime/venues/binance/collector.hpp"
#include "runtime/venues/bybit/collector.hpp"

namespace qalpha {

collector_settings usual_collecting(data_venue venue) {
  return venue == data_venue::binance ? binance_settings{}.collecting
                                      : bybit_settings{}.collecting;
}

fallible<std::unique_ptr<collector>>
make_venue_collector(const market_settings& settings,
                     const universe& instruments,
                     const std::optional<collector_settings>& collecting,
                     market_sink& sink, raw_sink* tap) {
  if (settings.venue == data_venue::binance) {
    binance_settings venue{.rest = settings.binance_rest,
                           .streams = settings.binance_streams,
                           .ca_file = settings.ca_file};
    if (collecting)
      venue.collecting = *collecting;
    return make_binance_collector(venue, instruments, sink, tap);
  }
  bybit_settings venue{.rest = settings.bybit_rest,
                       .streams = settings.bybit_public,
                       .ca_file = settings.ca_file};
  if (collecting)
    venue.collecting = *collecting;
  return make_bybit_collector(venue, instruments, sink, tap);
}

} // namespace qalpha
