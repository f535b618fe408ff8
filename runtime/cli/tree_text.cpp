#include "runtime/cli/tree_text.hpp"

#include "runtime/telemetry/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace qalpha {

namespace {

// A guardian that halted tells a story; it stands above the table.
constexpr size_t longest_state = 48;
constexpr size_t longest_error = 60;

enum column : size_t {
  actor,
  state,
  mailbox,
  handled,
  rate,
  restarts,
  error,
  columns,
};

using row = std::array<std::string, columns>;

bool is_figure(size_t which) {
  return which >= mailbox && which <= restarts;
}

std::string state_of(const actor_view& x) {
  if (x.phase != "running")
    return x.phase;
  return x.answering ? x.status.state : "not answering";
}

std::string error_of(const actor_view& x) {
  return x.status.last_error.empty() ? x.last_error : x.status.last_error;
}

std::string rate_of(const actor_view& x) {
  return x.rate ? fmt::format("{:.1f}", *x.rate) : "-";
}

row row_of(const actor_view& x, const std::string& branch) {
  auto figure = [&](uint64_t value) {
    return x.answering ? std::to_string(value) : "-";
  };
  return {branch + x.name,
          shortened(state_of(x), longest_state),
          figure(x.status.mailbox),
          figure(x.status.handled),
          rate_of(x),
          std::to_string(x.restarts),
          shortened(error_of(x), longest_error)};
}

/// @param beam what stands left of the children's branches
void add_rows(const actor_view& x, const std::string& branch,
              const std::string& beam, std::vector<row>& into) {
  into.push_back(row_of(x, branch));
  for (auto& child : x.children) {
    auto last = &child == &x.children.back();
    add_rows(child, beam + (last ? "└─ " : "├─ "),
             beam + (last ? "   " : "│  "), into);
  }
}

bool has_rates(const actor_view& x) {
  return x.rate || std::any_of(x.children.begin(), x.children.end(), has_rates);
}

std::string table(const std::vector<row>& rows, bool with_rates) {
  std::array<size_t, columns> widths{};
  for (auto& each : rows)
    for (size_t i = 0; i < columns; ++i)
      widths[i] = std::max(widths[i], columns_of(each[i]));
  std::string result;
  for (auto& each : rows) {
    std::string line;
    for (size_t i = 0; i < columns; ++i) {
      if (i == rate && !with_rates)
        continue;
      std::string blanks(widths[i] - columns_of(each[i]), ' ');
      line += is_figure(i) ? blanks + each[i] : each[i] + blanks;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

std::string tree_text(const actor_view& top) {
  std::vector<row> rows{{"actor", "state", "mailbox", "handled", "msg/s",
                         "restarts", "last error"}};
  add_rows(top, "", "", rows);
  return table(rows, has_rates(top));
}

const actor_view* find_role(const actor_view& x, std::string_view role) {
  if (x.role == role)
    return &x;
  for (auto& child : x.children)
    if (auto* found = find_role(child, role))
      return found;
  return nullptr;
}

void add_entry(std::string& line, std::string_view name,
               const std::string& value) {
  if (!value.empty())
    line += fmt::format("{}{} {}", line.empty() ? "" : "  ", name, value);
}

std::string store_text(const store_view& x) {
  auto result = fmt::format("store {} {}, {} delivered", x.name, x.state,
                            x.delivered);
  if (x.pending_bytes > 0)
    result += fmt::format(", {} bytes waiting", x.pending_bytes);
  if (x.dropped > 0)
    result += fmt::format(", {} dropped", x.dropped);
  if (x.missing > 0)
    result += fmt::format(", {} lost by the server", x.missing);
  return result;
}

std::string head(const node_view& node) {
  std::string line;
  add_entry(line, "run", node.run);
  add_entry(line, "mode", node.mode);
  add_entry(line, "seed", std::to_string(node.seed));
  add_entry(line, "speed", node.speed);
  add_entry(line, "start", node.start);
  add_entry(line, "market time", node.event_time);
  line += "\nsymbols";
  for (auto& name : node.symbols)
    line += " " + name;
  auto* guardian = find_role(node.tree, "guardian");
  if (guardian != nullptr)
    line += "\ntrading " + state_of(*guardian);
  for (auto& store : node.stores)
    line += "\n" + store_text(store);
  return line + "\n\n";
}

} // namespace

std::string node_text(const node_view& node) {
  return head(node) + tree_text(node.tree);
}

std::string actor_text(const actor_view& x) {
  auto figure = [&](uint64_t value) {
    return x.answering ? std::to_string(value) : "-";
  };
  auto or_none = [](const std::string& text) {
    return text.empty() ? std::string{"none"} : text;
  };
  auto result = fmt::format(
    "{}\n"
    "  role           {}\n"
    "  phase          {}\n"
    "  state          {}\n"
    "  mailbox        {}\n"
    "  handled        {}\n"
    "  incidents      {}\n"
    "  last incident  {}\n"
    "  restarts       {}\n"
    "  last death     {}\n",
    x.name, x.role, x.phase, state_of(x), figure(x.status.mailbox),
    figure(x.status.handled), figure(x.status.incidents),
    or_none(x.status.last_error), x.restarts, or_none(x.last_error));
  if (!x.strategy.empty())
    result += fmt::format("  strategy       {}\n\n", x.strategy) + tree_text(x);
  return result;
}

} // namespace qalpha
