#include "models/evaluation/walk_forward.hpp"

#include <algorithm>
#include <string>

namespace qalpha {

namespace {

constexpr int64_t most_folds = 1'000;

std::string days(timespan x) {
  return std::to_string(
           std::chrono::duration_cast<std::chrono::days>(x).count())
         + " days";
}

} // namespace

fallible<std::vector<walk_forward_fold>>
plan_folds(utc_time from, utc_time until, const walk_forward_lengths& lengths) {
  if (lengths.first_training <= timespan{0} || lengths.test <= timespan{0}
      || lengths.embargo < timespan{0}
      || lengths.longest_training < timespan{0})
    return fault{"walk forward: expected a training and a test longer than "
                 "zero, and no length below it"};
  auto before = lengths.first_training + lengths.embargo;
  auto left = until - from - before;
  if (left < lengths.test)
    return fault{"walk forward: expected a history of at least "
                 + days(before + lengths.test) + ", found "
                 + days(until - from)};
  // The last test takes a short rest.
  auto count = std::max<int64_t>(1, (left + lengths.test / 2) / lengths.test);
  if (count > most_folds)
    return fault{"walk forward: expected at most " + std::to_string(most_folds)
                 + " tests, found " + std::to_string(count)};
  std::vector<walk_forward_fold> result;
  for (int64_t i = 0; i < count; ++i) {
    auto test_from = from + before + i * lengths.test;
    auto train_until = test_from - lengths.embargo;
    auto train_from = from;
    if (lengths.longest_training > timespan{0})
      train_from = std::max(from, train_until - lengths.longest_training);
    result.push_back({train_from, train_until, test_from,
                      i + 1 == count ? until : test_from + lengths.test});
  }
  return result;
}

} // namespace qalpha
