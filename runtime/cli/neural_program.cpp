#include "runtime/cli/neural_program.hpp"

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

namespace {

/// The best of some rounds, since others may keep the machine busy meanwhile;
/// no more of them than it takes to know that it is fast enough.
/// @returns 1e9 operations a second
double matrix_speed(const neural_support& neural, double enough) {
  constexpr int rounds = 50;
  double best = 0;
  for (int i = 0; i < rounds && best < enough; ++i) {
    auto begin = std::chrono::steady_clock::now();
    auto operations = static_cast<double>(neural.multiply_matrices());
    auto time = std::chrono::steady_clock::now() - begin;
    best = std::max(best, 1e-9 * operations
                            / std::chrono::duration<double>(time).count());
  }
  return best;
}

} // namespace

std::optional<fault> prepare_models(const neural_support* neural,
                                    double least) {
  if (neural == nullptr)
    return std::nullopt;
  neural->use_threads(1);
  auto speed = matrix_speed(*neural, least);
  if (speed >= least)
    return std::nullopt;
  return fault{fmt::format(
    "models.blas_minimum_gflops: this machine multiplies matrices at {:.1f} "
    "GFLOP/s, expected at least {:g}; install libopenblas0-pthread, or answers "
    "of models will be late and dropped",
    speed, least)};
}

void prepare_models_without_haste(const neural_support* neural, double least) {
  if (auto slow = prepare_models(neural, least))
    std::cerr << "qalpha: " << slow->text << '\n';
}

const model_loaders* loaders_of(const neural_support* neural) {
  return neural == nullptr ? nullptr : &neural->load;
}

} // namespace qalpha
