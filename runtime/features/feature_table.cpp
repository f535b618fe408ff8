#include "runtime/features/feature_table.hpp"

#include "models/features/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

// Bounds the memory of a table that is longer than it.
constexpr size_t rows_at_once = 65'536;

} // namespace

plan_sources::plan_sources(const feature_plan& plan,
                           const market_table& table) {
  for (auto source : plan.sources)
    if (table.columns[source].empty())
      missing_.emplace_back(market_columns[source].name);
  if (!missing_.empty())
    undefined_.assign(table.rows(), undefined);
  for (auto source : plan.sources) {
    auto& column = table.columns[source];
    pointers_.push_back(column.empty() ? undefined_.data() : column.data());
  }
}

void write_feature_table(std::ostream& out, const feature_plan& plan,
                         const market_table& table) {
  plan_sources sources{plan, table};
  std::vector<const double*> in{sources.data(),
                                sources.data() + plan.sources.size()};
  std::vector<std::vector<double>> columns(plan.columns.size(),
                                           std::vector<double>(rows_at_once));
  std::vector<double*> to;
  for (auto& column : columns)
    to.push_back(column.data());
  feature_pipeline pipeline{plan};
  fmt::memory_buffer text;
  auto end = std::back_inserter(text);
  fmt::format_to(end, "timestamp");
  for (const auto& column : plan.columns)
    fmt::format_to(end, ",{}", column.name);
  fmt::format_to(end, "\n");
  for (size_t done = 0; done < table.rows() && out;) {
    auto count = std::min(rows_at_once, table.rows() - done);
    pipeline.update(in.data(), to.data(), count);
    for (size_t row = 0; row < count; ++row) {
      fmt::format_to(end, "{}", table.times[done + row].ns / 1'000'000);
      for (const auto& column : columns)
        if (std::isnan(column[row]))
          fmt::format_to(end, ",");
        else
          fmt::format_to(end, ",{}", column[row]);
      fmt::format_to(end, "\n");
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
    for (auto& pointer : in)
      pointer += count;
    done += count;
  }
}

} // namespace qalpha
