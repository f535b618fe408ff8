#include "runtime/data/archive_store.hpp"

#include "runtime/data/archive_plan.hpp"
#include "runtime/data/file_sum.hpp"
#include "runtime/data/part_file.hpp"
#include "runtime/data/safe_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

// A month of trades of the busiest symbol has some hundred megabytes.
constexpr uint64_t most_bytes = uint64_t{4} << 30;

constexpr uint64_t most_checksum_bytes = 4096;

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string first_bytes(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string result(most_checksum_bytes, '\0');
  file.read(result.data(), static_cast<std::streamsize>(result.size()));
  result.resize(static_cast<size_t>(file.gcount()));
  return result;
}

} // namespace

archive_store::archive_store(std::string directory, web_access web,
                             listener on_progress)
  : directory_(std::move(directory)), web_(std::move(web)),
    on_progress_(std::move(on_progress)) {
  // nop
}

fallible<std::optional<stored_file>>
archive_store::get(const std::string& target) {
  if (auto found = find(target))
    return std::move(found);
  std::error_code code;
  fs::create_directories(fs::path{directory_ + target}.parent_path(), code);
  if (code)
    return fault{directory_ + target + ": " + code.message()};
  auto sum = ask_checksum(target);
  if (!sum)
    return sum.error();
  if (!*sum)
    return std::optional<stored_file>{};
  auto stored = settle(target, **sum);
  if (!stored)
    return stored.error();
  return std::optional{std::move(*stored)};
}

/// @returns the file if it is here and still what it was when it came.
std::optional<stored_file> archive_store::find(const std::string& target) {
  auto path = directory_ + target;
  auto expected = parse_checksum(first_bytes(path + ".CHECKSUM"),
                                 file_name(target));
  if (!expected)
    return std::nullopt;
  auto sum = sha256_of_file(path);
  if (!sum || *sum != *expected)
    return std::nullopt;
  return stored_file{path, *sum, true};
}

fallible<std::optional<std::string>>
archive_store::ask_checksum(const std::string& target) {
  auto answer = ask_patiently(web_, target + ".CHECKSUM", [] {
    http_options options;
    options.most_bytes = most_checksum_bytes;
    return options;
  });
  if (!answer)
    return answer.error();
  if (answer->status == 404)
    return std::optional<std::string>{};
  if (answer->status != 200)
    return refused(web_, *answer);
  auto sum = parse_checksum(answer->body, file_name(target));
  content_is_wrong_ = !sum;
  if (!sum)
    return fault{web_.name + target + ".CHECKSUM: " + sum.error().text};
  return std::optional{*sum};
}

/// Downloads until the sum is right: what an interrupted download left may be
/// of a file that was replaced since, so one wrong sum is no surprise.
fallible<stored_file> archive_store::settle(const std::string& target,
                                            const std::string& sum) {
  auto path = directory_ + target;
  auto part = path + ".part";
  std::string found;
  for (int next = 0; next < 2; ++next) {
    if (auto done = download(target, part); !done)
      return done.error();
    found = sha256_of_file(part).value_or("nothing");
    std::error_code code;
    if (found != sum) {
      fs::remove(part, code);
      continue;
    }
    fs::rename(part, path, code);
    if (code)
      return fault{path + ": " + code.message()};
    safe_file note{path + ".CHECKSUM"};
    note.write(sum + "  " + file_name(target) + "\n");
    if (auto written = note.commit(); !written)
      return written.error();
    return stored_file{path, sum, false};
  }
  content_is_wrong_ = true;
  return fault{web_.name + target + ": expected SHA-256 " + sum + ", found "
               + found + " twice"};
}

fallible<bool> archive_store::download(const std::string& target,
                                       const std::string& part) {
  part_file file{part};
  auto answer = ask_patiently(web_, target, [&] {
    http_options options;
    options.limit = std::chrono::hours{1};
    options.most_bytes = most_bytes;
    options.first_byte = file.resume();
    options.on_body = [&](std::string_view bytes, http_progress progress) {
      if (on_progress_)
        on_progress_(progress);
      return file.write(bytes, progress.received - bytes.size());
    };
    return options;
  });
  if (file.error())
    return *file.error();
  if (!answer)
    return answer.error();
  // The server has nothing behind what is here: all of it, or too much.
  if (answer->status == 416)
    return file.close();
  if (answer->status / 100 != 2)
    return refused(web_, *answer);
  return file.close();
}

} // namespace qalpha
