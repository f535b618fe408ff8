#include "models/machine/quoted_text.hpp"
#include "runtime/cli/models_verbs.hpp"
#include "runtime/cli/neural_program.hpp"
#include "runtime/config/data_paths.hpp"
#include "runtime/features/market_table.hpp"
#include "runtime/outlook/latent_reading.hpp"
#include "runtime/reports/latent_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct picture_options : models_options {
  std::string id;
  std::optional<uint64_t> version;
  std::vector<std::string> data;
  std::string out;
};

/// @returns the capitals and digits that the name of a file begins with, or the
///          whole of it if it begins otherwise: any instrument may be drawn,
///          not only those of the training.
std::string symbol_of(const std::string& path) {
  auto name = std::filesystem::path{path}.filename().string();
  auto end = std::find_if_not(name.begin(), name.end(), [](char x) {
    return (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9');
  });
  return end == name.begin() ? name : std::string{name.begin(), end};
}

fallible<std::vector<market_rows>> read_history(const picture_options& options,
                                                const manifest& about) {
  std::vector<market_rows> result;
  for (const auto& text : options.data) {
    auto file = parse_data_argument(text, {{.name = symbol_of(text)}});
    if (!file)
      return fault{"--data " + file.error().text};
    auto table = read_market_table(file->path, about.features.interval);
    if (!table)
      return table.error();
    result.push_back({file->symbol, std::move(table->columns)});
  }
  return result;
}

/// What the axes explain was found out in the training.
void add_explained(const manifest& about, latent_rows& to) {
  for (size_t i = 0; i < to.explained.size(); ++i) {
    auto found = about.metrics.find(fmt::format("explained_{}", i + 1));
    if (found != about.metrics.end())
      to.explained[i] = found->second;
  }
}

exit_code say(const picture_options& options, const latent_rows& rows,
              const latent_files& files) {
  if (options.json)
    std::cout << fmt::format(R"({{"ok": true, "rows": {}, "latent_svg": {}, )"
                             R"("latent_png": {}, "latent_csv": {}}})",
                             rows.rows.size(), json_text(files.svg),
                             json_text(files.png), json_text(files.csv))
              << '\n';
  else
    std::cout << fmt::format("{} rows in {} and {}, as points in {}\n",
                             rows.rows.size(), files.svg, files.png, files.csv);
  return exit_code::ok;
}

exit_code draw(const picture_options& options, const stored_checkpoint& stored,
               const neural_support& neural) {
  const auto& about = stored.model.about;
  auto model = neural.load.regimes(stored.model);
  if (!model)
    return refuse(options, exit_code::gate_failed, "damaged",
                  model.error().text);
  auto history = read_history(options, about);
  if (!history)
    return refuse(options, exit_code::gate_failed, "data",
                  history.error().text);
  auto rows = read_latents(**model, *history);
  if (!rows)
    return refuse(options, exit_code::gate_failed, "data", rows.error().text);
  add_explained(about, *rows);
  auto out = options.out.empty() ? "run/latent-" + stored.version.id
                                 : options.out;
  std::error_code code;
  std::filesystem::create_directories(out, code);
  auto name = fmt::format("{} {}", stored.version.id, stored.version.version);
  auto files = write_latent_files(*rows, name, out);
  if (!files)
    return refuse(options, exit_code::failure, "failed", files.error().text);
  return say(options, *rows, *files);
}

exit_code picture(const picture_options& options,
                  const program_context& context) {
  auto store = open_store(options);
  if (!store)
    return exit_code::not_found;
  auto version = wanted_version(*store, options.id, options.version);
  if (!version || !store->has(options.id, *version))
    return refuse_unknown(options, *store, options.id, options.version);
  auto model = store->load(options.id, *version);
  if (!model)
    return refuse(options, exit_code::gate_failed, "damaged",
                  model.error().text);
  auto role = find_role(model->model.about.architecture, model_architectures);
  if (role != model_role::regimes)
    return refuse(options, exit_code::usage, "usage",
                  options.id + ": expected a model of regimes, found a "
                    + model->model.about.architecture);
  if (context.neural == nullptr)
    return become_neural_program(context.arguments);
  return draw(options, *model, *context.neural);
}

} // namespace

void add_models_picture(verb& models) {
  auto options = std::make_shared<picture_options>();
  auto spec = models.add("picture",
                         "Draws where a model of regimes sees a history");
  spec.text("ID", options->id, "The model").required();
  spec.number("VERSION", options->version, "Its version (default: the newest)");
  spec
    .texts("--data", options->data,
           "Bars: FILE, or SYMBOL=FILE; may be repeated")
    .required();
  spec.text("--out", options->out,
            "Directory of latent.svg, latent.png and latent.csv (default: "
            "run/latent-ID)");
  add_models_options(spec, *options);
  spec.footer("The line is the way of the last 200 bars of the first file.\n"
              "Example: qalpha models picture demo-regimes --data "
              "BTCUSDT_1h.csv.gz");
  spec.action([options, &context = models.context()] {
    return picture(*options, context);
  });
}

} // namespace qalpha
