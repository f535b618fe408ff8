#include "tests/actors/actor_fixture.hpp"

namespace qalpha::test {

// Here and not in the header: it generates the code of every message type.
qalpha_config::qalpha_config() {
  add_message_types<caf::id_block::qalpha>();
}

} // namespace qalpha::test
