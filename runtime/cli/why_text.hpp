// Decisions and what became of them, for people and for programs.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/storage/journal_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// @returns one decision:
///
///   2026-01-05 12:00:07 UTC  #12  target +0.012 at 64210.5  (wanted +25 % of
///   10 021.40 USDT)
///     reason   sma_cross fast 10 above slow 9
///     ordered  qa-0001-0000-00000003-00000007  buy 0.012 market  filled
///       fill   12:00:07  0.012 @ 64210.5  fee 0.08 maker
std::string why_text(const instrument& rules, const decision_story& story);

/// @returns one line of JSON with all of them; decimals are texts, as exact as
///          the journal.
std::string why_json(const instrument& rules,
                     const std::vector<decision_story>& stories);

/// @returns for example "partly filled".
std::string_view event_text(order_event x);

/// @returns gate, measured value and limit of a refusal, in units that a person
///          knows, for example "max_gross_leverage: 3.10x, limit 3.00x".
std::string refusal_text(const instrument& rules, risk_gate gate, int64_t value,
                         int64_t limit);

} // namespace qalpha
