#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/to_checkpoint.hpp"

#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/neural/weights.hpp"

namespace qalpha {

checkpoint to_checkpoint(const decision_transformer& model,
                         const policy_figures& figures, manifest about) {
  about.architecture = policy_architecture;
  put(model.settings(), about);
  put(figures, about);
  return {std::move(about), to_tensors(model)};
}

} // namespace qalpha
