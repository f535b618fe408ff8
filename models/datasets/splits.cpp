#include "models/datasets/splits.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

namespace qalpha {

namespace {

// Of a run of test samples: nothing that is known in between is for training.
struct closed_time {
  int64_t begin;
  int64_t end;
};

std::vector<closed_time> blocks_of(std::span<const sample_span> spans,
                                   std::span<const size_t> test,
                                   int64_t embargo) {
  std::vector<closed_time> result;
  for (size_t i = 0; i < test.size(); ++i) {
    const auto& span = spans[test[i]];
    if (i == 0 || test[i] != test[i - 1] + 1)
      result.push_back({span.begin, span.end + embargo});
    else
      result.back().end = std::max(result.back().end, span.end + embargo);
  }
  return result;
}

// First sample of a fold; folds are as even as can be, the first ones longer.
size_t fold_begin(size_t samples, size_t folds, size_t fold) {
  auto size = samples / folds;
  return fold * size + std::min(fold, samples % folds);
}

std::vector<size_t> numbers(size_t begin, size_t end) {
  std::vector<size_t> result(end - begin);
  std::iota(result.begin(), result.end(), begin);
  return result;
}

std::optional<fault> check_folds(size_t samples, size_t folds) {
  if (folds < 2 || samples < folds)
    return fault{"folds: expected 2 to " + std::to_string(samples)
                 + " (the samples), found " + std::to_string(folds)};
  return std::nullopt;
}

fault empty_part(const std::string& which) {
  return fault{which + ": no sample is left after purging and embargo"};
}

// The choice before this one in the order of dictionaries.
bool step_back(std::vector<size_t>& chosen, size_t folds) {
  for (auto i = chosen.size(); i-- > 0;) {
    auto least = i == 0 ? 0 : chosen[i - 1] + 1;
    if (chosen[i] == least)
      continue;
    --chosen[i];
    for (auto j = i + 1; j < chosen.size(); ++j)
      chosen[j] = folds - chosen.size() + j;
    return true;
  }
  return false;
}

} // namespace

std::vector<size_t> purged_training(std::span<const sample_span> spans,
                                    std::span<const size_t> test,
                                    int64_t embargo) {
  auto blocks = blocks_of(spans, test, embargo);
  std::vector<size_t> result;
  for (size_t i = 0; i < spans.size(); ++i) {
    auto free_of = [&](const closed_time& x) {
      return spans[i].end < x.begin || spans[i].begin > x.end;
    };
    if (std::all_of(blocks.begin(), blocks.end(), free_of))
      result.push_back(i);
  }
  return result;
}

fallible<std::vector<data_split>>
walk_forward_splits(std::span<const sample_span> spans, size_t folds,
                    size_t least, size_t most, int64_t embargo) {
  if (auto problem = check_folds(spans.size(), folds))
    return *problem;
  if (least == 0 || least >= folds || most < least)
    return fault{"folds: expected 1 to " + std::to_string(folds - 1)
                 + " folds of training"};
  std::vector<data_split> result;
  for (auto fold = least; fold < folds; ++fold) {
    auto first = fold - std::min(fold, most);
    auto begin = fold_begin(spans.size(), folds, first);
    auto cut = fold_begin(spans.size(), folds, fold);
    data_split one;
    one.test = numbers(cut, fold_begin(spans.size(), folds, fold + 1));
    for (auto i = begin; i < cut; ++i)
      if (spans[i].end + embargo < spans[cut].begin)
        one.train.push_back(i);
    if (one.train.empty())
      return empty_part("training before fold " + std::to_string(fold));
    result.push_back(std::move(one));
  }
  return result;
}

fallible<std::vector<data_split>>
combinatorial_splits(std::span<const sample_span> spans, size_t folds,
                     size_t tests, int64_t embargo) {
  if (auto problem = check_folds(spans.size(), folds))
    return *problem;
  if (tests == 0 || tests >= folds)
    return fault{"folds: expected 1 to " + std::to_string(folds - 1)
                 + " folds of tests, found " + std::to_string(tests)};
  std::vector<size_t> chosen(tests);
  for (size_t i = 0; i < tests; ++i)
    chosen[i] = folds - tests + i;
  std::vector<data_split> result;
  do {
    data_split one;
    for (auto fold : chosen) {
      auto part = numbers(fold_begin(spans.size(), folds, fold),
                          fold_begin(spans.size(), folds, fold + 1));
      one.test.insert(one.test.end(), part.begin(), part.end());
    }
    one.train = purged_training(spans, one.test, embargo);
    if (one.train.empty())
      return empty_part("training");
    result.push_back(std::move(one));
  } while (step_back(chosen, folds));
  return result;
}

std::vector<size_t> even_choice(std::span<const size_t> all, size_t most) {
  auto count = std::min(all.size(), most);
  std::vector<size_t> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(all[i * all.size() / count]);
  return result;
}

fallible<data_parts> part_samples(std::span<const sample_span> spans,
                                  const part_shares& shares) {
  auto count = static_cast<double>(spans.size());
  auto test = static_cast<size_t>(count * (1 - shares.test));
  auto validation
    = static_cast<size_t>(count * (1 - shares.test - shares.validation));
  if (validation == 0 || validation >= test || test >= spans.size())
    return fault{"split: expected samples in all three parts, found "
                 + std::to_string(spans.size()) + " samples"};
  data_parts result;
  for (size_t i = 0; i < validation; ++i)
    if (spans[i].end + shares.embargo < spans[validation].begin)
      result.train.push_back(i);
  for (auto i = validation; i < test; ++i)
    if (spans[i].end + shares.embargo < spans[test].begin)
      result.validation.push_back(i);
  result.test = numbers(test, spans.size());
  if (result.train.empty())
    return empty_part("training");
  if (result.validation.empty())
    return empty_part("validation");
  return result;
}

} // namespace qalpha
