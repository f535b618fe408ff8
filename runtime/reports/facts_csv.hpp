// What happened in a backtest, as rows.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/backtest/backtest.hpp"

#include <cstdint>
#include <filesystem>

namespace qalpha {

/// Writes orders, what the venue said about them, fills and funding payments in
/// time order, one row each below a header:
///
///   time_ns,time,symbol,event,order_id,side,kind,price,quantity,limit,fee,
///   maker,decision,reason
///
/// `event` is order, fill, funding, or the venue's answer (accepted, rejected,
/// cancelled, ...). `limit` is the worst acceptable price of the order, `fee`
/// what the account paid (negative: received), funding included, `decision` the
/// number within the symbol. Fields that do not apply are empty. Text is quoted
/// as in RFC 4180 where it needs to be; lines end with a line feed.
///
/// @returns the number of rows without the header, or a fault naming the file,
///          also if the disk is full; what is left of the file is incomplete
///          then.
fallible<uint64_t> write_facts_csv(const std::filesystem::path& file,
                                   const universe& instruments,
                                   const backtest_facts& facts);

} // namespace qalpha
