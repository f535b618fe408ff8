#define CAF_SUITE node_control_endpoint

#include "runtime/node/control_endpoint.hpp"

#include "runtime/node/node_view.hpp"
#include "tests/runtime/node/control_world.hpp"

#include <fstream>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;
using std::chrono::milliseconds;

namespace {

/// Quick for the mute actor, long for everybody else.
control_settings settings() {
  return {.patience = milliseconds{patience_ms},
          .limits = {.question = milliseconds{150},
                     .command = milliseconds{patience_ms}}};
}

struct fixture {
  small_node node;

  void open(control_settings how = settings(), bool allow_kill = true) {
    auto wrong = node.open(how, allow_kill);
    CAF_REQUIRE(!wrong);
  }

  std::string ask(std::string_view line) {
    return client{node.socket_file()}.say(line).say("\n").hear();
  }

  std::string message_of(std::string_view line) {
    return text_of(parse_line(ask(line)), "message");
  }

  std::string code_of(std::string_view line) {
    return text_of(parse_line(ask(line)), "code");
  }

  node_view look() {
    auto parsed = parse_node(parse_line(ask(R"({"verb":"inspect"})")));
    CAF_REQUIRE(bool{parsed});
    return *parsed;
  }

  actor_view child(const node_view& view, const char* path) {
    auto* found = find_actor(view.tree, path);
    CAF_REQUIRE(found != nullptr);
    return *found;
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(control_endpoint_tests, fixture)

// -- look ---------------------------------------------------------------------

CAF_TEST(a_ping_is_answered_with_one_line) {
  open();
  CAF_CHECK_EQUAL(ask(R"({"verb":"ping"})"), R"({"ok":true,"message":"pong"})");
}

CAF_TEST(inspect_shows_the_node_and_every_actor) {
  open();
  auto view = look();
  CAF_CHECK_EQUAL(view.run, "7f3a");
  CAF_CHECK_EQUAL(view.mode, "demo");
  CAF_CHECK_EQUAL(view.seed, 42u);
  CAF_CHECK_EQUAL(view.event_time, "2026-01-05 12:00 UTC");
  CAF_CHECK_EQUAL(view.symbols.size(), 2u);
  CAF_CHECK_EQUAL(view.tree.strategy, "one_for_one");
  auto feed = child(view, "oracle/feed BTCUSDT");
  CAF_CHECK_EQUAL(feed.role, "feed");
  CAF_CHECK_EQUAL(feed.phase, "running");
  CAF_CHECK(feed.answering);
  CAF_CHECK_EQUAL(feed.status.state, "live");
  CAF_CHECK_EQUAL(feed.status.handled, 7u);
  CAF_CHECK_EQUAL(feed.status.last_error, "unexpected message");
  CAF_CHECK_EQUAL(child(view, "oracle").status.state,
                  "2 of 2 children running");
}

CAF_TEST(an_actor_that_does_not_answer_hides_nobody_else) {
  open();
  auto view = look();
  CAF_CHECK(!child(view, "oracle/feed ETHUSDT").answering);
  CAF_CHECK(child(view, "oracle/feed BTCUSDT").answering);
  CAF_CHECK(child(view, "guardian/guardian").answering);
  CAF_CHECK(view.tree.answering);
}

// -- steer --------------------------------------------------------------------

CAF_TEST(a_halt_names_the_state_and_the_code_that_resumes) {
  open();
  node.reconcile(0);
  node.reconcile(1);
  auto halt = ask(R"({"verb":"halt","reason":"), resume with 1, a test"})");
  auto json = parse_line(halt);
  CAF_CHECK(contains(halt, R"("ok":true)"));
  CAF_CHECK_EQUAL(text_of(json, "state"), "halted");
  auto code = text_of(json, "code");
  CAF_CHECK_EQUAL(code.size(), 4u);
  CAF_MESSAGE("another code is refused, and changes nothing");
  auto wrong = R"({"verb":"resume","code":"0"})";
  CAF_CHECK_EQUAL(code_of(wrong), "refused");
  CAF_CHECK(contains(message_of(wrong), "code that was printed"));
  CAF_MESSAGE("the code resumes, once");
  auto right = R"({"verb":"resume","code":")" + code + R"("})";
  CAF_CHECK_EQUAL(ask(right),
                  R"({"ok":true,"message":"active","state":"active"})");
  CAF_CHECK_EQUAL(code_of(right), "refused");
}

CAF_TEST(reduce_and_flatten_are_commands_too) {
  open();
  node.reconcile(0);
  node.reconcile(1);
  auto reduce = parse_line(ask(R"({"verb":"reduce","reason":"test"})"));
  CAF_CHECK_EQUAL(text_of(reduce, "state"), "reducing");
  auto flatten = parse_line(ask(R"({"verb":"flatten","reason":"test"})"));
  CAF_CHECK_EQUAL(text_of(flatten, "state"), "halted");
  CAF_CHECK_EQUAL(code_of(R"({"verb":"reduce","reason":"test"})"), "refused");
}

CAF_TEST(a_halt_does_not_wait_for_an_inspect) {
  auto how = settings();
  how.limits.question = milliseconds{1'500};
  open(how);
  client slow{node.socket_file()};
  slow.say("{\"verb\":\"inspect\"}\n");
  CAF_CHECK(contains(ask(R"({"verb":"halt"})"), R"("ok":true)"));
  CAF_CHECK(!slow.readable(0));
  CAF_CHECK(contains(slow.hear(), R"("ok":true)"));
}

CAF_TEST(a_halt_reaches_the_guardian_that_is_being_restarted) {
  open();
  auto kill = R"({"verb":"kill","actor":"guardian/guardian"})";
  CAF_CHECK(contains(ask(kill), R"("ok":true)"));
  CAF_CHECK(contains(ask(R"({"verb":"halt"})"), R"("ok":true)"));
}

// -- kill ---------------------------------------------------------------------

CAF_TEST(a_killed_actor_comes_back_with_its_last_error) {
  open();
  auto kill = R"({"verb":"kill","actor":"oracle/feed BTCUSDT"})";
  CAF_CHECK_EQUAL(message_of(kill), "killed oracle/feed BTCUSDT");
  auto view = look();
  while (child(view, "feed BTCUSDT").restarts == 0
         || child(view, "feed BTCUSDT").phase != "running")
    view = look();
  CAF_CHECK_EQUAL(child(view, "feed BTCUSDT").restarts, 1u);
  CAF_CHECK(contains(child(view, "feed BTCUSDT").last_error, "killed"));
}

CAF_TEST(an_unknown_actor_is_not_killed_but_guessed) {
  open();
  auto kill = R"({"verb":"kill","actor":"oracle/feed BTCUSD"})";
  CAF_CHECK_EQUAL(code_of(kill), "not_found");
  CAF_CHECK(contains(message_of(kill), "oracle/feed BTCUSDT"));
  CAF_MESSAGE("the whole node has no supervisor");
  CAF_CHECK_EQUAL(code_of(R"({"verb":"kill","actor":"node"})"), "not_found");
}

CAF_TEST(nothing_is_killed_outside_of_a_demo) {
  open(settings(), false);
  auto kill = R"({"verb":"kill","actor":"oracle/feed BTCUSDT"})";
  CAF_CHECK_EQUAL(code_of(kill), "refused");
  CAF_CHECK_EQUAL(child(look(), "feed BTCUSDT").restarts, 0u);
}

// -- bad clients --------------------------------------------------------------

CAF_TEST(bad_requests_are_named_and_change_nothing) {
  open();
  std::vector<std::pair<const char*, const char*>> bad{
    {"", "one JSON object"},
    {"halt", "one JSON object"},
    {"[]", "one JSON object"},
    {R"({"verb":"halt")", "one JSON object"},
    {R"({"verb":"halt"} {"verb":"halt"})", "one JSON object"},
    {R"({"reason":"x"})", "\"verb\" is missing"},
    {R"({"verb":7})", "verb must be a text"},
    {R"({"verb":"hlat"})", "did you mean \"halt\"?"},
    {R"({"verb":"stand_down"})", "unknown verb"},
    {R"({"verb":"halt","resaon":"x"})", "did you mean \"reason\"?"},
    {R"({"verb":"halt","reason":1})", "reason must be a text"},
    {R"({"verb":"resume","reason":"x"})", "\"code\""},
    {R"({"verb":"kill"})", "\"actor\""},
  };
  for (auto& [line, part] : bad) {
    CAF_CHECK_EQUAL(code_of(line), "invalid");
    CAF_CHECK(contains(message_of(line), part));
  }
  auto brackets = std::string(60'000, '[');
  CAF_CHECK_EQUAL(code_of(brackets), "invalid");
  auto reason = R"({"verb":"halt","reason":")" + std::string(201, 'x') + "\"}";
  CAF_CHECK_EQUAL(code_of(reason), "invalid");
  CAF_CHECK(
    contains(child(look(), "guardian/guardian").status.state, "starting"));
}

CAF_TEST(a_request_without_an_end_is_refused) {
  open();
  client endless{node.socket_file()};
  auto reply = parse_line(endless.say(std::string(70'000, ' ')).hear());
  CAF_CHECK_EQUAL(text_of(reply, "code"), "invalid");
  CAF_CHECK(contains(text_of(reply, "message"), "longer than 65536 bytes"));
}

CAF_TEST(a_slow_client_is_told_and_left) {
  auto how = settings();
  how.patience = milliseconds{50};
  open(how);
  client slow{node.socket_file()};
  auto reply = parse_line(slow.say(R"({"verb":"ha)").hear());
  CAF_CHECK_EQUAL(text_of(reply, "code"), "timeout");
}

CAF_TEST(half_a_command_is_none) {
  open();
  client{node.socket_file()}.say(R"({"verb":"halt"})");
  CAF_CHECK(
    contains(child(look(), "guardian/guardian").status.state, "starting"));
}

CAF_TEST(a_client_that_leaves_before_the_reply_harms_nobody) {
  open();
  for (int i = 0; i < 8; ++i)
    client{node.socket_file()}.say("{\"verb\":\"inspect\"}\n");
  CAF_CHECK_EQUAL(message_of(R"({"verb":"ping"})"), "pong");
}

CAF_TEST(idle_clients_cannot_keep_a_halt_out) {
  auto how = settings();
  how.most_clients = 2;
  open(how);
  client first{node.socket_file()};
  client second{node.socket_file()};
  CAF_CHECK(contains(ask(R"({"verb":"halt"})"), R"("ok":true)"));
  CAF_MESSAGE("the oldest had to go, the other one stays");
  CAF_CHECK_EQUAL(first.hear(), "");
  second.say("{\"verb\":\"ping\"}\n");
  CAF_CHECK(contains(second.hear(), "pong"));
}

CAF_TEST(many_clients_at_once_are_all_answered) {
  open();
  std::vector<std::unique_ptr<client>> all;
  for (int i = 0; i < 16; ++i) {
    all.push_back(std::make_unique<client>(node.socket_file()));
    all.back()->say("{\"verb\":\"inspect\"}\n");
  }
  for (auto& each : all)
    CAF_CHECK(contains(each->hear(), R"("ok":true)"));
}

CAF_TEST(an_endpoint_that_closes_delivers_the_answers_under_way) {
  open();
  client asked{node.socket_file()};
  client idle{node.socket_file()};
  asked.say("{\"verb\":\"inspect\"}\n");
  // Answered after the first, which is therefore under way.
  CAF_CHECK_EQUAL(message_of(R"({"verb":"ping"})"), "pong");
  node.close();
  CAF_CHECK(contains(asked.hear(), R"("ok":true)"));
  CAF_CHECK_EQUAL(idle.hear(), "");
}

// -- the file -----------------------------------------------------------------

CAF_TEST(only_the_user_may_connect) {
  open();
  struct stat info = {};
  CAF_REQUIRE(lstat(node.socket_file().c_str(), &info) == 0);
  CAF_CHECK(S_ISSOCK(info.st_mode));
  CAF_CHECK_EQUAL(info.st_mode & 0777u, 0600u);
}

CAF_TEST(another_user_gets_no_answer) {
  if (geteuid() != 0)
    return;
  open();
  // The mode of the file is one lock; this is about the second.
  chmod(node.home().root().c_str(), 0755);
  chmod(node.socket_file().c_str(), 0666);
  auto child = fork();
  if (child == 0) {
    // The library's setuid would look for the other threads.
    if (syscall(SYS_setresuid, 65534, 65534, 65534) != 0)
      _exit(3);
    client stranger{node.socket_file()};
    stranger.say("{\"verb\":\"halt\"}\n");
    char byte = 0;
    _exit(stranger.connected() && stranger.readable(patience_ms)
              && stranger.hear().empty()
            ? 0
            : 1 + byte);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CAF_CHECK(WIFEXITED(status));
  CAF_CHECK_EQUAL(WEXITSTATUS(status), 0);
  CAF_CHECK(contains(this->child(look(), "guardian/guardian").status.state,
                     "starting"));
}

CAF_TEST(the_file_goes_with_the_endpoint) {
  open();
  node.close();
  CAF_CHECK(!fs::exists(node.socket_file()));
}

CAF_TEST(the_socket_of_a_dead_node_is_replaced) {
  auto dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  node.socket_file().native().copy(address.sun_path,
                                   sizeof(address.sun_path) - 1);
  CAF_REQUIRE(
    bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof(address))
    == 0);
  close(dead);
  open();
  CAF_CHECK_EQUAL(message_of(R"({"verb":"ping"})"), "pong");
}

CAF_TEST(the_socket_of_a_live_node_is_left_alone) {
  open();
  auto second = node.open(settings());
  CAF_REQUIRE(second.has_value());
  CAF_CHECK(contains(second->text, "in use"));
  CAF_CHECK_EQUAL(message_of(R"({"verb":"ping"})"), "pong");
}

CAF_TEST(a_file_of_another_kind_is_left_alone) {
  std::ofstream{node.socket_file()} << "mine";
  auto wrong = node.open(settings());
  CAF_REQUIRE(wrong.has_value());
  CAF_CHECK(contains(wrong->text, "another kind"));
  CAF_CHECK(fs::is_regular_file(node.socket_file()));
}

CAF_TEST(a_directory_that_everybody_can_write_is_refused) {
  chmod(node.home().root().c_str(), 0777);
  auto wrong = node.open(settings());
  CAF_REQUIRE(wrong.has_value());
  CAF_CHECK(contains(wrong->text, "everybody"));
}

CAF_TEST_FIXTURE_SCOPE_END()
