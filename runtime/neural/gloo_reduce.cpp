#include "models/neural/torch.hpp"

#include "runtime/neural/gloo_reduce.hpp"

// The headers of LibTorch show Gloo only to those who ask for it.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <charconv>
#include <exception>
#include <string>

namespace qalpha {

namespace {

using milliseconds = std::chrono::milliseconds;

constexpr std::string_view tcp_scheme = "tcp://";

fault failure(const std::string& what, const std::exception& ex) {
  std::string text = ex.what();
  return fault{what + ": " + text.substr(0, text.find('\n'))};
}

c10::intrusive_ptr<c10d::Store> open_store(const process_place& place) {
  auto world = static_cast<int>(place.world);
  if (!place.meeting.starts_with(tcp_scheme))
    return c10::make_intrusive<c10d::FileStore>(place.meeting, world);
  auto colon = place.meeting.rfind(':');
  auto host = place.meeting.substr(tcp_scheme.size(),
                                   colon - tcp_scheme.size());
  c10d::TCPStoreOptions options;
  auto end = place.meeting.data() + place.meeting.size();
  auto [at, code] = std::from_chars(place.meeting.data() + colon + 1, end,
                                    options.port);
  TORCH_CHECK(code == std::errc{} && at == end && !host.empty(),
              "expected tcp://HOST:PORT");
  options.isServer = place.rank == 0;
  options.numWorkers = place.world;
  options.timeout = place.patience;
  return c10::make_intrusive<c10d::TCPStore>(host, options);
}

class gloo_reduce final : public all_reduce {
public:
  explicit gloo_reduce(const process_place& place) : place_(place) {
    auto options = c10d::ProcessGroupGloo::Options::create();
    options->devices.push_back(
      c10d::ProcessGroupGloo::createDeviceForHostname(place.address));
    options->timeout = place.patience;
    auto store = open_store(place);
    store->setTimeout(place.patience);
    group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(
      store, static_cast<int>(place.rank), static_cast<int>(place.world),
      options);
  }

  size_t rank() const noexcept override {
    return place_.rank;
  }

  size_t world() const noexcept override {
    return place_.world;
  }

  std::optional<fault> sum(std::span<float> values) override try {
    std::vector<torch::Tensor> all{torch::from_blob(
      values.data(), {static_cast<int64_t>(values.size())}, torch::kFloat)};
    group_->allreduce(all)->wait();
    return std::nullopt;
  } catch (const std::exception& ex) {
    return failure("another process is gone", ex);
  }

private:
  process_place place_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

} // namespace

fallible<std::shared_ptr<all_reduce>>
join_processes(const process_place& place) try {
  return std::shared_ptr<all_reduce>{std::make_shared<gloo_reduce>(place)};
} catch (const std::exception& ex) {
  return failure(place.meeting, ex);
}

} // namespace qalpha
