#include "models/neural/torch.hpp"

#include "models/neural/drop_out.hpp"

#include <cmath>
#include <limits>

namespace qalpha {

torch::Tensor drop_out(const torch::Tensor& x, double probability,
                       bool training) {
  if (!training || probability <= 0 || !x.device().is_cpu())
    return torch::dropout(x, probability, training);
  constexpr int64_t values_a_draw = 4;
  auto draws = (x.numel() + values_a_draw - 1) / values_a_draw;
  auto bits = torch::empty({draws}, torch::kLong);
  bits.random_(std::numeric_limits<int64_t>::lowest(),
               std::numeric_limits<int64_t>::max());
  auto sixteen = bits.view(torch::kShort).narrow(0, 0, x.numel());
  auto limit = std::lround(probability * 65'536) - 32'768;
  auto kept = sixteen.ge(limit).view(x.sizes());
  auto factor = 65'536.0 / static_cast<double>(32'768 - limit);
  return x * kept.to(x.scalar_type()).mul_(factor);
}

} // namespace qalpha
