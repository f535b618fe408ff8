#include "runtime/node/actor_config.hpp"

#include "messages/interfaces.hpp"

#include <algorithm>

namespace qalpha {

namespace {

std::string render(uint8_t code, caf::atom_value, const caf::message& context) {
  auto text = to_string(static_cast<ec>(code));
  if (context.match_elements<std::string>())
    text += ": " + context.get_as<std::string>(0);
  return text;
}

void announce(caf::actor_system_config& cfg) {
  cfg.add_message_types<caf::id_block::qalpha>();
  cfg.add_error_category(caf::atom("qalpha"), render);
}

} // namespace

actor_config::actor_config(const scheduler_settings& settings) {
  announce(*this);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", std::max<size_t>(1, settings.threads));
  set("scheduler.max-throughput",
      std::clamp<size_t>(settings.max_throughput, 1, 30));
}

actor_config::actor_config(deterministic) {
  announce(*this);
  set("scheduler.policy", caf::atom("testing"));
}

} // namespace qalpha
