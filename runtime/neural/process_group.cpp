#include "models/neural/torch.hpp"

#include "runtime/neural/process_group.hpp"

// The headers of LibTorch show Gloo only to those who ask for it.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef QALPHA_HAS_NCCL
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

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

/// Sums with one kind of group, on the device that it works on.
template <class Group>
class group_reduce final : public all_reduce {
public:
  group_reduce(const process_place& place, c10::intrusive_ptr<Group> group,
               torch::Device device)
    : place_(place), group_(std::move(group)), device_(device) {
    // nop
  }

  size_t rank() const noexcept override {
    return place_.rank;
  }

  size_t world() const noexcept override {
    return place_.world;
  }

  std::optional<fault> sum(std::span<float> values) override try {
    auto here = torch::from_blob(
      values.data(), {static_cast<int64_t>(values.size())}, torch::kFloat);
    // The same memory if the group works on the processor.
    std::vector<torch::Tensor> all{here.to(device_)};
    group_->allreduce(all)->wait();
    if (!device_.is_cpu())
      here.copy_(all.front());
    return std::nullopt;
  } catch (const std::exception& ex) {
    return failure("another process is gone", ex);
  }

private:
  process_place place_;
  c10::intrusive_ptr<Group> group_;
  torch::Device device_;
};

std::shared_ptr<all_reduce> over_gloo(const process_place& place,
                                      c10::intrusive_ptr<c10d::Store> store) {
  auto options = c10d::ProcessGroupGloo::Options::create();
  options->devices.push_back(
    c10d::ProcessGroupGloo::createDeviceForHostname(place.address));
  options->timeout = place.patience;
  auto group = c10::make_intrusive<c10d::ProcessGroupGloo>(
    store, static_cast<int>(place.rank), static_cast<int>(place.world),
    options);
  return std::make_shared<group_reduce<c10d::ProcessGroupGloo>>(
    place, std::move(group), torch::kCPU);
}

#ifdef QALPHA_HAS_NCCL

std::shared_ptr<all_reduce> over_nccl(const process_place& place,
                                      c10::intrusive_ptr<c10d::Store> store) {
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = place.patience;
  auto group = c10::make_intrusive<c10d::ProcessGroupNCCL>(
    store, static_cast<int>(place.rank), static_cast<int>(place.world),
    options);
  // Each process sees the GPUs of its machine only.
  auto here = static_cast<c10::DeviceIndex>(
    place.rank % static_cast<size_t>(torch::cuda::device_count()));
  return std::make_shared<group_reduce<c10d::ProcessGroupNCCL>>(
    place, std::move(group), torch::Device{torch::kCUDA, here});
}

#endif

} // namespace

fallible<std::shared_ptr<all_reduce>>
join_processes(const process_place& place) try {
  auto store = open_store(place);
  store->setTimeout(place.patience);
#ifdef QALPHA_HAS_NCCL
  if (torch::cuda::is_available())
    return over_nccl(place, std::move(store));
#endif
  return over_gloo(place, std::move(store));
} catch (const std::exception& ex) {
  return failure(place.meeting, ex);
}

} // namespace qalpha
