#include "runtime/venues/stream_line.hpp"

#include <map>
#include <optional>
#include <utility>

namespace qalpha {

namespace {

/// @returns the symbol that a message is about, if it is about one.
const symbol_id* symbol_of(const venue_message& message) {
  return std::visit(
    [](const auto& x) -> const symbol_id* {
      if constexpr (requires { x.symbol; })
        return &x.symbol;
      else
        return nullptr;
    },
    message);
}

/// A stream, and the number of one of its messages.
struct position {
  std::pair<symbol_id, size_t> stream;
  uint64_t number = 0;
};

/// @returns nothing for messages without a number.
std::optional<position> position_of(const venue_message& message) {
  if (auto depth = std::get_if<symbol_depth>(&message))
    return position{{depth->symbol, message.index()}, depth->update.last};
  if (auto trade = std::get_if<public_trade>(&message); trade && trade->id > 0)
    return position{{trade->symbol, message.index()}, trade->id};
  return std::nullopt;
}

void add(const websocket_session& session, line_counters& to) {
  auto& counted = session.counters();
  to.pings += counted.pings;
  to.pongs += counted.pongs;
  to.oversized += counted.oversized;
}

} // namespace

/// One connection of the line.
struct stream_line::link {
  explicit link(const std::vector<stream_spec>& streams) : watch(streams) {
    // nop
  }

  std::string name;
  stream_watch watch;
  std::unique_ptr<websocket_session> session;
  bool open = false;
  network_thread::clock::time_point opened{};
  // Numbers of messages while two connections run: the last that this one
  // brought, or the first that it brought beside another.
  std::map<std::pair<symbol_id, size_t>, uint64_t> numbers;
  // All streams deliver, and the other connection has a little time left.
  bool overlaps = false;
  // What came while another connection was listened to.
  std::deque<std::pair<utc_time, std::string>> kept;
  size_t kept_bytes = 0;
};

stream_line::stream_line(line_context& shared, size_t index, line_plan plan,
                         uint64_t seed)
  : shared_(shared), index_(index), plan_(std::move(plan)),
    policy_(shared.settings.reconnect, seed), reconnect_(shared.home),
    watchdog_(shared.home), heartbeat_(shared.home), roll_over_(shared.home),
    overlap_(shared.home) {
  // nop
}

stream_line::~stream_line() = default;

void stream_line::start() {
  connect();
  watch();
  beat();
}

void stream_line::stop() {
  for (auto link : {&current_, &successor_})
    if (*link)
      hang_up(*link, std::string{stopped_on_purpose});
}

void stream_line::add_counters(line_counters& to) const {
  for (auto link : {current_.get(), successor_.get()})
    if (link)
      add(*link->session, to);
}

// -- connecting ---------------------------------------------------------------

void stream_line::connect_later(timespan pause) {
  reconnect_.start(pause, [this] { connect(); });
}

void stream_line::connect() {
  auto now = network_thread::now();
  auto pause = shared_.connections.wait(now);
  if (pause > timespan{0})
    return connect_later(pause);
  current_ = open();
}

std::unique_ptr<stream_line::link> stream_line::open() {
  shared_.connections.spend(network_thread::now());
  auto result = std::make_unique<link>(plan_.streams);
  auto& which = *result;
  which.name = plan_.name + " #" + std::to_string(++generation_);
  which.session = std::make_unique<websocket_session>(
    shared_.home, shared_.trust, plan_.to, shared_.settings.socket,
    websocket_session::callbacks{
      [this, &which] { on_open(which); },
      [this, &which](utc_time received, std::string_view bytes) {
        on_message(which, received, bytes);
      },
      [this, &which](const std::string& reason) { on_closed(which, reason); },
      [this] { shared_.listener.on_drained(); }});
  return result;
}

void stream_line::on_open(link& which) {
  ++shared_.counters.connects;
  shared_.tap.tell(raw_kind::connected, network_thread::utc_now(), which.name,
                   {});
  which.open = true;
  which.opened = network_thread::now();
  std::vector<std::string> names;
  for (auto& stream : plan_.streams)
    names.push_back(stream.name);
  // The last command leaves after a while, because of the limit.
  auto commands = subscribe(which, names);
  which.watch.subscribed(which.opened
                         + shared_.settings.socket.between_sends * commands);
  if (&which != current_.get())
    return;
  if (shared_.settings.roll_over_after > timespan{0})
    roll_over_.start(shared_.settings.roll_over_after, [this] { roll_over(); });
  // Streams that need no first message deliver from now on.
  announce();
}

size_t stream_line::subscribe(link& to, const std::vector<std::string>& names) {
  auto commands = shared_.dialect.subscribe(names, command_);
  for (auto& command : commands)
    to.session->send(std::move(command));
  return commands.size();
}

void stream_line::resubscribe(symbol_id symbol, size_t kind) {
  if (!current_ || !current_->open)
    return;
  std::vector<std::string> names;
  for (auto& stream : plan_.streams)
    if (stream.symbol == symbol && stream.kind == kind)
      names.push_back(stream.name);
  if (names.empty())
    return;
  for (auto& command : shared_.dialect.unsubscribe(names, command_))
    current_->session->send(std::move(command));
  shared_.counters.resubscribed += names.size();
  subscribe(*current_, names);
}

// -- what comes ---------------------------------------------------------------

bool stream_line::decode(std::string_view bytes) {
  auto wrong = shared_.dialect.decode(bytes, messages_);
  if (wrong)
    ++shared_.counters.decode_faults[static_cast<size_t>(*wrong)];
  return !wrong;
}

void stream_line::on_message(link& from, utc_time received,
                             std::string_view bytes) {
  ++shared_.counters.messages;
  shared_.counters.bytes += bytes.size();
  shared_.tap.tell(raw_kind::message, received, from.name, bytes);
  if (!decode(bytes))
    return;
  note(from);
  if (successor_)
    note_numbers(from);
  if (&from == current_.get())
    return shared_.listener.on_messages(received, messages_);
  from.kept.emplace_back(received, bytes);
  from.kept_bytes += bytes.size();
  if (from.kept_bytes > shared_.settings.most_overlap_bytes)
    return take_over();
  if (from.overlaps || !from.watch.all_proved())
    return;
  from.overlaps = true;
  overlap_.start(shared_.settings.overlap, [this] { take_over_in_step(); });
}

void stream_line::note_numbers(link& from) {
  for (auto& message : messages_)
    if (auto at = position_of(message)) {
      auto& number = from.numbers.emplace(at->stream, at->number).first->second;
      if (&from == current_.get())
        number = at->number;
    }
}

// Takes the decoded messages for what they say about the connection.
void stream_line::note(link& from) {
  auto is_first = false;
  for (auto& message : messages_)
    if (auto symbol = symbol_of(message))
      is_first |= from.watch.heard(*symbol, message.index());
    else if (auto reply = std::get_if<venue_reply>(&message))
      on_reply(*reply);
  if (is_first && &from == current_.get())
    announce();
}

void stream_line::on_reply(const venue_reply& reply) {
  if (!reply.ok)
    ++shared_.counters.refused_commands;
  if (!shared_.dialect.announces_shutdown(reply))
    return;
  ++shared_.counters.shutdown_notices;
  // Not within a callback of the connection that it replaces.
  roll_over_.start(timespan{0}, [this] { roll_over(); });
}

// Tells which symbols deliver on this line, where that has changed.
void stream_line::announce() {
  for (auto& stream : plan_.streams) {
    size_t at = stream.symbol.index;
    if (told_.size() <= at)
      told_.resize(at + 1);
    auto all = true;
    for (size_t i = 0; i < plan_.streams.size() && all; ++i)
      if (plan_.streams[i].symbol == stream.symbol)
        all = current_->watch.proved(i);
    if (told_[at] == all)
      continue;
    told_[at] = all;
    shared_.listener.on_proved(index_, stream.symbol, all);
  }
}

// -- watching -----------------------------------------------------------------

void stream_line::beat() {
  heartbeat_.start(shared_.settings.heartbeat_interval, [this] { beat(); });
  for (auto link : {current_.get(), successor_.get()}) {
    if (!link || !link->open)
      continue;
    auto text = shared_.dialect.heartbeat(command_);
    if (text.empty())
      return;
    ++shared_.counters.heartbeats;
    link->session->send(std::move(text));
  }
}

void stream_line::watch() {
  watchdog_.start(shared_.settings.watch_interval, [this] { watch(); });
  if (successor_ && successor_->open && !watch(*successor_))
    abandon_successor("streams are silent");
  if (current_ && current_->open && !watch(*current_))
    lose("streams are silent");
}

bool stream_line::watch(link& of) {
  auto found = of.watch.check(network_thread::now());
  if (found.useless) {
    ++shared_.counters.useless;
    return false;
  }
  std::vector<std::string> names;
  for (auto i : found.again)
    names.push_back(plan_.streams[i].name);
  shared_.counters.resubscribed += names.size();
  if (!names.empty())
    subscribe(of, names);
  return true;
}

// -- ending and rolling over --------------------------------------------------

void stream_line::on_closed(link& which, const std::string& reason) {
  if (&which == successor_.get())
    return abandon_successor(reason);
  if (successor_ && successor_->open)
    return take_over();
  lose(reason);
}

void stream_line::end(std::unique_ptr<link>& which, const std::string& reason) {
  if (which->open)
    ++shared_.counters.disconnects;
  hang_up(which, reason);
}

void stream_line::hang_up(std::unique_ptr<link>& which,
                          const std::string& reason) {
  add(*which->session, shared_.counters);
  if (which->open)
    shared_.tap.tell(raw_kind::disconnected, network_thread::utc_now(),
                     which->name, reason);
  which.reset();
}

void stream_line::lose(const std::string& reason) {
  roll_over_.cancel();
  overlap_.cancel();
  auto lasted = current_->open
                && network_thread::now() - current_->opened
                     >= shared_.settings.proven_after;
  end(current_, reason);
  if (successor_)
    end(successor_, reason);
  told_.assign(told_.size(), false);
  shared_.listener.on_lost(index_);
  if (lasted)
    policy_.succeeded();
  connect_later(policy_.failed());
}

void stream_line::roll_over() {
  if (!current_ || !current_->open || successor_)
    return;
  auto pause = shared_.connections.wait(network_thread::now());
  if (pause > timespan{0})
    return roll_over_.start(pause, [this] { roll_over(); });
  current_->numbers.clear();
  successor_ = open();
  overlap_.start(shared_.settings.roll_over_limit,
                 [this] { abandon_successor("streams are silent"); });
}

void stream_line::abandon_successor(const std::string& reason) {
  overlap_.cancel();
  ++shared_.counters.failed_roll_overs;
  end(successor_, reason);
  roll_over_.start(policy_.failed(), [this] { roll_over(); });
}

// An old connection that lags has yet to bring what came before the first
// messages of the new one.
void stream_line::take_over_in_step() {
  // One that never catches up is no better than one that is cut off.
  if (network_thread::now() - successor_->opened
      > shared_.settings.roll_over_limit)
    return take_over();
  for (auto& [stream, first] : successor_->numbers) {
    auto last = current_->numbers.find(stream);
    if (last == current_->numbers.end() || last->second < first)
      return overlap_.start(shared_.settings.overlap,
                            [this] { take_over_in_step(); });
  }
  take_over();
}

void stream_line::take_over() {
  overlap_.cancel();
  ++shared_.counters.roll_overs;
  policy_.succeeded();
  end(current_, "replaced by " + successor_->name);
  current_ = std::move(successor_);
  current_->numbers.clear();
  if (shared_.settings.roll_over_after > timespan{0})
    roll_over_.start(shared_.settings.roll_over_after, [this] { roll_over(); });
  announce();
  auto kept = std::exchange(current_->kept, {});
  current_->kept_bytes = 0;
  for (auto& [received, bytes] : kept)
    if (decode(bytes))
      shared_.listener.on_messages(received, messages_);
  shared_.listener.on_drained();
}

} // namespace qalpha
