#include "tests/runtime/storage/failing_vfs.hpp"

#include <sqlite3.h>

#include <string>
#include <utility>

namespace qalpha::test {

namespace {

failing_vfs::policy decide;
sqlite3_vfs* real = nullptr;
sqlite3_vfs fake;

/// SQLite allocates this with room for the file of the real system behind it.
struct fake_file {
  sqlite3_file base;
  const char* name;

  sqlite3_file* inner() {
    return reinterpret_cast<sqlite3_file*>(this + 1);
  }
};

fake_file& of(sqlite3_file* file) {
  return *reinterpret_cast<fake_file*>(file);
}

const sqlite3_io_methods* inner(sqlite3_file* file) {
  return of(file).inner()->pMethods;
}

int verdict(sqlite3_file* file, disk_operation operation) {
  auto name = of(file).name;
  return decide(operation, name == nullptr ? "" : name);
}

int write_some(sqlite3_file* f, const void* bytes, int n, sqlite3_int64 at) {
  if (auto code = verdict(f, disk_operation::write); code != SQLITE_OK)
    return code;
  return inner(f)->xWrite(of(f).inner(), bytes, n, at);
}

int truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (auto code = verdict(f, disk_operation::truncate); code != SQLITE_OK)
    return code;
  return inner(f)->xTruncate(of(f).inner(), size);
}

int sync(sqlite3_file* f, int flags) {
  if (auto code = verdict(f, disk_operation::sync); code != SQLITE_OK)
    return code;
  return inner(f)->xSync(of(f).inner(), flags);
}

/// Hands a call to the real file.
template <auto Member>
struct pass;

template <class... Ts, int (*sqlite3_io_methods::*Member)(sqlite3_file*, Ts...)>
struct pass<Member> {
  static int call(sqlite3_file* f, Ts... xs) {
    return (inner(f)->*Member)(of(f).inner(), xs...);
  }
};

void barrier(sqlite3_file* f) {
  inner(f)->xShmBarrier(of(f).inner());
}

using io = sqlite3_io_methods;

// Version 2: shared memory, but no memory mapping, which would bypass us.
const io methods = {2,
                    pass<&io::xClose>::call,
                    pass<&io::xRead>::call,
                    write_some,
                    truncate,
                    sync,
                    pass<&io::xFileSize>::call,
                    pass<&io::xLock>::call,
                    pass<&io::xUnlock>::call,
                    pass<&io::xCheckReservedLock>::call,
                    pass<&io::xFileControl>::call,
                    pass<&io::xSectorSize>::call,
                    pass<&io::xDeviceCharacteristics>::call,
                    pass<&io::xShmMap>::call,
                    pass<&io::xShmLock>::call,
                    barrier,
                    pass<&io::xShmUnmap>::call,
                    nullptr,
                    nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
         int* out) {
  auto& self = of(file);
  self.name = name;
  auto result = real->xOpen(real, name, self.inner(), flags, out);
  // Without methods, SQLite does not close what was not opened.
  self.base.pMethods = result == SQLITE_OK ? &methods : nullptr;
  return result;
}

} // namespace

failing_vfs::failing_vfs(policy how) {
  decide = std::move(how);
  real = sqlite3_vfs_find(nullptr);
  fake = *real;
  fake.zName = "failing";
  fake.szOsFile += static_cast<int>(sizeof(fake_file));
  fake.xOpen = open;
  sqlite3_vfs_register(&fake, 1);
}

failing_vfs::~failing_vfs() {
  sqlite3_vfs_unregister(&fake);
  sqlite3_vfs_register(real, 1);
  decide = nullptr;
}

} // namespace qalpha::test
