#define CAF_SUITE storage_zip_member

#include "runtime/storage/bar_history.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/dsl.hpp>

#include <openssl/sha.h>
#include <zip.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr const char* rows = "timestamp,open,high,low,close,volume\n"
                             "1603440000000,10.5,11,10,10.75,1.25\n"
                             "1603443600000,10.75,12,10.5,11.5,0\n";

struct fixture {
  scratch place;
  std::string path = (place / "x.zip").string();
  instrument rules = make_instrument(0, "X", 1'000'000, 100'000);

  void pack(const std::vector<std::pair<std::string, std::string>>& members) {
    fs::remove(path);
    auto* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_EXCL, nullptr);
    CAF_REQUIRE(archive != nullptr);
    for (const auto& [name, text] : members) {
      if (name.ends_with('/')) {
        zip_dir_add(archive, name.c_str(), 0);
        continue;
      }
      auto* source = zip_source_buffer(archive, text.data(), text.size(), 0);
      zip_file_add(archive, name.c_str(), source, 0);
    }
    CAF_REQUIRE_EQUAL(zip_close(archive), 0);
  }

  std::string fault_text() {
    auto read = read_bars(path, rules);
    return read ? "no fault" : read.error().text.substr(path.size() + 2);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(zip_member_tests, fixture)

CAF_TEST(bars_are_read_from_the_only_file_of_a_zip) {
  pack({{"folder/", ""}, {"folder/x.csv", rows}});
  auto read = read_bars(path, rules);
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(read->report.rows, 2u);
  CAF_MESSAGE("the hash is that of the archive");
  auto bytes = content_of(path);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest);
  CAF_CHECK_EQUAL(std::stoul(read->report.sha256.substr(0, 2), nullptr, 16),
                  digest[0]);
  CAF_CHECK_EQUAL(std::stoul(read->report.sha256.substr(62), nullptr, 16),
                  digest[31]);
}

CAF_TEST(other_archives_are_refused) {
  pack({{"a.csv", rows}, {"b.csv", rows}});
  CAF_CHECK_EQUAL(fault_text(),
                  "expected one file in the zip archive, found several");
  pack({{"a.csv", rows}});
  auto whole = content_of(path);
  write_file(path, whole.substr(0, whole.size() - 10));
  CAF_CHECK(fault_text().find("truncated or damaged") != std::string::npos);
  CAF_MESSAGE("a byte of the data is wrong");
  auto wrong = whole;
  wrong[60] = static_cast<char>(wrong[60] ^ 1);
  write_file(path, wrong);
  CAF_CHECK(fault_text() != "no fault");
}

CAF_TEST(mutated_archives_are_read_or_refused) {
  dice roll;
  pack({{"a.csv", rows}});
  auto whole = content_of(path);
  for (int i = 0; i < 500; ++i) {
    auto text = whole;
    text[static_cast<size_t>(roll(4, static_cast<int64_t>(text.size()) - 1))]
      = static_cast<char>(roll(0, 255));
    write_file(path, text);
    auto read = read_bars(path, rules);
    CAF_REQUIRE(read || read.error().text.find('\n') == std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
