#include "models/neural/torch.hpp"

#include "models/neural/cvae/views.hpp"

namespace qalpha {

torch::Tensor make_views(const torch::Tensor& rows, const torch::Tensor& wanted,
                         const torch::Tensor& first,
                         const view_settings& settings,
                         at::Generator generator) {
  auto whole = wanted.options();
  auto real = rows.options();
  auto shift = torch::randint(0, settings.largest_shift + 1, wanted.sizes(),
                              generator, whole);
  auto result = rows.index_select(0, torch::maximum(wanted - shift, first));
  auto factor
    = 1
      + settings.stretch
          * (2 * torch::rand({wanted.size(0), 1}, generator, real) - 1);
  result = result * factor
           + settings.jitter * torch::randn(result.sizes(), generator, real);
  auto kept = torch::rand(result.sizes(), generator, real) >= settings.masked;
  return result * kept;
}

} // namespace qalpha
