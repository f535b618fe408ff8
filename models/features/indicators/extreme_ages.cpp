#include "models/features/indicators/extreme_ages.hpp"

#include "models/features/row_feature.hpp"

#include <functional>
#include <vector>

namespace qalpha {

namespace {

constexpr std::string_view high_only[] = {"high"};
constexpr std::string_view low_only[] = {"low"};

/// Keeps the rows that may still become the extreme one: each is further out
/// than all after it. A new row drives out those that it reaches.
/// @tparam Reaches whether a value is at least as far out as another
template <class Reaches>
class age_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit age_kernel(size_t period) : kept_(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    while (count_ > 0 && Reaches{}(x[0], kept_[place_of(count_ - 1)].value))
      --count_;
    if (count_ > 0 && row_ - kept_[first_].row >= kept_.size()) {
      first_ = place_of(1);
      --count_;
    }
    kept_[place_of(count_)] = {x[0], row_};
    ++count_;
    auto age = row_ - kept_[first_].row;
    ++row_;
    return {row_ < kept_.size() ? undefined : static_cast<double>(age)};
  }

private:
  struct candidate {
    double value;
    size_t row;
  };

  size_t place_of(size_t i) const noexcept {
    auto place = first_ + i;
    return place < kept_.size() ? place : place - kept_.size();
  }

  // A ring of which `count_` from `first_` on are in use.
  std::vector<candidate> kept_;
  size_t first_ = 0;
  size_t count_ = 0;
  size_t row_ = 0;
};

template <class Reaches>
fallible<made_feature> make_age(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(age_kernel<Reaches>{period}), period - 1,
                      period};
}

constexpr parameter age_parameters[] = {
  {"period", 20, 1, 100'000, "rows, the one at hand included"},
};

constexpr feature_output age_output[] = {
  {"rows", "from 0 for the row at hand to period - 1"},
};

constexpr feature_entry entries[] = {
  {"since_highest", "rows since the highest of the last, the newest of equals",
   "TA-Lib MAXINDEX, counted back from the row at hand", high_only,
   age_parameters, age_output, make_age<std::greater_equal<double>>},
  {"since_lowest", "rows since the lowest of the last, the newest of equals",
   "TA-Lib MININDEX, counted back from the row at hand", low_only,
   age_parameters, age_output, make_age<std::less_equal<double>>},
};

} // namespace

std::span<const feature_entry> extreme_ages() {
  return entries;
}

} // namespace qalpha
