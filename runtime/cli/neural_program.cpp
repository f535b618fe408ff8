#include "runtime/cli/neural_program.hpp"

#include "models/neural/blas_speed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
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

void prepare_models(const neural_support* neural) {
  if (neural == nullptr)
    return;
  neural->use_threads(1);
  constexpr int rounds = 8;
  double best = 0;
  for (int i = 0; i < rounds; ++i) {
    auto begin = std::chrono::steady_clock::now();
    auto operations = static_cast<double>(neural->multiply_matrices());
    auto time = std::chrono::steady_clock::now() - begin;
    best = std::max(best, 1e-9 * operations
                            / std::chrono::duration<double>(time).count());
  }
  if (best < least_blas_gflops)
    std::cerr << fmt::format(
      "qalpha: this machine multiplies matrices at {:.1f} GFLOP/s, expected at "
      "least {:g}: install libopenblas0-pthread, or answers of models will be "
      "late and dropped\n",
      best, least_blas_gflops);
}

const model_loaders* loaders_of(const neural_support* neural) {
  return neural == nullptr ? nullptr : &neural->load;
}

} // namespace qalpha
