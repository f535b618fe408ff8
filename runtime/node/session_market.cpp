#include "runtime/node/session_market.hpp"

#include "runtime/net/network_thread.hpp"
#include "runtime/venues/live_market.hpp"
#include "runtime/venues/simulated/socket_source.hpp"
#include "runtime/venues/venue_rules.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

// Market time before the first frame, so that strategies are warm at once.
constexpr timespan warm_up = std::chrono::minutes{30};

fallible<demo_market> make_demo(const node_config& config) {
  auto settings = config.demo;
  settings.seed = config.seed;
  settings.symbols.clear();
  for (auto& rules : config.symbols)
    settings.symbols.push_back(rules.name);
  return demo_market::make(std::move(settings));
}

fallible<session_market> open_demo(const node_config& config) {
  auto market = make_demo(config);
  if (!market)
    return market.error();
  session_market result{.instruments = market->instruments(),
                        .source = nullptr,
                        .now = market->now()};
  result.source = std::make_unique<demo_source>(std::move(*market), warm_up,
                                                config.feed.bar_interval);
  if (config.transport == demo_transport::memory)
    return result;
  auto socket = socket_source::open(std::move(result.source),
                                    result.instruments);
  if (!socket)
    return socket.error();
  result.source = std::move(*socket);
  return result;
}

// The venue's own rules count: orders that break them would be refused.
fallible<session_market> open_paper(const node_config& config) {
  std::vector<std::string> names;
  for (const auto& rules : config.symbols)
    names.push_back(rules.name);
  auto instruments = fetch_instruments(config.market, names);
  if (!instruments)
    return instruments.error();
  auto opened = live_market::open(config.market, *instruments,
                                  config.feed.bar_interval);
  if (!opened)
    return opened.error();
  auto* reference = (*opened)->reference();
  auto problem = reference ? reference->problem() : std::nullopt;
  return session_market{.instruments = std::move(*instruments),
                        .source = std::move(*opened),
                        .now = network_thread::utc_now(),
                        .warning = std::move(problem)};
}

} // namespace

fallible<universe> session_instruments(const node_config& config) {
  if (config.mode == run_mode::demo) {
    auto market = make_demo(config);
    if (!market)
      return market.error();
    return market->instruments();
  }
  universe result;
  for (const auto& rules : config.symbols) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())}, rules);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  return result;
}

fallible<session_market> open_market(const node_config& config) {
  return config.mode == run_mode::paper ? open_paper(config)
                                        : open_demo(config);
}

} // namespace qalpha
