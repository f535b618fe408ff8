#include "runtime/storage/secret_reference.hpp"

#include "runtime/storage/file_handle.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qalpha {

namespace {

constexpr std::string_view file_prefix = "file:";
constexpr std::string_view environment_prefix = "env:";

// Longer than any password, shorter than a file that was named by mistake.
constexpr size_t longest_secret = 1024;

fallible<std::string> read_secret(const std::string& path) {
  file_handle file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat about {};
  if (!file || fstat(file.get(), &about) != 0)
    return fault{path + ": cannot read the secret: "
                 + std::generic_category().message(errno)};
  if ((about.st_mode & S_IROTH) != 0)
    return fault{path + ": everybody may read this secret; expected mode 0600"};
  std::array<char, longest_secret + 1> bytes{};
  auto n = read(file.get(), bytes.data(), bytes.size());
  if (n < 0)
    return fault{path + ": cannot read the secret: "
                 + std::generic_category().message(errno)};
  return std::string{bytes.data(), static_cast<size_t>(n)};
}

} // namespace

fallible<secret_reference> secret_reference::parse(std::string_view text) {
  secret_reference result;
  auto named = [&](std::string_view prefix) {
    return text.starts_with(prefix) && text.size() > prefix.size();
  };
  if (!text.empty() && !named(file_prefix) && !named(environment_prefix))
    return fault{
      "expected \"file:PATH\" or \"env:NAME\", found something else, "
      "which is not repeated here"};
  result.text_ = text;
  return result;
}

fallible<std::string> secret_reference::reveal() const {
  std::string_view where{text_};
  std::string secret;
  if (where.starts_with(file_prefix)) {
    where.remove_prefix(file_prefix.size());
    auto content = read_secret(std::string{where});
    if (!content)
      return content;
    secret = std::move(*content);
  } else {
    where.remove_prefix(environment_prefix.size());
    auto value = std::getenv(std::string{where}.c_str());
    if (value == nullptr)
      return fault{text_ + ": this variable is not set"};
    secret = value;
  }
  if (secret.ends_with('\n'))
    secret.pop_back();
  if (secret.empty() || secret.size() > longest_secret)
    return fault{text_ + ": expected a secret of 1 to 1024 bytes"};
  return secret;
}

} // namespace qalpha
