// What is left of an account when a run ends.

#pragma once

#include "models/evaluation/equity_curve.hpp"
#include "models/risk/account_state.hpp"

namespace qalpha {

/// Reply: final account and its curve. RISK DESK → whoever asked.
struct account_report {
  account_state account;
  equity_curve curve{money{}};
};

} // namespace qalpha
