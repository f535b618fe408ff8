#include "runtime/node/node_view.hpp"

#include "runtime/telemetry/printable.hpp"

namespace qalpha {

namespace {

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

// Trees of supervisors have three levels.
constexpr size_t deepest_tree = 16;

// -- write --------------------------------------------------------------------

void write(writer& out, const char* key, std::string_view value) {
  auto text = printable(value);
  out.Key(key);
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write(writer& out, const char* key, uint64_t value) {
  out.Key(key);
  out.Uint64(value);
}

void write_status(writer& out, const actor_view& x) {
  out.Key("answering");
  out.Bool(x.answering);
  if (!x.answering)
    return;
  write(out, "state", x.status.state);
  write(out, "mailbox", x.status.mailbox);
  write(out, "handled", x.status.handled);
  write(out, "incidents", x.status.incidents);
  write(out, "last_incident", x.status.last_error);
  if (x.rate) {
    out.Key("messages_per_second");
    out.Double(*x.rate);
  }
}

void write_stores(writer& out, const std::vector<store_view>& stores) {
  out.Key("stores");
  out.StartArray();
  for (auto& x : stores) {
    out.StartObject();
    write(out, "name", x.name);
    write(out, "state", x.state);
    write(out, "delivered", x.delivered);
    write(out, "dropped", x.dropped);
    write(out, "missing", x.missing);
    write(out, "pending_bytes", x.pending_bytes);
    out.EndObject();
  }
  out.EndArray();
}

// -- read ---------------------------------------------------------------------

const rapidjson::Value* member(const rapidjson::Value& object,
                               const char* key) {
  if (!object.IsObject())
    return nullptr;
  auto at = object.FindMember(key);
  return at == object.MemberEnd() ? nullptr : &at->value;
}

uint64_t figure_of(const rapidjson::Value& object, const char* key) {
  auto* value = member(object, key);
  return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

actor_view parse_actor(const rapidjson::Value& from, size_t depth) {
  actor_view result{
    .name = text_of(from, "name"),
    .role = text_of(from, "role"),
    .phase = text_of(from, "phase"),
    .restarts = static_cast<uint32_t>(figure_of(from, "restarts")),
    .last_error = text_of(from, "last_error"),
    .strategy = text_of(from, "strategy"),
    .status = {.state = text_of(from, "state"),
               .mailbox = figure_of(from, "mailbox"),
               .handled = figure_of(from, "handled"),
               .incidents = figure_of(from, "incidents"),
               .last_error = text_of(from, "last_incident")},
  };
  auto* answering = member(from, "answering");
  result.answering = answering != nullptr && answering->IsTrue();
  auto* children = member(from, "children");
  if (children != nullptr && children->IsArray() && depth < deepest_tree)
    for (auto& child : children->GetArray())
      result.children.push_back(parse_actor(child, depth + 1));
  return result;
}

std::vector<store_view> parse_stores(const rapidjson::Value& reply) {
  std::vector<store_view> result;
  auto* stores = member(reply, "stores");
  if (stores == nullptr || !stores->IsArray())
    return result;
  for (auto& x : stores->GetArray())
    result.push_back({.name = text_of(x, "name"),
                      .state = text_of(x, "state"),
                      .delivered = figure_of(x, "delivered"),
                      .dropped = figure_of(x, "dropped"),
                      .missing = figure_of(x, "missing"),
                      .pending_bytes = figure_of(x, "pending_bytes")});
  return result;
}

// -- look ---------------------------------------------------------------------

void add_paths(const actor_view& parent, const std::string& prefix,
               std::vector<std::string>& into) {
  for (auto& child : parent.children) {
    into.push_back(prefix + child.name);
    add_paths(child, prefix + child.name + "/", into);
  }
}

const actor_view* find_path(const actor_view& parent, std::string_view path) {
  for (auto& child : parent.children) {
    if (path == child.name)
      return &child;
    if (path.size() > child.name.size() && path.starts_with(child.name)
        && path[child.name.size()] == '/')
      return find_path(child, path.substr(child.name.size() + 1));
  }
  return nullptr;
}

const actor_view* find_name(const actor_view& parent, std::string_view name) {
  for (auto& child : parent.children) {
    if (child.name == name)
      return &child;
    if (auto* found = find_name(child, name))
      return found;
  }
  return nullptr;
}

} // namespace

void write_json(writer& out, const actor_view& x) {
  out.StartObject();
  write(out, "name", x.name);
  write(out, "role", x.role);
  write(out, "phase", x.phase);
  write(out, "restarts", x.restarts);
  write(out, "last_error", x.last_error);
  write_status(out, x);
  if (!x.strategy.empty()) {
    write(out, "strategy", x.strategy);
    out.Key("children");
    out.StartArray();
    for (auto& child : x.children)
      write_json(out, child);
    out.EndArray();
  }
  out.EndObject();
}

std::string to_json(const node_view& x) {
  rapidjson::StringBuffer text;
  writer out{text};
  out.StartObject();
  out.Key("ok");
  out.Bool(true);
  out.Key("node");
  out.StartObject();
  write(out, "run", x.run);
  write(out, "mode", x.mode);
  write(out, "seed", x.seed);
  write(out, "speed", x.speed);
  write(out, "start", x.start);
  write(out, "event_time", x.event_time);
  out.Key("symbols");
  out.StartArray();
  for (auto& name : x.symbols)
    out.String(printable(name).c_str());
  out.EndArray();
  out.EndObject();
  write_stores(out, x.stores);
  out.Key("tree");
  write_json(out, x.tree);
  out.EndObject();
  return {text.GetString(), text.GetSize()};
}

fallible<node_view> parse_node(const rapidjson::Value& reply) {
  auto* node = member(reply, "node");
  auto* tree = member(reply, "tree");
  if (node == nullptr || tree == nullptr || !tree->IsObject())
    return fault{"the reply describes no node"};
  node_view result{.run = text_of(*node, "run"),
                   .mode = text_of(*node, "mode"),
                   .seed = figure_of(*node, "seed"),
                   .speed = text_of(*node, "speed"),
                   .start = text_of(*node, "start"),
                   .event_time = text_of(*node, "event_time"),
                   .symbols = {},
                   .stores = parse_stores(reply),
                   .tree = parse_actor(*tree, 0)};
  auto* symbols = member(*node, "symbols");
  if (symbols != nullptr && symbols->IsArray())
    for (auto& name : symbols->GetArray())
      if (name.IsString())
        result.symbols.emplace_back(name.GetString(), name.GetStringLength());
  return result;
}

const actor_view* find_actor(const actor_view& tree, std::string_view name) {
  if (name == tree.name)
    return &tree;
  if (name.starts_with(tree.name + "/"))
    name.remove_prefix(tree.name.size() + 1);
  // A path names one actor; a name may be that of a tree and of its first
  // child, and then a person means the one that does the work.
  if (name.find('/') != name.npos)
    return find_path(tree, name);
  auto* found = find_name(tree, name);
  if (found != nullptr && !found->strategy.empty())
    for (auto& child : found->children)
      if (child.name == name)
        return &child;
  return found;
}

std::vector<std::string> actor_paths(const actor_view& tree) {
  std::vector<std::string> result;
  add_paths(tree, "", result);
  return result;
}

void add_rates(actor_view& now, const actor_view& before, double seconds) {
  auto same_life = now.answering && before.answering
                   && now.restarts == before.restarts
                   && now.status.handled >= before.status.handled;
  if (same_life)
    now.rate = static_cast<double>(now.status.handled - before.status.handled)
               / seconds;
  for (auto& child : now.children)
    for (auto& earlier : before.children)
      if (earlier.name == child.name)
        add_rates(child, earlier, seconds);
}

rapidjson::Document parse_line(std::string_view text) {
  // Not recursive: a line of brackets would exhaust the stack.
  constexpr auto flags = rapidjson::kParseIterativeFlag;
  rapidjson::Document result;
  result.Parse<flags>(text.data(), text.size());
  if (result.HasParseError())
    result.SetNull();
  return result;
}

std::string text_of(const rapidjson::Value& object, const char* key) {
  auto* value = member(object, key);
  if (value == nullptr || !value->IsString())
    return {};
  return {value->GetString(), value->GetStringLength()};
}

} // namespace qalpha
