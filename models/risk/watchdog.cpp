#include "models/risk/watchdog.hpp"

#include <utility>

namespace qalpha {

namespace {

std::string seconds(timespan x) {
  auto tenths = x.count() / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

watchdog::watchdog(size_t symbols, timespan stale_after, timespan stalled_after)
  : feeds_(symbols, feed_status::starting), stale_after_(stale_after),
    stalled_after_(stalled_after) {
  // nop
}

void watchdog::step(const feed_health& fact, effects& out) {
  auto& known = feeds_.at(fact.symbol.index);
  auto before = known;
  known = fact.status;
  if (before == fact.status || fact.status == feed_status::starting)
    return;
  alert note{.time = fact.time, .symbol = fact.symbol.index};
  if (fact.status == feed_status::live) {
    if (before == feed_status::starting)
      return;
    note.level = severity::cleared;
    note.code = "feed_live";
    note.text = "feed live again after " + std::string{to_string(before)}
                + "; new orders allowed";
  } else {
    note.code = "feed_" + std::string{to_string(fact.status)};
    note.text = "feed " + std::string{to_string(fact.status)};
    if (fact.status == feed_status::stale)
      note.text += ": silent for " + seconds(fact.age) + ", limit "
                   + seconds(stale_after_);
    note.text += "; new risk blocked, resting orders cancelled, other symbols "
                 "go on";
  }
  out.tell(note);
}

void watchdog::step(const order_settled& fact, effects& out) {
  alert note{.time = fact.time, .symbol = fact.id.symbol.index};
  if (fact.status == order_status::unknown) {
    if (!unknown_.insert(fact.id).second)
      return;
    note.level = severity::page;
    note.code = "order_unknown";
    note.text = "fate of order " + to_string(fact.id)
                + " unknown; counted at full size, the venue is being asked";
  } else {
    if (unknown_.erase(fact.id) == 0)
      return;
    note.level = severity::cleared;
    note.code = "order_known";
    note.text = "order " + to_string(fact.id)
                + " found: " + std::string{to_string(fact.status)};
  }
  out.tell(note);
}

void watchdog::step(const child_restarted& fact, utc_time now, effects& out) {
  out.tell(alert{.time = now,
                 .level = severity::warning,
                 .code = "actor_restarted",
                 .text = fact.child + " crashed (" + fact.reason + "), restart "
                         + std::to_string(fact.restarts)});
}

void watchdog::step(const model_health& fact, effects& out) {
  auto& known = problems_[static_cast<size_t>(fact.role)];
  std::set<model_problem> now;
  for (auto& finding : judge(fact)) {
    now.insert(finding.problem);
    if (!known.contains(finding.problem))
      out.tell(
        alert{.time = fact.time,
              .level = severity::warning,
              .code = "model_" + std::string{to_string(finding.problem)},
              .text = std::string{to_string(fact.role)} + " " + finding.text});
  }
  if (now.empty() && !known.empty())
    out.tell(alert{.time = fact.time,
                   .level = severity::cleared,
                   .code = "model_well",
                   .text = std::string{to_string(fact.role)} + " " + fact.id
                           + " is well again"});
  known = std::move(now);
}

void watchdog::step(const model_late& fact, effects& out) {
  auto who = std::string{to_string(fact.who)};
  auto begins = fact.in_a_row > 0;
  alert note{.time = fact.time,
             .level = begins ? severity::warning : severity::cleared,
             .code = begins ? "model_late" : "model_in_time",
             .text = {}};
  if (begins) {
    note.symbol = fact.symbol.index;
    note.text = who + " had no answer in time for "
                + std::to_string(fact.in_a_row)
                + " bars in a row; late answers are dropped";
  } else {
    note.text = who + " answers in time again, " + std::to_string(fact.total)
                + " answers were late so far";
  }
  out.tell(note);
}

void watchdog::step(const models_disagree& fact, effects& out) {
  auto begins = fact.in_a_row > 0;
  auto hundredths = static_cast<int>(fact.average * 100);
  out.tell(alert{.time = fact.time,
                 .level = begins ? severity::warning : severity::cleared,
                 .code = begins ? "models_disagree" : "models_agree",
                 .symbol = fact.symbol.index,
                 .text = begins
                           ? "forecast and policy disagree by "
                               + std::to_string(hundredths) + " %, limit 30 %"
                           : "forecast and policy agree again"});
}

void watchdog::pulse_done(utc_time pulse_time, effects& out) {
  if (!stalled_)
    return;
  stalled_ = false;
  out.tell(alert{.time = pulse_time,
                 .level = severity::cleared,
                 .code = "pipeline_flows",
                 .text = "a pulse went through the whole pipeline again"});
}

void watchdog::step(timespan idle, utc_time now, effects& out) {
  if (stalled_ || idle < stalled_after_)
    return;
  stalled_ = true;
  out.tell(alert{.time = now,
                 .level = severity::page,
                 .code = "pipeline_stalled",
                 .text = "no pulse through the pipeline for " + seconds(idle)
                         + ", limit " + seconds(stalled_after_)});
}

} // namespace qalpha
