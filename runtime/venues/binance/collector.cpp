#include "runtime/venues/binance/collector.hpp"

#include "runtime/venues/binance/binance_dialect.hpp"

namespace qalpha {

fallible<std::unique_ptr<collector>>
make_binance_collector(const binance_settings& settings,
                       const universe& instruments, market_sink& sink,
                       raw_sink* tap) {
  auto rest = parse_url(settings.rest, settings.ca_file);
  if (!rest)
    return fault{"binance rest: " + rest.error().text};
  auto streams = parse_url(settings.streams, settings.ca_file);
  if (!streams)
    return fault{"binance streams: " + streams.error().text};
  return collector::make(
    std::make_unique<binance_dialect>(settings, instruments, streams->where),
    instruments, rest->where, settings.collecting, sink, tap);
}

} // namespace qalpha
