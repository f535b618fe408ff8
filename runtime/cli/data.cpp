// qalpha data: verbs about histories and recordings.

#include "runtime/cli/data_verbs.hpp"
#include "runtime/cli/verb.hpp"

namespace qalpha {

void add_data(verb& program) {
  auto data = program.add("data", "Gets, checks and keeps market data");
  add_data_fetch(data);
  add_data_import(data);
  add_data_demo(data);
  add_data_verify(data);
  add_data_list(data);
  add_data_book(data);
  add_data_bars(data);
  add_data_record(data);
  add_data_replay(data);
  data.footer("Example: qalpha data verify BTCUSDT_1h.csv.gz\n"
              "Every verb has its own help: qalpha data fetch --help");
}

} // namespace qalpha
