#include "runtime/cli/neural_program.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include <unistd.h>

namespace qalpha {

exit_code become_neural_program(const std::vector<std::string>& arguments) {
  std::error_code code;
  auto here = std::filesystem::read_symlink("/proc/self/exe", code);
  auto path = (here.parent_path() / "qalpha-neural").string();
  if (code || !std::filesystem::exists(path, code)) {
    std::cerr << "qalpha: " << path
              << ": expected the program for trained models there; build it "
                 "with LibTorch installed (scripts/setup.sh)\n";
    return exit_code::not_found;
  }
  std::vector<char*> words{path.data()};
  auto copies = arguments;
  for (auto& word : copies)
    words.push_back(word.data());
  words.push_back(nullptr);
  std::cout.flush();
  ::execv(path.c_str(), words.data());
  std::cerr << "qalpha: " << path << ": " << std::strerror(errno) << '\n';
  return exit_code::failure;
}

} // namespace qalpha
