// The main function of every test program, around CAF's own. It changes what
// makes a red or an empty run hard to see:
//  * a failed check is printed with file, line and values. CAF prints them only
//    at verbosity 4, together with every check that passed; those are left out
//    here unless -v asks for them,
//  * a run in which no test ran is a failure, such as a filter with a typo,
//  * QALPHA_GOLDEN, QALPHA_BIN and QALPHA_DATA have the values that CTest gives
//    them, unless the environment says otherwise.

#define CAF_TEST_NO_MAIN

#include <caf/test/unit_test_impl.hpp>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Passes whole lines on, except those that report a passed check.
class failures_only : public std::streambuf {
public:
  explicit failures_only(std::streambuf& sink) : sink_(sink) {
    // nop
  }

  ~failures_only() override {
    flush_line();
  }

protected:
  int_type overflow(int_type ch) override {
    if (traits_type::eq_int_type(ch, traits_type::eof()))
      return traits_type::not_eof(ch);
    line_.push_back(traits_type::to_char_type(ch));
    if (line_.back() == '\n')
      flush_line();
    return ch;
  }

  // A line that is not complete stays here until it is known what it reports;
  // an abort flushes through `overflow`, since CAF ends its reports with '\n'.
  int sync() override {
    return sink_.pubsync();
  }

private:
  bool reports_success() const {
    // The mark may follow a colour sequence.
    auto text = std::string_view{line_};
    auto mark = text.find("** ");
    return mark == 0 || (mark != text.npos && text.front() == '\033');
  }

  void flush_line() {
    if (!reports_success())
      sink_.sputn(line_.data(), static_cast<std::streamsize>(line_.size()));
    line_.clear();
  }

  std::streambuf& sink_;
  std::string line_;
};

/// One NAME=value a line, written by tests/CMakeLists.txt.
constexpr const char* default_environment =
#include "environment.inc"
  ;

void complete_environment() {
  std::istringstream lines{default_environment};
  for (std::string line; std::getline(lines, line);) {
    auto split = line.find('=');
    if (split != line.npos)
      setenv(line.substr(0, split).c_str(), line.c_str() + split + 1, 0);
  }
}

bool has_option(const std::vector<std::string_view>& args,
                std::initializer_list<std::string_view> prefixes) {
  return std::any_of(args.begin(), args.end(), [&](std::string_view arg) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) {
      return arg.substr(0, prefix.size()) == prefix;
    });
  });
}

/// Runs CAF's main at the verbosity that names failed checks.
int run_tests(int argc, char** argv) {
  std::vector<char*> args(argv, argv + argc);
  std::string verbosity = "-v4";
  args.insert(args.begin() + 1, verbosity.data());
  args.push_back(nullptr);
  failures_only filter{*std::cerr.rdbuf()};
  auto original = std::cerr.rdbuf(&filter);
  auto result = caf::test::main(argc + 1, args.data());
  std::cerr.rdbuf(original);
  return result;
}

} // namespace

int main(int argc, char** argv) {
  complete_environment();
  std::vector<std::string_view> args(argv + 1, argv + argc);
  auto lists_only
    = has_option(args, {"-a", "-A", "--available", "-h", "-?", "--help"});
  auto chose_verbosity = has_option(args, {"-v", "--console-verbosity"});
  auto result = lists_only || chose_verbosity ? caf::test::main(argc, argv)
                                              : run_tests(argc, argv);
  if (result == EXIT_SUCCESS && !lists_only
      && caf::test::engine::current_test() == nullptr) {
    std::cerr << "no test ran: the filter matches nothing\n";
    return EXIT_FAILURE;
  }
  return result;
}
