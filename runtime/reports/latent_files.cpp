#include "runtime/reports/latent_files.hpp"

#include "models/market/time.hpp"
#include "runtime/data/safe_file.hpp"
#include "runtime/reports/csv_text.hpp"
#include "runtime/reports/latent_picture.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <iterator>

namespace qalpha {

namespace {

constexpr std::string_view header
  = "time_ms,time,instrument,part,regime,component_1,component_2,explained_1,"
    "explained_2\n";

constexpr size_t piece_size = 1 << 16;

std::string cell(double x) {
  return std::isfinite(x) ? fmt::format("{:.8g}", x) : std::string{};
}

std::string share_cell(double x) {
  return x > 0 ? cell(x) : std::string{};
}

// Hands lines over in pieces, since a history of minutes has millions.
template <class Take>
void make_csv(const latent_rows& x, Take take) {
  std::vector<std::string> names;
  for (const auto& name : x.series)
    names.push_back(csv_text(name));
  auto explained = share_cell(x.explained[0]) + ","
                   + share_cell(x.explained[1]);
  std::string piece{header};
  for (const auto& row : x.rows) {
    auto part = row.part == sample_part::unknown ? "" : to_string(row.part);
    fmt::format_to(std::back_inserter(piece), "{},{},{},{},{},{},{},{}\n",
                   row.time_ms, format_iso({row.time_ms * 1'000'000}),
                   names[row.series], part, to_string(row.kind),
                   cell(row.position[0]), cell(row.position[1]), explained);
    if (piece.size() < piece_size)
      continue;
    take(piece);
    piece.clear();
  }
  take(piece);
}

fallible<bool> write(const std::string& path, const std::string& content) {
  safe_file file{path};
  file.write(content);
  return file.commit();
}

fallible<bool> write_csv(const std::string& path, const latent_rows& x) {
  safe_file file{path};
  make_csv(x, [&](const std::string& piece) { file.write(piece); });
  return file.commit();
}

} // namespace

std::string latent_csv(const latent_rows& x) {
  std::string result;
  make_csv(x, [&](const std::string& piece) { result += piece; });
  return result;
}

fallible<latent_files> write_latent_files(const latent_rows& x,
                                          const std::string& model,
                                          const std::string& directory) {
  auto stem = (std::filesystem::path{directory} / "latent").string();
  latent_files result{stem + ".svg", stem + ".png", stem + ".csv"};
  auto picture = picture_of(x, model);
  if (auto written = write(result.svg, to_svg(picture)); !written)
    return written.error();
  if (auto written = write(result.png, to_png(picture)); !written)
    return written.error();
  if (auto written = write_csv(result.csv, x); !written)
    return written.error();
  return result;
}

} // namespace qalpha
