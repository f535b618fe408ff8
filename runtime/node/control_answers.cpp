#include "runtime/node/control_answers.hpp"

#include "runtime/node/actor_survey.hpp"
#include "runtime/node/control_request.hpp"
#include "runtime/telemetry/printable.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <thread>
#include <utility>
#include <variant>

namespace qalpha {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Between two looks for a guardian that is being restarted.
constexpr milliseconds look_again{10};

/// A failure of the protocol: a code for programs, a text for people.
struct control_failure {
  std::string_view code;
  std::string text;
};

using texts = std::vector<std::pair<const char*, std::string>>;

std::string write_reply(bool ok, const texts& members_of_reply) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> out{text};
  out.StartObject();
  out.Key("ok");
  out.Bool(ok);
  for (auto& [key, value] : members_of_reply) {
    auto clean = printable(value);
    out.Key(key);
    out.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  }
  out.EndObject();
  return {text.GetString(), text.GetSize()};
}

// -- talk ---------------------------------------------------------------------

std::string describe(const caf::error& why) {
  auto& context = why.context();
  if (context.size() == 1 && context.match_element<std::string>(0))
    return context.get_as<std::string>(0);
  return to_string(why);
}

control_failure failure_of(const caf::error& why) {
  if (why == ec::refused)
    return {"refused", describe(why)};
  if (why == caf::sec::request_timeout)
    return {"timeout", "the guardian did not answer in time; the command may "
                       "still be carried out, see qalpha inspect guardian"};
  return {"failed", describe(why)};
}

/// What the guardian says of itself after a command.
struct trading_words {
  std::string state;
  std::string resume_code;
};

/// Reads for example "halted (operator: test), resume with 4711, 7 switches".
/// The reason is a person's and may say anything; the code comes after it.
trading_words parse_state(const std::string& text) {
  constexpr std::string_view mark = "), resume with ";
  trading_words result{text.substr(0, text.find_first_of(" ,")), ""};
  if (auto at = text.rfind(mark); at != text.npos) {
    auto begin = at + mark.size();
    auto end = text.find_first_not_of("0123456789", begin);
    result.resume_code = text.substr(begin, end - begin);
  }
  return result;
}

/// One conversation with the actors of a node.
class conversation {
public:
  conversation(caf::actor_system& sys, const supervisor_actor& top,
               const directory& book, const answer_limits& limits)
    : self_(sys), top_(&top), book_(&book), limits_(limits) {
    // nop
  }

  node_view inspect(const node_facts& facts) {
    actor_survey survey;
    survey_families(self_, *top_, limits_.question, survey);
    survey_statuses(self_, limits_.question, survey);
    return {.run = facts.run,
            .mode = facts.mode,
            .seed = facts.seed,
            .speed = facts.speed,
            .start = facts.start,
            .event_time = facts.event_time ? facts.event_time() : "",
            .symbols = facts.symbols,
            .stores = facts.stores ? facts.stores() : std::vector<store_view>{},
            .tree = std::move(survey.tree)};
  }

  std::string steer(const operator_command& command) {
    auto done = order(command);
    if (auto* wrong = std::get_if<control_failure>(&done))
      return failure_reply(wrong->code, wrong->text);
    auto now = parse_state(state_of_guardian());
    texts reply{{"message", std::get<std::string>(done)}};
    if (!now.state.empty())
      reply.emplace_back("state", now.state);
    if (!now.resume_code.empty())
      reply.emplace_back("code", now.resume_code);
    return write_reply(true, reply);
  }

  std::string kill(const std::string& path) {
    actor_survey survey;
    survey_families(self_, *top_, limits_.question, survey);
    auto* victim = find_actor(survey.tree, path);
    if (victim == nullptr || victim == &survey.tree) {
      auto names = actor_paths(survey.tree);
      std::vector<std::string_view> known{names.begin(), names.end()};
      return failure_reply("not_found", "no actor is called "
                                          + quote_and_guess(path, known));
    }
    for (auto& seat : survey.seats)
      for (auto& child : seat.view->children)
        if (&child == victim)
          return kill(seat.handle, victim->name);
    return failure_reply("not_found", "the actor has no supervisor");
  }

private:
  using outcome = std::variant<std::string, control_failure>;

  /// A guardian that is being restarted gets the command when it is back: a
  /// halt must not be lost because of the crash it answers to.
  outcome order(const operator_command& command) {
    auto deadline = steady_clock::now() + limits_.command;
    outcome result = control_failure{
      "timeout", "the guardian is being restarted and was not back in time"};
    for (;;) {
      auto left = std::chrono::duration_cast<milliseconds>(
        deadline - steady_clock::now());
      if (left <= milliseconds{0})
        return result;
      auto gone = true;
      if (auto guardian = book_->current()->guardian)
        self_->request(guardian, left, command)
          .receive(
            [&](const std::string& text) {
              gone = false;
              result = text;
            },
            [&](const caf::error& why) {
              gone = why == caf::sec::request_receiver_down;
              if (!gone)
                result = failure_of(why);
            });
      if (!gone)
        return result;
      std::this_thread::sleep_for(look_again);
    }
  }

  std::string state_of_guardian() {
    std::string result;
    if (auto guardian = book_->current()->guardian)
      self_->request(guardian, limits_.question, atom::status_v)
        .receive([&](const actor_status& x) { result = x.state; },
                 [](const caf::error&) {
                   // The command was carried out all the same.
                 });
    return result;
  }

  std::string kill(const caf::actor& supervisor, const std::string& name) {
    std::string result;
    self_->request(supervisor, limits_.question, atom::kill_v, name)
      .receive(
        [&](const std::string& text) {
          result = write_reply(true, {{"message", text}});
        },
        [&](const caf::error& why) {
          result = why == ec::not_running
                     ? failure_reply("refused", describe(why))
                     : failure_reply("timeout",
                                     "its supervisor did not answer");
        });
    return result;
  }

  caf::scoped_actor self_;
  const supervisor_actor* top_;
  const directory* book_;
  answer_limits limits_;
};

} // namespace

std::string failure_reply(std::string_view code, std::string_view message) {
  return write_reply(
    false, {{"code", std::string{code}}, {"message", std::string{message}}});
}

control_answers::control_answers(caf::actor_system& sys, supervisor_actor top,
                                 const directory& book, node_facts facts,
                                 answer_limits limits)
  : system_(&sys), top_(std::move(top)), book_(&book), facts_(std::move(facts)),
    limits_(limits) {
  // nop
}

std::string control_answers::answer(std::string_view request) const noexcept
  try {
  auto parsed = parse_request(request);
  if (!parsed)
    return failure_reply("invalid", parsed.error().text);
  if (auto* command = std::get_if<operator_command>(&*parsed))
    return conversation{*system_, top_, *book_, limits_}.steer(*command);
  if (auto* kill = std::get_if<kill_request>(&*parsed)) {
    if (!facts_.allow_kill)
      return failure_reply("refused", "actors are killed in a demo only");
    return conversation{*system_, top_, *book_, limits_}.kill(kill->actor);
  }
  if (std::holds_alternative<inspect_request>(*parsed))
    return to_json(
      conversation{*system_, top_, *book_, limits_}.inspect(facts_));
  return write_reply(true, {{"message", "pong"}});
} catch (const std::exception&) {
  // Memory, most likely; what() may name things that are nobody's business.
  return R"({"ok":false,"code":"failed","message":"the request failed"})";
}

} // namespace qalpha
