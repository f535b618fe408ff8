#include "runtime/cli/verb.hpp"

#include <array>

namespace qalpha {

std::span<const verb_adder> all_verbs() {
  static constexpr std::array<verb_adder, 16> list{
    add_run,    add_backtest, add_study,   add_check, add_features, add_train,
    add_models, add_data,     add_inspect, add_top,   add_why,      add_halt,
    add_resume, add_reduce,   add_flatten, add_kill,
  };
  return list;
}

} // namespace qalpha
