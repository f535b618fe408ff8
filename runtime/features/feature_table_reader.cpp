#include "runtime/features/feature_table.hpp"

#include "models/features/feature.hpp"
#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/bar_history_number.hpp"
#include "runtime/storage/csv_field.hpp"
#include "runtime/storage/stamp_reader.hpp"

#include <charconv>

namespace qalpha {

namespace {

/// Reads one file; each member does one step and leaves the reason of a failure
/// in `reason_`.
class feature_table_reader {
public:
  feature_table_reader(const std::string& path, const feature_plan& plan)
    : path_(path), plan_(plan), input_(path) {
    table_.columns.resize(plan.columns.size());
  }

  fallible<feature_table> run() {
    auto line = input_.next();
    if (!line || !check_header(*line))
      return fault{path_ + ": " + why()};
    while ((line = input_.next()))
      if (!line->empty() && !read_row(*line))
        return fault{path_ + ": " + why()};
    if (input_.error())
      return fault{path_ + ": " + *input_.error()};
    return std::move(table_);
  }

private:
  bool fail(const std::string& reason) {
    reason_ = "row " + std::to_string(input_.line()) + ", " + reason;
    return false;
  }

  std::string why() const {
    if (!reason_.empty())
      return reason_;
    return input_.error().value_or("expected a header, found an empty file");
  }

  bool check_header(std::string_view line) {
    std::string expected = "timestamp";
    for (const auto& column : plan_.columns)
      expected += "," + column.name;
    if (line == expected)
      return true;
    return fail("expected the columns " + expected + ", found "
                + quoted_field(line));
  }

  bool read_row(std::string_view line) {
    auto rest = line;
    auto time = times_.read(rest);
    if (!time)
      return fail("column timestamp: expected " + times_.expected());
    if (!table_.times.empty() && *time <= table_.times.back())
      return fail("column timestamp: expected a time after the row before");
    table_.times.push_back(*time);
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      if (rest.empty())
        return fail("expected " + std::to_string(plan_.columns.size() + 1)
                    + " columns, found " + std::to_string(i + 1));
      rest.remove_prefix(1);
      if (!read_value(i, rest.substr(0, rest.find(','))))
        return false;
      rest.remove_prefix(std::min(rest.find(','), rest.size()));
    }
    return true;
  }

  bool read_value(size_t column, std::string_view field) {
    auto value = undefined;
    auto end = field.data() + field.size();
    auto [at, code] = std::from_chars(field.data(), end, value);
    if (!field.empty() && (code != std::errc{} || at != end))
      return fail("column " + plan_.columns[column].name
                  + ": expected a number or nothing, found "
                  + quoted_field(field));
    table_.columns[column].push_back(value);
    return true;
  }

  const std::string& path_;
  const feature_plan& plan_;
  line_input input_;
  stamp_reader times_;
  feature_table table_;
  std::string reason_;
};

} // namespace

fallible<feature_table> read_feature_table(const std::string& path,
                                           const feature_plan& plan) {
  return feature_table_reader{path, plan}.run();
}

} // namespace qalpha
