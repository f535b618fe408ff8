#include "runtime/reports/figure_text.hpp"
#include "runtime/study/study_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

/// A table with a line a row.
class table {
public:
  explicit table(const std::vector<std::string>& columns) {
    add(columns);
    text_ += "|";
    for (size_t i = 0; i < columns.size(); ++i)
      text_ += i == 0 ? "---|" : "--:|";
    text_ += "\n";
  }

  void add(const std::vector<std::string>& cells) {
    text_ += "|";
    for (const auto& cell : cells)
      text_ += " " + cell + " |";
    text_ += "\n";
  }

  std::string take() {
    return std::move(text_) + "\n";
  }

private:
  std::string text_;
};

/// Reasons are too long for a cell.
template <class Text>
std::string cell(const figure& x, Text&& text) {
  return x ? text(*x) : "–";
}

std::string percent_cell(const figure& x) {
  return cell(x, [](double share) { return percent_text(share); });
}

std::string number_cell(const figure& x, int decimals = 2) {
  return cell(x, [=](double value) { return number_text(value, decimals); });
}

std::string estimate_cell(const estimate& x, double unit, int decimals) {
  if (!x.value || !x.error)
    return "–";
  return number_text(*x.value * unit, decimals) + " ± "
         + number_text(*x.error * unit, decimals);
}

std::string day(utc_time time) {
  return format_utc(time).substr(0, 10);
}

std::string introduction(const study_result& study) {
  std::string series;
  for (const auto& name : study.series)
    series += (series.empty() ? "" : ", ") + name;
  auto& first = study.folds.front().times;
  auto& last = study.folds.back().times;
  auto text = fmt::format(
    "# Walk-forward study of {}\n\nModel: {}.\n\nEach of the {} models learned "
    "from what was known before its test and was asked about every bar of it; "
    "all tests together run from {} to {}. Strategies trade all tests without "
    "a break, a decision at the close of a bar is filled at the next open at "
    "the earliest. Sharpe ratios are of daily returns with 365 days a year; "
    "± is one standard error that respects overlapping horizons. Nothing below "
    "was tuned on the tests and nothing was left out.\n\n",
    series, study.model, study.folds.size(), day(first.test_from),
    day(last.test_until));
  return text;
}

std::string data_text(const study_result& study) {
  if (study.data.empty())
    return {};
  table rows{{"data", "bars", "from", "to", "missing bars", "SHA-256"}};
  for (const auto& one : study.data)
    rows.add({one.symbol + ", " + one.file, count_text(one.bars), day(one.from),
              day(one.to), count_text(one.missing_bars),
              one.sha256.substr(0, 16)});
  return "## Data\n\n" + rows.take();
}

std::string assumptions_text(const study_result& study) {
  std::string text = "## Assumptions\n\n";
  // What the report of one run says about itself is said above for all.
  constexpr std::array<std::string_view, 4> of_one_run{"strategy", "config",
                                                       "data ", "trials"};
  for (const auto& one : study.runs.front().report.assumptions)
    if (std::ranges::none_of(
          of_one_run, [&](auto key) { return one.key.starts_with(key); }))
      text += "- " + one.key + ": " + one.value + "\n";
  return text + "\n";
}

std::string skill_text(const study_result& study) {
  table rows{{"series, bars ahead", "forecasts", "pinball loss saved, %",
              "correlation of the median", "right sign", "q-risk of the median",
              "naive"}};
  for (const auto& one : study.skills) {
    auto name = one.series + ", " + std::to_string(one.ahead);
    if (!one.figures) {
      rows.add(
        {name + ": " + one.figures.error().text, "–", "–", "–", "–", "–", "–"});
      continue;
    }
    auto& skill = *one.figures;
    const auto& middle = skill.levels[skill.levels.size() / 2];
    rows.add({name, count_text(skill.count), estimate_cell(skill.skill, 100, 2),
              estimate_cell(skill.correlation, 1, 4), percent_cell(skill.hits),
              number_cell(middle.risk, 4), number_cell(middle.naive_risk, 4)});
  }
  return "## Forecasts against a naive one\n\nThe naive forecast says the "
         "quantiles of the returns in the training, and zero for the "
         "median. Saved loss mostly comes from knowing how wide the next "
         "returns are; only the median says where they go.\n\n"
         + rows.take();
}

std::string coverage_text(const study_result& study) {
  std::vector<std::string> head{"share of outcomes up to the quantile, %"};
  for (const auto& one : study.skills)
    if (one.figures) {
      for (const auto& level : one.figures->levels)
        head.push_back(number_text(level.level * 100, 0));
      break;
    }
  if (head.size() == 1)
    return {};
  table rows{head};
  for (const auto& one : study.skills) {
    if (!one.figures)
      continue;
    std::vector<std::string> cells{one.series + ", "
                                   + std::to_string(one.ahead)};
    for (const auto& level : one.figures->levels)
      cells.push_back(estimate_cell(level.coverage, 100, 1));
    rows.add(cells);
  }
  return "## Coverage\n\n" + rows.take();
}

std::string results_text(const study_result& study) {
  table rows{{"strategy", "total", "monthly", "volatility", "Sharpe",
              "P(Sharpe > 0)", "deflated", "drawdown", "trades", "win rate",
              "profit factor", "turnover a year", "in the market", "fees"}};
  for (const auto& run : study.runs) {
    auto& figures = run.report.figures;
    rows.add({(run.learns ? "**" + run.name + "**" : run.name),
              percent_cell(figures.daily.total), percent_cell(run.monthly),
              percent_cell(figures.daily.volatility),
              number_cell(figures.daily.sharpe), number_cell(run.certainty, 3),
              number_cell(run.deflated, 3), percent_cell(figures.max_drawdown),
              count_text(figures.trades.count),
              percent_cell(figures.trades.win_rate),
              number_cell(figures.trades.profit_factor),
              number_cell(figures.turnover, 1), percent_cell(figures.exposure),
              money_text(run.report.fees)});
  }
  return "## Results, net of fees, slippage and funding\n\nStrategies in bold "
         "trade the model's forecasts.\n\n"
         + rows.take();
}

std::string luck_text(const study_result& study) {
  auto text = fmt::format(
    "## Luck\n\n- Independent trials that were chosen from: {}, {} of them "
    "from earlier studies; the best of as many worthless ones would show a "
    "Sharpe ratio of {} a year. A deflated value above {} is significant.\n",
    study.trials.count, study.earlier_trials,
    number_text(expected_best_sharpe(study.trials) * std::sqrt(days_per_year)),
    significance);
  text += "- Probability that the best in sample is below the median out of "
          "sample (overfitting): "
          + (study.chosen ? percent_text(study.chosen->probability)
                          : study.chosen.error().text)
          + ".\n- Probability of so good a best strategy, compared with buying "
            "and holding, if none were better: "
          + (study.superior
               ? number_text(study.superior->studentised.consistent, 3)
               : study.superior.error().text)
          + ".\n";
  for (const auto& run : study.runs)
    if (run.learns)
      text += "- " + run.name + ": days of such returns until its Sharpe ratio "
              + "is above zero with 95 %: "
              + text_or_reason(run.days_needed,
                               [](double x) { return number_text(x, 0); })
              + "; there are " + count_text(run.daily.size()) + ".\n";
  return text + "\n";
}

std::string verdict(const figure& x, double low, double high) {
  if (!x)
    return "no figure";
  return *x >= low && *x <= high ? "reached" : *x > high ? "above" : "missed";
}

std::string targets_text(const study_result& study,
                         const design_targets& targets) {
  table rows{{"strategy", "monthly, target 12–25 %", "Sharpe, target 3.5–5",
              "drawdown, target below 8 %", "win rate, target 58–65 %"}};
  for (const auto& run : study.runs) {
    auto& figures = run.report.figures;
    auto depth = figures.max_drawdown;
    auto shallow = depth ? figure{-*depth} : depth;
    rows.add(
      {run.name,
       percent_cell(run.monthly) + ", "
         + verdict(run.monthly, targets.monthly_low, targets.monthly_high),
       number_cell(figures.daily.sharpe) + ", "
         + verdict(figures.daily.sharpe, targets.sharpe_low,
                   targets.sharpe_high),
       percent_cell(shallow) + ", "
         + (shallow && *shallow < targets.most_drawdown ? "reached" : "missed"),
       percent_cell(figures.trades.win_rate) + ", "
         + verdict(figures.trades.win_rate, targets.win_rate_low,
                   targets.win_rate_high)});
  }
  return "## Beside the targets of the design\n\n" + rows.take();
}

std::string folds_text(const study_result& study) {
  table rows{{"fold", "training", "its bars", "test", "its bars", "forecasts"}};
  for (size_t i = 0; i < study.folds.size(); ++i) {
    auto& fold = study.folds[i];
    rows.add({std::to_string(i + 1),
              day(fold.times.train_from) + " to " + day(fold.times.train_until),
              count_text(fold.training_bars),
              day(fold.times.test_from) + " to " + day(fold.times.test_until),
              count_text(fold.test_bars), count_text(fold.forecasts)});
  }
  return "## Folds\n\n" + rows.take();
}

} // namespace

std::string study_markdown(const study_result& study,
                           const design_targets& targets) {
  return introduction(study) + results_text(study)
         + targets_text(study, targets) + luck_text(study) + skill_text(study)
         + coverage_text(study) + folds_text(study) + data_text(study)
         + assumptions_text(study);
}

} // namespace qalpha
