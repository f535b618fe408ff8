#include "models/simulation/demo_market.hpp"

#include "models/simulation/byte_archive.hpp"

#include <optional>
#include <utility>

namespace qalpha {

namespace {

// Raised with every change of what is saved or how it continues.
constexpr uint32_t format = 1;

using namespace std::chrono_literals;

/// Length of the first trend and of the one against it that ends a warm-up:
/// whoever follows trends has something to do soon after the start.
constexpr timespan opening_length = 2min;

market_regime reverse(market_regime trend) {
  return trend == market_regime::trending_up ? market_regime::trending_down
                                             : market_regime::trending_up;
}

} // namespace

fallible<demo_market> demo_market::make(demo_settings settings) {
  if (settings.frame < 1ms || settings.frame > 1s
      || settings.frame % 1ms != timespan{0})
    return fault{
      "a frame of the demo market must last whole milliseconds, from "
      "1 ms to 1 s, was "
      + std::to_string(settings.frame / 1us) + " us"};
  auto instruments = make_demo_universe(settings.symbols);
  if (!instruments)
    return instruments.error();
  return demo_market{std::move(settings), std::move(*instruments)};
}

demo_market::demo_market(demo_settings settings, universe instruments)
  : settings_(std::move(settings)), instruments_(std::move(instruments)),
    now_(settings_.start), common_(settings_.seed, 0) {
  for (auto& rules : instruments_)
    symbols_.emplace_back(*find_demo_profile(rules.name()), settings_.seed);
  open();
}

void demo_market::open() {
  for (auto& symbol : symbols_) {
    symbol.enter(symbol.profile().opening, opening_length);
    symbol.freeze();
  }
}

// -- frames -------------------------------------------------------------------

demo_frame demo_market::begin_frame() {
  demo_frame result;
  result.begin = now_;
  now_ = now_ + settings_.frame;
  result.end = now_;
  result.common_q16 = common_.normal_q16();
  return result;
}

void demo_market::add_shift(const demo_symbol& symbol,
                            demo_frame& frame) const {
  auto name = symbol.profile().name;
  auto& script = settings_.script;
  frame.shift_ppm = settings_.scripted ? script.shift_ppm(name, elapsed()) : 0;
  frame.stressed = settings_.scripted && script.stressed(name, elapsed());
}

const std::vector<market_batch>& demo_market::advance() {
  auto frame = begin_frame();
  batches_.resize(symbols_.size());
  size_t published = 0;
  for (auto& rules : instruments_) {
    auto& symbol = symbols_[rules.id().index];
    auto silent = frozen(rules.id());
    auto& events = silent ? unseen_ : batches_[published].events;
    events.clear();
    add_shift(symbol, frame);
    symbol.advance(frame, events);
    if (silent) {
      symbol.freeze();
      continue;
    }
    batches_[published].symbol = rules.id();
    batches_[published++].received = frame.end;
  }
  batches_.resize(published);
  return batches_;
}

std::vector<market_batch> demo_market::books() const {
  std::vector<market_batch> result;
  for (auto& rules : instruments_) {
    auto& symbol = symbols_[rules.id().index];
    if (symbol.published())
      symbol.show_book(now_, result
                               .emplace_back(market_batch{.symbol = rules.id(),
                                                          .received = now_,
                                                          .events = {}})
                               .events);
  }
  return result;
}

std::vector<bar_closed> demo_market::warm_up(timespan duration,
                                             timespan interval) {
  auto bars = (duration + interval - timespan{1}) / interval;
  now_ = settings_.start - bars * interval;
  std::vector<bar_closed> result;
  std::vector<bar_aggregator> builders(symbols_.size(),
                                       bar_aggregator{interval});
  auto turned = false;
  while (now_ < settings_.start) {
    if (!turned && now_ >= settings_.start - opening_length) {
      for (auto& symbol : symbols_)
        symbol.enter(reverse(symbol.profile().opening), 2 * opening_length);
      turned = true;
    }
    add_bars(begin_frame(), builders, result);
  }
  now_ = settings_.start;
  open();
  return result;
}

void demo_market::add_bars(const demo_frame& frame,
                           std::vector<bar_aggregator>& builders,
                           std::vector<bar_closed>& out) {
  for (auto& rules : instruments_) {
    auto& builder = builders[rules.id().index];
    auto keep = [&](const std::optional<bar>& done) {
      if (done)
        out.push_back({rules.id(), *done});
    };
    unseen_.clear();
    symbols_[rules.id().index].advance(frame, unseen_);
    for (auto& event : unseen_)
      if (event.kind == market_event_kind::trade)
        keep(builder.add(event.time, event.px, event.qty));
    keep(builder.advance(frame.end));
  }
}

// -- persistence --------------------------------------------------------------

std::string demo_market::save() const {
  byte_writer out;
  out(format, settings_.seed, settings_.start, settings_.frame,
      settings_.symbols, now_, common_, symbols_);
  return out.sealed();
}

bool demo_market::restore(std::string_view saved) {
  byte_reader in{saved};
  auto next = *this;
  demo_settings theirs;
  uint32_t version = 0;
  in(version, theirs.seed, theirs.start, theirs.frame, theirs.symbols);
  if (!in.intact() || version != format || theirs.seed != settings_.seed
      || theirs.start != settings_.start || theirs.frame != settings_.frame
      || theirs.symbols != settings_.symbols)
    return false;
  in(next.now_, next.common_);
  uint64_t count = 0;
  in(count);
  if (count != symbols_.size())
    return false;
  for (auto& symbol : next.symbols_)
    in(symbol);
  if (!in.complete())
    return false;
  *this = std::move(next);
  return true;
}

} // namespace qalpha
