#include "runtime/cli/data_verbs.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/history_fetch.hpp"
#include "runtime/data/progress_line.hpp"
#include "runtime/data/wall_clock.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <utility>

#include <unistd.h>

namespace qalpha {

namespace {

struct fetch_options {
  std::vector<std::string> symbols;
  std::string interval = "1h";
  std::string from;
  std::string to;
  std::string market = "usdm";
  std::string kind = "trades";
  std::string directory = "data";
  std::string archive_url = "https://data.binance.vision";
  std::string rest_url;
  bool no_rest = false;
  bool drop_bad = false;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

archive_kind kind_of(const std::string& name) {
  if (name == "mark")
    return archive_kind::mark_price;
  return name == "index" ? archive_kind::index_price : archive_kind::trades;
}

/// @returns one job a symbol, or a fault naming the option.
fallible<std::vector<fetch_job>> jobs_of(const fetch_options& options,
                                         utc_time now) {
  auto length = archive_interval(options.interval);
  if (!length)
    return fault{"--interval: expected 1s, 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, "
                 "6h, 8h, 12h, 1d, 3d or 1w, found "
                 + quoted_text(options.interval)};
  auto market = options.market == "spot" ? archive_market::spot
                                         : archive_market::usdm;
  auto kind = kind_of(options.kind);
  if (market == archive_market::spot && kind != archive_kind::trades)
    return fault{"--kind: expected trades for spot, which has no mark price"};
  fetch_job job{{market, kind, {}, options.interval, *length},
                std::nullopt,
                now,
                options.directory,
                options.drop_bad};
  if (!options.from.empty()) {
    auto from = parse_calendar(options.from);
    if (!from)
      return fault{"--from: " + from.error().text};
    job.from = from->begin;
  }
  if (!options.to.empty()) {
    auto to = parse_calendar(options.to);
    if (!to)
      return fault{"--to: " + to.error().text};
    job.to = to->end;
  }
  std::vector<fetch_job> result;
  for (const auto& text : options.symbols) {
    auto symbol = archive_symbol(text);
    if (!symbol)
      return symbol.error();
    job.series.symbol = *symbol;
    result.push_back(job);
  }
  return result;
}

exit_code exit_of(fetch_failure::kind what) {
  switch (what) {
    case fetch_failure::kind::not_found:
      return exit_code::not_found;
    case fetch_failure::kind::data:
      return exit_code::gate_failed;
    case fetch_failure::kind::failed:
      break;
  }
  return exit_code::failure;
}

std::string missing_text(const fetch_result& result) {
  std::string text;
  for (const auto& span : result.missing)
    text += fmt::format("{}{} to {}", text.empty() ? "" : ", ",
                        format_utc(span.begin), format_utc(span.end));
  return text;
}

std::string json_of(const fetch_result& x) {
  return fmt::format(
    R"({{"file": {}, "rows": {}, "first_ms": {}, "last_ms": {}, )"
    R"("gaps": {}, "missing_bars": {}, "replaced": {}, "bad_rows": {}, )"
    R"("unfinished": {}, "fetched_files": {}, "cached_files": {}, )"
    R"("rest_bars": {}, "missing": {}}})",
    json_text(x.file), x.history.rows.size(),
    x.history.rows.front().row.open_time.ns / 1'000'000,
    x.history.rows.back().row.open_time.ns / 1'000'000, x.history.gaps,
    x.history.missing_bars, x.history.replaced, x.history.bad_rows,
    x.history.unfinished, x.fetched_files, x.cached_files, x.rest_bars,
    json_text(missing_text(x)));
}

std::string text_of(const fetch_result& x) {
  auto text = fmt::format("{}: {}\n  files fetched {}, here before {}, bars "
                          "from REST {}\n",
                          x.file, to_string(x.history), x.fetched_files,
                          x.cached_files, x.rest_bars);
  if (!x.missing.empty())
    text += "  not in the archive: " + missing_text(x) + "\n";
  return text;
}

exit_code
run_jobs(const fetch_options& options, const std::vector<fetch_job>& jobs,
         const web_access& archive, const web_access* rest, utc_time now) {
  auto exit = exit_code::ok;
  std::string list;
  for (const auto& job : jobs) {
    fetch_outcome outcome;
    {
      progress_line progress{std::cerr, isatty(STDERR_FILENO) != 0};
      outcome = fetch_history(job, archive, rest, now, progress);
    }
    if (auto* why = std::get_if<fetch_failure>(&outcome))
      return fail(why->text, exit_of(why->what));
    auto& result = std::get<fetch_result>(outcome);
    if (!result.missing.empty())
      exit = exit_code::partial;
    if (options.json)
      list += (list.empty() ? "" : ", ") + json_of(result);
    else
      std::cout << text_of(result) << std::flush;
  }
  if (options.json)
    std::cout << "{\"ok\": " << (exit == exit_code::ok ? "true" : "false")
              << ", \"histories\": [" << list << "]}\n";
  return exit;
}

exit_code fetch(fetch_options options) {
  auto now = wall_clock_now();
  auto jobs = jobs_of(options, now);
  if (!jobs)
    return fail(jobs.error().text, exit_code::usage);
  if (options.rest_url.empty())
    options.rest_url = options.market == "spot" ? "https://api.binance.com"
                                                : "https://fapi.binance.com";
  auto archive = open_web(options.archive_url);
  if (!archive)
    return fail("--archive-url: " + archive.error().text, exit_code::usage);
  auto rest = open_web(options.rest_url);
  if (!rest)
    return fail("--rest-url: " + rest.error().text, exit_code::usage);
  return run_jobs(options, *jobs, *archive, options.no_rest ? nullptr : &*rest,
                  now);
}

} // namespace

void add_data_fetch(verb& data) {
  auto options = std::make_shared<fetch_options>();
  auto spec = data.add(
    "fetch", "Gets bars from Binance's public archive, the newest from REST");
  spec.texts("SYMBOL", options->symbols, "For example BTCUSDT").required();
  spec.text("--interval", options->interval, "Length of the bars (default 1h)");
  spec.text("--from", options->from,
            "First month or day, 2024-01 or 2024-01-15 (default: go on where "
            "the history ends)");
  spec.text("--to", options->to, "Last month or day (default: now)");
  spec.text("--market", options->market, "usdm (default) or spot")
    .one_of({"usdm", "spot"});
  spec.text("--kind", options->kind, "trades (default), mark or index")
    .one_of({"trades", "mark", "index"});
  spec.text("--dir", options->directory, "Where histories are (default data)");
  spec.flag("--no-rest", options->no_rest, "Only the archive");
  spec.flag("--drop-bad", options->drop_bad, "Leave out rows that are no bars");
  spec.text("--archive-url", options->archive_url,
            "Another server with the same layout");
  spec.text("--rest-url", options->rest_url, "Another REST server");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer(
    "Checksums are verified; an interrupted download goes on where it stopped, "
    "and\nwhat is here is not fetched again. Ends with 8 if data are not what "
    "the archive\nsays they are, 9 if --no-rest leaves something out.\n"
    "Example: qalpha data fetch BTCUSDT ETHUSDT --interval 1h --from 2024-01");
  spec.action([options] { return fetch(*options); });
}

} // namespace qalpha
