#include "models/features/fracdiff/streaming.hpp"

#include "models/features/block/dot_product.hpp"
#include "models/features/fracdiff/weights.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace qalpha {

namespace {

// Each row is one sum over the whole window, never an update of the row before:
// an error does not grow, and rows do not depend on how they are cut.
class fracdiff_feature final : public feature {
public:
  explicit fracdiff_feature(const std::vector<double>& weights)
    : oldest_first_(weights.rbegin(), weights.rend()),
      logs_(2 * weights.size() + spare_rows) {
    // nop
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    auto window = oldest_first_.size();
    for (size_t row = 0; row < rows; ++row) {
      if (used_ == logs_.size())
        keep_the_last(window - 1);
      logs_[used_++] = std::log(inputs[0][row]);
      outputs[0][row] = used_ < window
                          ? undefined
                          : dot_product(oldest_first_.data(),
                                        &logs_[used_ - window], window);
    }
  }

  void reset() override {
    used_ = 0;
  }

private:
  // So that a short window is not moved every few rows.
  static constexpr size_t spare_rows = 1'024;

  void keep_the_last(size_t rows) {
    std::copy(logs_.end() - static_cast<ptrdiff_t>(rows), logs_.end(),
              logs_.begin());
    used_ = rows;
  }

  std::vector<double> oldest_first_;
  // Logarithms of the last rows, oldest first and without a seam.
  std::vector<double> logs_;
  size_t used_ = 0;
};

fallible<made_feature> make_fracdiff(std::span<const double> values) {
  auto weights = fracdiff_weights(values[0], values[1]);
  if (!weights)
    return weights.error();
  auto window = weights->size();
  return made_feature{std::make_unique<fracdiff_feature>(*weights), window - 1,
                      window};
}

constexpr std::string_view close_only[] = {"close"};

constexpr parameter fracdiff_parameters[] = {
  {"d", 0.4, 0, highest_fracdiff_order,
   "order of the difference: 0 the logarithm itself, 1 its plain difference",
   false},
  {"threshold", 1e-4, lowest_fracdiff_threshold, 0.1,
   "the window ends before the first weight smaller than this", false},
};

constexpr feature_output fracdiff_output[]
  = {{"difference", "of the natural logarithm of the input, no unit"}};

constexpr feature_entry entries[] = {
  {"fracdiff",
   "fractional difference of the logarithm of a price: stationary, yet with "
   "memory of the level",
   "López de Prado 2018, Advances in Financial Machine Learning, 5.5 "
   "(fixed-width window)",
   close_only, fracdiff_parameters, fracdiff_output, make_fracdiff},
};

} // namespace

std::span<const feature_entry> fractional_differences() {
  return entries;
}

} // namespace qalpha
