// A running node as people see it, and its way through a socket.

#pragma once

#include "messages/status.hpp"
#include "models/machine/fallible.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// One actor: what its supervisor knows, and what it says itself.
struct actor_view {
  std::string name;
  std::string role;
  /// "running", "backing off" ... as in `child_view`.
  std::string phase;
  uint32_t restarts = 0;
  /// Why the last life ended; empty if there was none.
  std::string last_error;
  /// How children are restarted; empty if this is no supervisor.
  std::string strategy;
  /// Whether the actor answered in time; if not, `status` says nothing.
  bool answering = false;
  actor_status status;
  /// Messages a second between two looks; missing without a look before.
  std::optional<double> rate;
  std::vector<actor_view> children;

  friend bool operator==(const actor_view&, const actor_view&) = default;
};

/// A place that copies go to.
struct store_view {
  std::string name;
  /// "connected", "away: ..." with figures, for people.
  std::string state;
  uint64_t delivered = 0;
  uint64_t dropped = 0;
  uint64_t missing = 0;
  uint64_t pending_bytes = 0;

  friend bool operator==(const store_view&, const store_view&) = default;
};

/// The node and its tree.
struct node_view {
  std::string run;
  std::string mode;
  uint64_t seed = 0;
  std::string speed;
  std::string start;
  std::string event_time;
  std::vector<std::string> symbols;
  /// Empty if nothing is copied.
  std::vector<store_view> stores;
  actor_view tree;

  friend bool operator==(const node_view&, const node_view&) = default;
};

/// @returns one line: {"ok":true,"node":{...},"stores":[...],
///          "tree":{...}}.
std::string to_json(const node_view& x);

/// Writes one actor with its children.
void write_json(rapidjson::Writer<rapidjson::StringBuffer>& out,
                const actor_view& x);

/// Reads what `to_json` wrote. Missing members keep their defaults, unknown
/// ones are ignored: node and client may differ by a version.
/// @returns a fault if the text is not a node.
fallible<node_view> parse_node(const rapidjson::Value& reply);

/// Finds an actor by its path ("oracle/feed BTCUSDT") or its name.
/// @returns the first in the order of the tree, or null.
const actor_view* find_actor(const actor_view& tree, std::string_view name);

/// @returns the paths of all actors below `tree`, for example "oracle" and
///          "oracle/feed BTCUSDT".
std::vector<std::string> actor_paths(const actor_view& tree);

/// Fills in the rates of `now` from what was handled since `before`. An actor
/// that is new, restarted or silent has none.
/// @pre `seconds > 0`
void add_rates(actor_view& now, const actor_view& before, double seconds);

/// Reads JSON that may be hostile: any depth, any bytes.
/// @returns a null value if it is not JSON.
rapidjson::Document parse_line(std::string_view text);

/// @returns the text member called `key`, or an empty text.
std::string text_of(const rapidjson::Value& object, const char* key);

} // namespace qalpha
