#include "runtime/storage/zip_member.hpp"

#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

namespace qalpha {

namespace {

struct closer {
  void operator()(zip_t* ptr) const noexcept {
    // Read only: nothing to write back.
    zip_discard(ptr);
  }

  void operator()(zip_file_t* ptr) const noexcept {
    zip_fclose(ptr);
  }
};

using archive_ptr = std::unique_ptr<zip_t, closer>;
using member_ptr = std::unique_ptr<zip_file_t, closer>;

fallible<archive_ptr> open_archive(int fd) {
  // The library owns and moves the descriptor it is given.
  auto own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0 || ::lseek(own, 0, SEEK_SET) != 0) {
    if (own >= 0)
      ::close(own);
    return fault{"cannot be read"};
  }
  int code = 0;
  if (auto* opened = zip_fdopen(own, 0, &code))
    return archive_ptr{opened};
  ::close(own);
  if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS)
    return fault{"expected a zip archive, found a truncated or damaged one"};
  return fault{"expected a zip archive, found one that cannot be read"};
}

/// @returns the index of the only file; folders do not count.
fallible<zip_uint64_t> only_file(zip_t* archive) {
  // More entries than this are no archive of ours; looking on costs time only.
  constexpr zip_int64_t most_entries = 16;
  auto count = zip_get_num_entries(archive, 0);
  zip_int64_t found = -1;
  for (zip_int64_t i = 0; i < count && count <= most_entries; ++i) {
    std::string name;
    if (auto* text = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0))
      name = text;
    if (name.ends_with('/'))
      continue;
    if (found >= 0)
      return fault{"expected one file in the zip archive, found several"};
    found = i;
  }
  if (found < 0)
    return fault{count > most_entries
                   ? "expected one file in the zip archive, found several"
                   : "expected one file in the zip archive, found none"};
  return static_cast<zip_uint64_t>(found);
}

} // namespace

// Destroyed in reverse: the member before its archive.
struct zip_member::state {
  archive_ptr archive;
  member_ptr member;
};

zip_member::zip_member(std::unique_ptr<state> impl) : state_(std::move(impl)) {
  // nop
}

zip_member::zip_member(zip_member&&) noexcept = default;
zip_member& zip_member::operator=(zip_member&&) noexcept = default;
zip_member::~zip_member() = default;

fallible<zip_member> zip_member::open(int fd) {
  auto archive = open_archive(fd);
  if (!archive)
    return archive.error();
  auto index = only_file(archive->get());
  if (!index)
    return index.error();
  member_ptr member{zip_fopen_index(archive->get(), *index, 0)};
  if (!member)
    return fault{"expected a file in the zip archive that can be unpacked, "
                 "found an encrypted or damaged one"};
  auto impl = std::make_unique<state>();
  impl->archive = std::move(*archive);
  impl->member = std::move(member);
  return zip_member{std::move(impl)};
}

fallible<size_t> zip_member::read(char* out, size_t capacity) {
  auto got = zip_fread(state_->member.get(), out, capacity);
  if (got < 0)
    return fault{"compressed data are damaged"};
  return static_cast<size_t>(got);
}

} // namespace qalpha
