#include "models/neural/torch.hpp"

#include "models/training/trainer_options.hpp"

#include <string>

namespace qalpha {

std::optional<fault> check(const trainer_options& options) {
  auto wrong = [](const std::string& what, const std::string& expected) {
    return fault{what + ": expected " + expected};
  };
  if (options.seed > largest_seed)
    return wrong("seed", "at most 2^53");
  if (options.epochs == 0 || options.epochs > 100'000)
    return wrong("epochs", "1 to 100000");
  if (options.batch == 0 || options.batch > 1'000'000)
    return wrong("batch", "1 to 1000000");
  if (!(options.learning_rate > 0 && options.learning_rate <= 1))
    return wrong("learning_rate", "a number above 0, at most 1");
  if (!(options.warm_up >= 0 && options.warm_up < 1))
    return wrong("warm_up", "0 to 1, without 1");
  if (!(options.weight_decay >= 0 && options.weight_decay <= 1))
    return wrong("weight_decay", "0 to 1");
  if (!(options.clip > 0 && options.clip <= 1e6))
    return wrong("clip", "a number above 0, at most 1e6");
  if (options.patience == 0)
    return wrong("patience", "at least 1");
  return std::nullopt;
}

} // namespace qalpha
