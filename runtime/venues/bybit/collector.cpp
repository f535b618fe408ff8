#include "runtime/venues/bybit/collector.hpp"

#include "runtime/venues/bybit/bybit_dialect.hpp"

namespace qalpha {

collector_settings bybit_settings::own_collecting() {
  collector_settings result;
  result.connections = {500, std::chrono::minutes{5}};
  result.line.roll_over_after = timespan{0};
  // 600 requests in five seconds an address; a tenth is plenty.
  result.rest.weight = {60, std::chrono::seconds{5}};
  return result;
}

fallible<std::unique_ptr<collector>>
make_bybit_collector(const bybit_settings& settings,
                     const universe& instruments, market_sink& sink,
                     raw_sink* tap) {
  auto rest = parse_url(settings.rest, settings.ca_file);
  if (!rest)
    return fault{"bybit rest: " + rest.error().text};
  auto streams = parse_url(settings.streams, settings.ca_file);
  if (!streams)
    return fault{"bybit streams: " + streams.error().text};
  return collector::make(
    std::make_unique<bybit_dialect>(settings, instruments, *streams),
    instruments, rest->where, settings.collecting, sink, tap);
}

} // namespace qalpha
