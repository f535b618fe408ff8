#include "runtime/cli/data_verbs.hpp"
#include "runtime/data/history_list.hpp"
#include "runtime/data/wall_clock.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct list_options {
  std::string directory = "data";
  bool json = false;
};

exit_code list(const list_options& options) {
  std::error_code code;
  if (!std::filesystem::is_directory(options.directory, code)) {
    std::cerr << "qalpha: " << options.directory << ": no such directory\n";
    return exit_code::not_found;
  }
  auto entries = list_histories(options.directory, wall_clock_now());
  if (!entries) {
    std::cerr << "qalpha: " << entries.error().text << '\n';
    return exit_code::failure;
  }
  std::cout << (options.json ? list_json(*entries) + "\n"
                             : list_text(*entries));
  return exit_code::ok;
}

} // namespace

void add_data_list(verb& data) {
  auto options = std::make_shared<list_options>();
  auto spec = data.add("list", "Lists the histories of a directory");
  spec.text("DIR", options->directory, "Where to look (default data)");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Files are read once; what was found is kept in "
              + std::string{manifest_name}
              + " beside them.\nExample: qalpha data list data");
  spec.action([options] { return list(*options); });
}

} // namespace qalpha
