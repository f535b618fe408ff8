#pragma once

// Stands in front of CAF's header of the same name and repairs one thing in it.
// CAF 0.17.6 keeps the arguments of a function-based actor in a shared_ptr to a
// tuple, leaves that pointer null when there are none, and dereferences it all
// the same. -D_GLIBCXX_ASSERTIONS rightly aborts there, so every
// `sys.spawn(some_actor)` would; and UBSan reports a null reference. The
// partial specialisation below is CAF's class for the empty tuple, without the
// pointer.

#include_next "caf/detail/init_fun_factory.hpp"

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace caf::detail {

template <class Base, class F, bool ReturnsBehavior, bool HasSelfPtr>
class init_fun_factory_helper<Base, F, std::shared_ptr<std::tuple<>>,
                              ReturnsBehavior, HasSelfPtr>
  final : public init_fun_factory_helper_base {
public:
  init_fun_factory_helper(F fun, std::shared_ptr<std::tuple<>>)
    : fun_(std::move(fun)) {
    // nop
  }

  behavior operator()(local_actor* self) final {
    if (hook_ != nullptr)
      hook_(self);
    if constexpr (ReturnsBehavior) {
      auto result = call(self);
      return std::move(result.unbox());
    } else {
      call(self);
      return behavior{};
    }
  }

private:
  decltype(auto) call([[maybe_unused]] local_actor* self) {
    if constexpr (HasSelfPtr)
      return fun_(static_cast<Base*>(self));
    else
      return fun_();
  }

  F fun_;
};

} // namespace caf::detail
