#include "models/outlook/question_line.hpp"

#include <utility>

namespace qalpha {

question_line::question_line(size_t symbols)
  : expected_(symbols), waiting_(symbols) {
  // nop
}

void question_line::expect(const bar_context_known& fact) {
  expected_[fact.symbol.index] = fact;
}

std::optional<question>
question_line::put(const bar_closed& fact,
                   std::chrono::steady_clock::time_point now) {
  auto& place = waiting_[fact.symbol.index];
  if (!place)
    line_.push_back(fact.symbol);
  question fresh{fact, std::nullopt, now};
  if (auto& told = expected_[fact.symbol.index];
      told.close_time == fact.value.close_time)
    fresh.around = told;
  return std::exchange(place, std::move(fresh));
}

std::optional<question> question_line::take() {
  if (line_.empty())
    return std::nullopt;
  auto symbol = line_.front();
  line_.pop_front();
  return std::exchange(waiting_[symbol.index], std::nullopt);
}

} // namespace qalpha
