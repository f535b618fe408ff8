#include "messages/errors.hpp"

namespace qalpha {

std::string to_string(ec x) {
  switch (x) {
    case ec::crashed:
      return "crashed";
    case ec::restart_budget_exhausted:
      return "restart_budget_exhausted";
    case ec::refused:
      return "refused";
    case ec::not_running:
      return "not_running";
    case ec::invalid_message:
      return "invalid_message";
    case ec::killed:
      return "killed";
  }
  return "ec?";
}

} // namespace qalpha
