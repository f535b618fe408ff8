#include "runtime/storage/raw/raw_tally.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace qalpha {

namespace {

constexpr std::array<char, 8> magic{'\x89', 'Q', 'T', 'A', 'L', 'L', 'Y', '1'};

/// What the kernel calls this start of the machine; empty where it does not.
std::string boot_id() {
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::string result;
  std::getline(file, result);
  return result;
}

} // namespace

struct raw_tally::layout {
  struct slot {
    uint64_t next_sequence;
    uint64_t bytes;
  };

  std::array<char, 8> magic;
  uint64_t run;
  uint64_t first_sequence;
  std::array<char, 40> boot;
  /// Index of the slot that is valid; the other one is being written.
  uint64_t current;
  std::array<slot, 2> slots;
};

raw_tally::raw_tally(layout* memory, uint64_t first_sequence) noexcept
  : memory_(memory), next_sequence_(first_sequence) {
  // nop
}

raw_tally::raw_tally(raw_tally&& other) noexcept
  : memory_(std::exchange(other.memory_, nullptr)),
    next_sequence_(other.next_sequence_), bytes_(other.bytes_) {
  // nop
}

raw_tally& raw_tally::operator=(raw_tally&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(next_sequence_, other.next_sequence_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

raw_tally::~raw_tally() {
  if (memory_ != nullptr)
    munmap(memory_, sizeof(layout));
}

fallible<raw_tally> raw_tally::create(const std::filesystem::path& file,
                                      uint64_t run, uint64_t first_sequence) {
  auto failed = [&file](int error) {
    return fault{file.string() + ": cannot be written: "
                 + std::generic_category().message(error)};
  };
  // The old counts stay readable until the new ones are complete.
  auto fresh = file;
  fresh += ".new";
  auto fd = ::open(fresh.c_str(),
                   O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return failed(errno);
  auto error = posix_fallocate(fd, 0, sizeof(layout));
  void* memory = MAP_FAILED;
  if (error == 0) {
    memory = mmap(nullptr, sizeof(layout), PROT_READ | PROT_WRITE, MAP_SHARED,
                  fd, 0);
    error = memory == MAP_FAILED ? errno : 0;
  }
  ::close(fd);
  if (error != 0) {
    ::unlink(fresh.c_str());
    return failed(error);
  }
  auto at = new (memory) layout{};
  raw_tally result{at, first_sequence};
  at->magic = magic;
  at->run = run;
  at->first_sequence = first_sequence;
  auto boot = boot_id();
  boot.copy(at->boot.data(), at->boot.size() - 1);
  at->current = first_sequence & 1;
  at->slots[at->current].next_sequence = first_sequence;
  if (::rename(fresh.c_str(), file.c_str()) != 0)
    return failed(errno);
  return result;
}

void raw_tally::count(uint64_t bytes) noexcept {
  ++next_sequence_;
  bytes_ += bytes;
  auto& slot = memory_->slots[next_sequence_ & 1];
  slot = {next_sequence_, bytes_};
  // The compiler must not turn the slot valid before it is written.
  std::atomic_ref{memory_->current}.store(next_sequence_ & 1,
                                          std::memory_order_release);
}

std::optional<raw_tally_state>
raw_tally::read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::array<char, sizeof(layout)> bytes{};
  if (!in.read(bytes.data(), bytes.size()))
    return std::nullopt;
  layout found;
  std::memcpy(&found, bytes.data(), bytes.size());
  if (found.magic != magic || found.current > 1)
    return std::nullopt;
  auto& slot = found.slots[found.current];
  auto& other = found.slots[found.current ^ 1];
  // The slots hold neighbours, unless only one was ever used.
  auto unused = other.next_sequence == 0
                && slot.next_sequence <= found.first_sequence + 1;
  if (slot.next_sequence < found.first_sequence
      || (!unused && slot.next_sequence + 1 != other.next_sequence
          && other.next_sequence + 1 != slot.next_sequence))
    return std::nullopt;
  found.boot.back() = '\0';
  return raw_tally_state{found.run, slot.next_sequence, slot.bytes,
                         boot_id() == found.boot.data()};
}

} // namespace qalpha
