#include "actors/shell.hpp"

#include <caf/sec.hpp>
#include <caf/to_string.hpp>

#include <exception>

namespace qalpha {

void install_handlers(caf::scheduled_actor* self, shell& state) {
  auto survive = [&state](caf::scheduled_actor* who, std::string what) {
    ++state.incidents;
    state.last_error = what;
    if (state.node != nullptr && state.node->incidents != nullptr)
      state.node->incidents->report(who->name(), what);
  };
  self->set_exception_handler(
    [survive](caf::scheduled_actor* who,
              std::exception_ptr& thrown) -> caf::error {
      std::string what = "unknown exception";
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& ex) {
        what = ex.what();
      } catch (...) {
        // nop
      }
      survive(who, what);
      return caf::error{ec::crashed, what};
    });
  self->set_error_handler(
    [survive](caf::scheduled_actor* who, caf::error& err) {
      survive(who, who->system().render(err));
    });
  self->set_default_handler(
    [survive](caf::scheduled_actor* who,
              caf::message_view&) -> caf::result<caf::message> {
      survive(who, "unexpected message");
      return caf::sec::unexpected_message;
    });
}

} // namespace qalpha
