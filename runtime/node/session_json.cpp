#include "runtime/node/session.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace qalpha {

std::string to_json(const session_result& x) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> out{text};
  out.StartObject();
  auto figure = [&](const char* key, uint64_t value) {
    out.Key(key);
    out.Uint64(value);
  };
  auto amount = [&](const char* key, money value) {
    out.Key(key);
    out.Double(to_double(value));
  };
  out.Key("run");
  out.String(x.run.c_str());
  out.Key("run_hash");
  out.String(x.run_hash.c_str());
  figure("frames", x.frames);
  figure("late_frames", x.late_frames);
  figure("fills", x.fills);
  figure("refused", x.refused);
  figure("alerts", x.alerts);
  figure("restarts", x.restarts);
  amount("start_equity", x.start);
  amount("final_equity", x.equity);
  amount("venue_equity", x.venue_equity);
  amount("fees", x.fees);
  amount("funding", x.funding);
  out.Key("max_drawdown");
  out.Double(x.max_drawdown);
  out.Key("clean");
  out.Bool(x.clean);
  out.Key("ledgers_equal");
  out.Bool(x.equal);
  out.EndObject();
  return text.GetString();
}

} // namespace qalpha
