#include "runtime/data/history_check_text.hpp"

#include "runtime/config/units.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

namespace qalpha {

namespace {

std::string_view verdict(const history_report& report, bool strict) {
  if (!report.passes(strict))
    return "FAILED";
  return report.passes(true) ? "ok" : "ok, with warnings";
}

std::string extent(const history_report& report) {
  if (report.rows == 0)
    return "no bars";
  return fmt::format("{} bars of {}, {} to {}", report.rows,
                     format_timespan(report.interval), format_utc(report.first),
                     format_utc(report.last));
}

std::string finding_json(history_problem what, const history_finding& found) {
  std::string examples;
  for (const auto& example : found.examples)
    examples += (examples.empty() ? "" : ", ") + json_text(example);
  return fmt::format(
    R"("{}": {{"count": {}, "failure": {}, "examples": [{}]}})",
    to_string(what), found.count, is_failure(what), examples);
}

} // namespace

std::string report_text(const history_report& report, bool strict) {
  auto text = fmt::format("{}: {}  {}\n", report.file, verdict(report, strict),
                          extent(report));
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const auto& found = report.findings[i];
    auto what = static_cast<history_problem>(i);
    if (found.count == 0)
      continue;
    auto name = fmt::format(
      "{} {}", is_failure(what) || strict ? "FAIL" : "warn", to_string(what));
    for (size_t k = 0; k < found.examples.size(); ++k)
      text += k == 0
                ? fmt::format("  {:<18}{:>8}  {}\n", name, found.count,
                              found.examples[k])
                : fmt::format("  {:<18}{:>8}  {}\n", "", "", found.examples[k]);
    if (found.examples.empty())
      text += fmt::format("  {:<18}{:>8}\n", name, found.count);
    else if (found.count > found.examples.size())
      text += fmt::format("  {:<18}{:>8}  ... and {} more\n", "", "",
                          found.count - found.examples.size());
  }
  return text;
}

std::string report_json(const history_report& report, bool strict) {
  std::string findings;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    auto what = static_cast<history_problem>(i);
    findings += (i == 0 ? "" : ", ") + finding_json(what, report[what]);
  }
  auto stamp = [&](utc_time time) {
    return report.rows == 0 ? std::string{"null"}
                            : std::to_string(time.ns / 1'000'000);
  };
  return fmt::format(
    R"({{"file": {}, "ok": {}, "sha256": {}, "rows": {}, "interval": {}, )"
    R"("first_ms": {}, "last_ms": {}, "missing_bars": {}, )"
    R"("findings": {{{}}}}})",
    json_text(report.file), report.passes(strict), json_text(report.sha256),
    report.rows, json_text(format_timespan(report.interval)),
    stamp(report.first), stamp(report.last), report.missing_bars, findings);
}

} // namespace qalpha
