#define CAF_SUITE execution.order_transition

#include "models/execution/order.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <optional>
#include <set>

using namespace qalpha;

namespace {

using s = order_status;
using e = order_event;

constexpr std::nullopt_t never = std::nullopt;

struct row {
  s from;
  e event;
  std::optional<s> next;
};

// Written by hand from the life of an order, not from the code.
const std::array expectations{
  // Not yet known to be at the venue.
  row{s::intent, e::accepted, s::live},
  row{s::intent, e::rejected, s::rejected},
  row{s::intent, e::partly_filled, s::live},
  row{s::intent, e::completed, s::filled},
  row{s::intent, e::cancelled, s::cancelled},
  row{s::intent, e::lost, s::unknown},
  row{s::intent, e::absent, s::rejected},
  // At the venue.
  row{s::live, e::accepted, s::live},
  row{s::live, e::rejected, s::rejected},
  row{s::live, e::partly_filled, s::live},
  row{s::live, e::completed, s::filled},
  row{s::live, e::cancelled, s::cancelled},
  row{s::live, e::lost, s::unknown},
  row{s::live, e::absent, never},
  // Left by evidence only.
  row{s::unknown, e::accepted, s::live},
  row{s::unknown, e::rejected, s::rejected},
  row{s::unknown, e::partly_filled, s::live},
  row{s::unknown, e::completed, s::filled},
  row{s::unknown, e::cancelled, s::cancelled},
  row{s::unknown, e::lost, s::unknown},
  row{s::unknown, e::absent, s::rejected},
  // Final, and the venue repeats itself.
  row{s::filled, e::accepted, s::filled},
  row{s::filled, e::rejected, never},
  row{s::filled, e::partly_filled, never},
  row{s::filled, e::completed, never},
  row{s::filled, e::cancelled, s::filled},
  row{s::filled, e::lost, s::filled},
  row{s::filled, e::absent, never},
  // Final, but a fill that is told late is a fill.
  row{s::cancelled, e::accepted, s::cancelled},
  row{s::cancelled, e::rejected, never},
  row{s::cancelled, e::partly_filled, s::cancelled},
  row{s::cancelled, e::completed, s::filled},
  row{s::cancelled, e::cancelled, s::cancelled},
  row{s::cancelled, e::lost, s::cancelled},
  row{s::cancelled, e::absent, never},
  // Final.
  row{s::rejected, e::accepted, s::rejected},
  row{s::rejected, e::rejected, never},
  row{s::rejected, e::partly_filled, never},
  row{s::rejected, e::completed, never},
  row{s::rejected, e::cancelled, never},
  row{s::rejected, e::lost, s::rejected},
  row{s::rejected, e::absent, never},
};

} // namespace

CAF_TEST(every_pair_of_status_and_event_goes_where_the_table_says) {
  std::set<std::pair<s, e>> covered;
  for (auto& x : expectations) {
    covered.emplace(x.from, x.event);
    if (transition(x.from, x.event) != x.next)
      CAF_ERROR("from " << std::string{to_string(x.from)} << " by event "
                        << static_cast<int>(x.event));
  }
  CAF_CHECK_EQUAL(covered.size(), 6u * 7u);
}

CAF_TEST(no_event_opens_an_order_again) {
  for (auto& x : expectations)
    if (!is_open(x.from) && x.next)
      CAF_CHECK(!is_open(*x.next));
}

CAF_TEST(a_loss_never_ends_an_order) {
  for (auto from : {s::intent, s::live, s::unknown})
    CAF_CHECK(is_open(*transition(from, e::lost)));
}
