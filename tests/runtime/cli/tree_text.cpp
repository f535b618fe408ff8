#define CAF_SUITE cli_tree_text

#include "runtime/cli/tree_text.hpp"

#include "runtime/cli/steer_text.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;

namespace {

actor_view leaf(std::string name, std::string role, std::string state) {
  return {.name = std::move(name),
          .role = std::move(role),
          .phase = "running",
          .answering = true,
          .status = {.state = std::move(state), .mailbox = 0, .handled = 12}};
}

actor_view tree(std::string name, std::vector<actor_view> children) {
  auto result = leaf(std::move(name), "supervisor", "all running");
  result.status.handled = 0;
  result.strategy = "one_for_one";
  result.children = std::move(children);
  return result;
}

node_view node() {
  auto desk = leaf("risk desk", "risk_desk", "equity 10");
  desk.restarts = 2;
  desk.last_error = "crashed(\"out of range\")";
  auto feed = leaf("feed BTCUSDT", "feed", "live");
  feed.answering = false;
  auto executor = leaf("executor BTCUSDT", "executor", "");
  executor.phase = "backing off";
  executor.answering = false;
  return {
    .run = "7f3a",
    .mode = "demo",
    .seed = 42,
    .speed = "20x",
    .start = "",
    .event_time = "2026-01-05 12:00 UTC",
    .symbols = {"BTCUSDT"},
    .stores = {},
    .tree = tree(
      "node", {tree("guardian", {leaf("guardian", "guardian", "active"), desk}),
               tree("oracle", {feed}), tree("strategist", {executor})})};
}

} // namespace

CAF_TEST(the_tree_is_drawn_with_aligned_columns) {
  auto expected
    = "run 7f3a  mode demo  seed 42  speed 20x  market time 2026-01-05 12:00 "
      "UTC\n"
      "symbols BTCUSDT\n"
      "trading active\n"
      "\n"
      "actor                   state          mailbox  handled  restarts  last "
      "error\n"
      "node                    all running          0        0         0\n"
      "├─ guardian             all running          0        0         0\n"
      "│  ├─ guardian          active               0       12         0\n"
      "│  └─ risk desk         equity 10            0       12         2  "
      "crashed(\"out of range\")\n"
      "├─ oracle               all running          0        0         0\n"
      "│  └─ feed BTCUSDT      not answering        -        -         0\n"
      "└─ strategist           all running          0        0         0\n"
      "   └─ executor BTCUSDT  backing off          -        -         0\n";
  CAF_CHECK_EQUAL(node_text(node()), expected);
}

CAF_TEST(a_long_story_stands_above_the_table) {
  auto view = node();
  auto& guardian = view.tree.children[0].children[0];
  guardian.status.state = "halted (operator: a reason that fills the whole "
                          "line), resume with 4711, 7 switches armed";
  auto text = node_text(view);
  CAF_CHECK(text.find("\ntrading " + guardian.status.state + "\n")
            != text.npos);
  CAF_CHECK(text.find("halted (operator: a reason that fills the who...  ")
            != text.npos);
}

CAF_TEST(rates_come_from_two_looks) {
  auto before = node();
  auto now = node();
  now.tree.children[0].children[0].status.handled = 37;
  CAF_MESSAGE("a restarted actor starts to count again: it has no rate");
  now.tree.children[0].children[1].restarts = 3;
  add_rates(now.tree, before.tree, 2);
  auto& family = now.tree.children[0].children;
  CAF_REQUIRE(family[0].rate.has_value());
  CAF_CHECK_EQUAL(*family[0].rate, 12.5);
  CAF_CHECK(!family[1].rate);
  CAF_CHECK(!now.tree.children[1].children[0].rate);
  auto text = node_text(now);
  CAF_CHECK(text.find("handled  msg/s  restarts") != text.npos);
  CAF_CHECK(text.find("37   12.5") != text.npos);
}

CAF_TEST(stores_stand_above_the_table) {
  auto view = node();
  view.stores = {{"redis", "connected", 12, 0, 0, 0},
                 {"postgres", "away: refused", 5, 1, 2, 340}};
  auto text = node_text(view);
  CAF_CHECK(text.find("trading active\n"
                      "store redis connected, 12 delivered\n"
                      "store postgres away: refused, 5 delivered, 340 bytes "
                      "waiting, 1 dropped, 2 lost by the server\n"
                      "\n")
            != text.npos);
  auto parsed = parse_node(parse_line(to_json(view)));
  CAF_REQUIRE(bool{parsed});
  CAF_CHECK(parsed->stores == view.stores);
}

CAF_TEST(a_node_survives_its_way_through_the_socket) {
  auto view = node();
  auto parsed = parse_node(parse_line(to_json(view)));
  CAF_REQUIRE(bool{parsed});
  // Silent actors say nothing about themselves.
  view.tree.children[1].children[0].status = {};
  view.tree.children[2].children[0].status = {};
  CAF_CHECK(*parsed == view);
}

CAF_TEST(texts_of_actors_cannot_steer_the_terminal) {
  auto view = node();
  view.tree.children[0].children[1].last_error = "\x1b[2J\xff\x07"
                                                 "boom";
  auto parsed = parse_node(parse_line(to_json(view)));
  CAF_REQUIRE(bool{parsed});
  CAF_CHECK_EQUAL(parsed->tree.children[0].children[1].last_error,
                  "?[2J??boom");
}

CAF_TEST(actors_are_found_by_path_and_by_name) {
  auto view = node();
  auto name_of = [&](const char* which) {
    auto* found = find_actor(view.tree, which);
    return found == nullptr ? std::string{} : found->name + " " + found->role;
  };
  CAF_CHECK_EQUAL(name_of("risk desk"), "risk desk risk_desk");
  CAF_CHECK_EQUAL(name_of("guardian/risk desk"), "risk desk risk_desk");
  CAF_CHECK_EQUAL(name_of("node/guardian/risk desk"), "risk desk risk_desk");
  CAF_CHECK_EQUAL(name_of("node"), "node supervisor");
  CAF_CHECK_EQUAL(name_of("oracle"), "oracle supervisor");
  CAF_MESSAGE("of a tree and its first child, the child does the work");
  CAF_CHECK_EQUAL(name_of("guardian"), "guardian guardian");
  CAF_CHECK_EQUAL(name_of("oracle/risk desk"), "");
  CAF_CHECK_EQUAL(name_of(""), "");
}

CAF_TEST(one_actor_is_shown_with_everything) {
  auto text = actor_text(node().tree.children[0].children[1]);
  CAF_CHECK(text.find("  restarts       2\n") != text.npos);
  CAF_CHECK(text.find("  last incident  none\n") != text.npos);
  CAF_CHECK(text.find("  last death     crashed(\"out of range\")\n")
            != text.npos);
}

CAF_TEST(a_halt_ends_with_what_to_type) {
  auto reply = parse_line(R"({"ok":true,"message":"halted: positions stay",)"
                          R"("state":"halted","code":"4711"})");
  CAF_CHECK_EQUAL(steer_text(reply, "run/demo"),
                  "halted: positions stay\nstate  halted\n"
                  "to go on: qalpha resume 4711\n");
  CAF_CHECK(steer_text(reply, "elsewhere").ends_with("4711 --run elsewhere\n"));
}
