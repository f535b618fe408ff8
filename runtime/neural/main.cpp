// The program with LibTorch: the same verbs, and models behind them.

#include "models/neural/torch.hpp"

#include "models/neural/blas_speed.hpp"
#include "models/neural/cvae/load_regimes.hpp"
#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/neural/tft/tft_forecaster.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/neural/event_observer.hpp"
#include "runtime/neural/process_group.hpp"
#include "runtime/storage/sqlite.hpp"
#include "runtime/training/neural_support.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include <malloc.h>
#include <unistd.h>

// Of OpenBLAS; absent where another library multiplies.
extern "C" [[gnu::weak]] void openblas_set_num_threads(int count);

namespace {

/// OpenBLAS has threads of its own before the main function begins. A signal to
/// stop may go to any thread that has not blocked it and would end the process
/// there, whatever the main thread does; so all have to begin with it blocked.
void keep_signals_from_libraries(char** argv) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  // Its threads wait by turning round and round, which costs a busy machine
  // more than they bring; `use_threads` has more where they are wanted.
  ::setenv("OPENBLAS_NUM_THREADS", "1", 0);
  if (sigismember(&before, SIGINT) == 0)
    ::execv("/proc/self/exe", argv); // Begins again with what is blocked now.
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
}

void use_threads(int count) {
  at::set_num_threads(count);
  if (openblas_set_num_threads != nullptr)
    openblas_set_num_threads(count);
}

void keep_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

constexpr qalpha::neural_support support{
  .load = {.forecaster = qalpha::load_tft,
           .regimes = qalpha::load_regimes,
           .policy = qalpha::load_policy},
  .multiply_matrices = qalpha::multiply_matrices,
  .use_threads = use_threads,
  .keep_memory = keep_memory,
  .join = qalpha::join_processes,
  .watch = qalpha::watch_training,
  .train_forecast = qalpha::make_forecast_job,
  .train_regimes = qalpha::make_regime_job,
  .train_policy = qalpha::make_policy_job,
};

} // namespace

int main(int argc, char** argv) try {
  keep_signals_from_libraries(argv);
  return code(
    qalpha::run_command_line(argc, argv, qalpha::all_verbs(), &support));
} catch (const qalpha::sqlite_error& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::journal);
} catch (const std::exception& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::failure);
}
