#include "runtime/reports/summary_json.hpp"
#include "runtime/study/study_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <string_view>

namespace qalpha {

namespace {

using json = rapidjson::Writer<rapidjson::StringBuffer>;

void text(json& out, const char* key, const std::string& value) {
  out.Key(key);
  out.String(value.c_str());
}

void count(json& out, const char* key, uint64_t value) {
  out.Key(key);
  out.Uint64(value);
}

void number(json& out, const char* key, const figure& value) {
  out.Key(key);
  if (value && std::isfinite(*value))
    out.Double(*value);
  else
    out.Null();
}

void write(json& out, const char* key, const estimate& x) {
  number(out, key, x.value);
  number(out, (std::string{key} + "_error").c_str(), x.error);
}

void write(json& out, const study_skill& skill) {
  out.StartObject();
  text(out, "series", skill.series);
  count(out, "ahead", skill.ahead);
  if (!skill.figures) {
    text(out, "reason", skill.figures.error().text);
    out.EndObject();
    return;
  }
  auto& figures = *skill.figures;
  count(out, "forecasts", figures.count);
  write(out, "skill", figures.skill);
  write(out, "correlation", figures.correlation);
  number(out, "hits", figures.hits);
  out.Key("levels");
  out.StartArray();
  for (const auto& one : figures.levels) {
    out.StartObject();
    number(out, "level", one.level);
    number(out, "loss", one.loss);
    number(out, "naive_loss", one.naive_loss);
    number(out, "risk", one.risk);
    number(out, "naive_risk", one.naive_risk);
    write(out, "coverage", one.coverage);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
}

void write(json& out, const study_run& run) {
  out.StartObject();
  text(out, "name", run.name);
  out.Key("learns");
  out.Bool(run.learns);
  number(out, "monthly", run.monthly);
  number(out, "sharpe", run.report.figures.daily.sharpe);
  number(out, "certainty", run.certainty);
  number(out, "deflated_sharpe", run.deflated);
  number(out, "days_needed", run.days_needed);
  out.Key("backtest");
  auto report = summary_json(run.report);
  out.RawValue(report.data(), report.size(), rapidjson::kObjectType);
  out.EndObject();
}

void write(json& out, const study_fold& fold) {
  out.StartObject();
  text(out, "train_from", format_iso(fold.times.train_from));
  text(out, "train_until", format_iso(fold.times.train_until));
  text(out, "test_from", format_iso(fold.times.test_from));
  text(out, "test_until", format_iso(fold.times.test_until));
  count(out, "training_bars", fold.training_bars);
  count(out, "test_bars", fold.test_bars);
  count(out, "forecasts", fold.forecasts);
  out.EndObject();
}

void write(json& out, const design_targets& targets) {
  out.Key("targets");
  out.StartObject();
  number(out, "monthly_low", targets.monthly_low);
  number(out, "monthly_high", targets.monthly_high);
  number(out, "sharpe_low", targets.sharpe_low);
  number(out, "sharpe_high", targets.sharpe_high);
  number(out, "most_drawdown", targets.most_drawdown);
  number(out, "win_rate_low", targets.win_rate_low);
  number(out, "win_rate_high", targets.win_rate_high);
  out.EndObject();
}

void write_luck(json& out, const study_result& study) {
  count(out, "trials", study.trials.count);
  count(out, "earlier_trials", study.earlier_trials);
  number(out, "expected_best_sharpe",
         expected_best_sharpe(study.trials) * std::sqrt(days_per_year));
  number(out, "overfitting_probability",
         study.chosen ? figure{study.chosen->probability}
                      : figure{study.chosen.error()});
  number(out, "superior_probability",
         study.superior ? figure{study.superior->studentised.consistent}
                        : figure{study.superior.error()});
}

template <class List>
void write_list(json& out, const char* key, const List& list) {
  out.Key(key);
  out.StartArray();
  for (const auto& one : list)
    write(out, one);
  out.EndArray();
}

} // namespace

std::string study_json(const study_result& study,
                       const design_targets& targets) {
  rapidjson::StringBuffer buffer;
  json out{buffer};
  out.StartObject();
  text(out, "model", study.model);
  write_luck(out, study);
  write_list(out, "skills", study.skills);
  write_list(out, "runs", study.runs);
  write_list(out, "folds", study.folds);
  write(out, targets);
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace qalpha
