// Where a pure machine puts its effects.
//
// A machine is a class with `step(event, ..., effects&)` overloads. It has no
// clock, no I/O and no idea who listens. Its `effects` type is a `sink` of the
// facts and commands it may tell, so that reading one line shows all a machine
// can cause:
//
//   using effects = sink<mark_updated, bar_closed>;
//
// An actor implements the sink by sending messages, the fused backtest engine
// by calling the next machine, a test by keeping a list.

#pragma once

namespace qalpha {

/// Receives effects of the listed types, in the order in which they happen.
template <class... Facts>
class sink;

template <class Fact>
class sink<Fact> {
public:
  virtual void tell(const Fact& fact) = 0;

protected:
  ~sink() = default;
};

template <class Fact, class Next, class... Facts>
class sink<Fact, Next, Facts...> : public sink<Next, Facts...> {
public:
  using sink<Next, Facts...>::tell;

  virtual void tell(const Fact& fact) = 0;

protected:
  ~sink() = default;
};

/// Implements `Sink` by handing each effect to `Router::route(fact)`.
template <class Router, class Sink>
class routed;

template <class Router, class Fact>
class routed<Router, sink<Fact>> final : public sink<Fact> {
public:
  explicit routed(Router& router) : router_(&router) {
    // nop
  }

  void tell(const Fact& fact) override {
    router_->route(fact);
  }

private:
  Router* router_;
};

namespace detail {

// Overrides one `tell` after the other; `Base` is the full sink.
template <class Router, class Base, class... Facts>
class routed_chain;

template <class Router, class Base>
class routed_chain<Router, Base> : public Base {
protected:
  ~routed_chain() = default;

  Router* router_ = nullptr;
};

template <class Router, class Base, class Fact, class... Facts>
class routed_chain<Router, Base, Fact, Facts...>
  : public routed_chain<Router, Base, Facts...> {
public:
  using routed_chain<Router, Base, Facts...>::tell;

  void tell(const Fact& fact) override {
    this->router_->route(fact);
  }

protected:
  ~routed_chain() = default;
};

} // namespace detail

template <class Router, class Fact, class Next, class... Facts>
class routed<Router, sink<Fact, Next, Facts...>> final
  : public detail::routed_chain<Router, sink<Fact, Next, Facts...>, Fact, Next,
                                Facts...> {
public:
  explicit routed(Router& router) {
    this->router_ = &router;
  }
};

} // namespace qalpha
