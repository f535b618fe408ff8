#include "models/features/indicators/averaged_bands.hpp"

#include "models/features/block/rows.hpp"
#include "models/features/indicators/statistics.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

std::unique_ptr<feature> make_deviation(size_t period) {
  auto entries = statistics();
  auto entry = std::find_if(entries.begin(), entries.end(),
                            [](const auto& x) { return x.name == "stddev"; });
  std::array values{static_cast<double>(period), 1.0};
  return std::move(entry->make(values)->object);
}

class averaged_bands final : public feature {
public:
  averaged_bands(chosen_average middle, size_t period, double above,
                 double below)
    : middle_(std::move(middle)), deviation_(make_deviation(period)),
      above_(above), below_(below) {
    // nop
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    for_blocks(rows, [&](size_t first, size_t count) {
      step(inputs[0] + first, outputs[0] + first, outputs[1] + first,
           outputs[2] + first, count);
    });
  }

  void reset() override {
    middle_.reset();
    deviation_->reset();
  }

private:
  void step(const double* x, double* upper, double* middle, double* lower,
            size_t rows) {
    middle_.update(x, middle, rows);
    deviation_->update(&x, &upper, rows);
    for (size_t i = 0; i < rows; ++i) {
      auto deviation = upper[i];
      upper[i] = middle[i] + above_ * deviation;
      lower[i] = middle[i] - below_ * deviation;
    }
  }

  chosen_average middle_;
  std::unique_ptr<feature> deviation_;
  double above_;
  double below_;
};

} // namespace

fallible<made_feature> make_averaged_bands(const average_request& wanted,
                                           double above, double below) {
  auto period = wanted.period;
  auto middle = chosen_average::make(wanted);
  if (!middle)
    return middle.error();
  auto warm_up = std::max(middle->first(), period - 1);
  auto memory = std::max(middle->memory(), period);
  return made_feature{
    std::make_unique<averaged_bands>(std::move(*middle), period, above, below),
    warm_up, memory};
}

} // namespace qalpha
