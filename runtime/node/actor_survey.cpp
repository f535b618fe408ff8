#include "runtime/node/actor_survey.hpp"

#include <caf/actor_cast.hpp>

#include <optional>
#include <utility>

namespace qalpha {

namespace {

using seat = actor_survey::seat;

// A supervisor that lists itself would otherwise never end.
constexpr int most_levels = 8;

/// Asks all at once and collects the answers; the limits run side by side.
template <class Reply, class Question>
std::vector<std::optional<Reply>>
ask_all(caf::scoped_actor& self, const std::vector<seat>& whom,
        std::chrono::milliseconds limit, Question question) {
  using pending = decltype(self->request(whom[0].handle, limit, question));
  std::vector<std::pair<size_t, pending>> asked;
  for (size_t i = 0; i < whom.size(); ++i)
    if (whom[i].handle)
      asked.emplace_back(i, self->request(whom[i].handle, limit, question));
  std::vector<std::optional<Reply>> result(whom.size());
  for (auto& [index, answer] : asked)
    answer.receive([&, at = index](const Reply& x) { result[at] = x; },
                   [](const caf::error&) {
                     // Stays empty: too late, or just gone.
                   });
  return result;
}

/// Adds the children to the seats and to their parent.
/// @returns those that are supervisors.
std::vector<seat> take_seats(const family& members, actor_view& parent,
                             std::vector<seat>& seats) {
  std::vector<seat> supervisors;
  parent.name = members.name;
  parent.strategy = members.strategy;
  for (auto& child : members.children)
    parent.children.push_back({.name = child.name,
                               .role = std::string{to_string(child.kind)},
                               .phase = child.phase,
                               .restarts = child.restarts,
                               .last_error = child.last_error});
  for (size_t i = 0; i < members.children.size(); ++i) {
    auto& child = members.children[i];
    seats.push_back({&parent.children[i], child.handle});
    if (child.kind == role::supervisor)
      supervisors.push_back(seats.back());
  }
  return supervisors;
}

} // namespace

void survey_families(caf::scoped_actor& self, const supervisor_actor& top,
                     std::chrono::milliseconds limit, actor_survey& into) {
  into.tree = {.name = "node",
               .role = std::string{to_string(role::supervisor)},
               .phase = top ? "running" : "down"};
  into.seats = {{&into.tree, caf::actor_cast<caf::actor>(top)}};
  auto level = into.seats;
  for (int i = 0; i < most_levels && !level.empty(); ++i) {
    std::vector<seat> next;
    auto families = ask_all<family>(self, level, limit, atom::children_v);
    for (size_t j = 0; j < level.size(); ++j)
      if (families[j])
        for (auto& each : take_seats(*families[j], *level[j].view, into.seats))
          next.push_back(each);
    level = std::move(next);
  }
}

void survey_statuses(caf::scoped_actor& self, std::chrono::milliseconds limit,
                     actor_survey& into) {
  auto answers = ask_all<actor_status>(self, into.seats, limit, atom::status_v);
  for (size_t i = 0; i < into.seats.size(); ++i)
    if (answers[i]) {
      into.seats[i].view->answering = true;
      into.seats[i].view->status = std::move(*answers[i]);
    }
}

} // namespace qalpha
