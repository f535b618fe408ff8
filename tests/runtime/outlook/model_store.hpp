// A store of models for tests that choose among them.

#pragma once

#include "runtime/checkpoints/checkpoint_store.hpp"
#include "tests/models/checkpoints/small_model.hpp"
#include "tests/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace qalpha::test {

/// A forecaster whose one column is known from the first bar on.
inline checkpoint plain_model() {
  auto result = small_model("plain");
  auto& about = result.about;
  about.features = {std::chrono::hours{1}, {{"sma", "x", {}, {{"period", 1}}}}};
  about.schema_hash = feature_plan::make(about.features)->schema_hash;
  about.scales.resize(1);
  about.bins.resize(1);
  return result;
}

/// Two forecasters "tft-btc", a regime model "vae" and a policy "dt", none of
/// them approved; and `plain_model`.
struct model_store {
  temporary_folder place;
  std::string root = (place.path() / "models").string();
  checkpoint_store store = std::move(*checkpoint_store::create(root));

  model_store() {
    auto first = store.save(small_model());
    auto second = store.save(small_model("tft-btc", 2));
    auto plain = store.save(plain_model());
    auto regimes = small_model("vae");
    regimes.about.architecture = "contrastive-vae";
    auto policy = small_model("dt");
    policy.about.architecture = "decision-transformer";
    if (!first || !second || !plain || !store.save(regimes)
        || !store.save(policy))
      throw std::runtime_error{"no store of models"};
  }

  void promote(const std::string& id, uint32_t version) const {
    if (!store.promote(id, version, {1'700'000'000'000, "ann", "test"}))
      throw std::runtime_error{"cannot promote " + id};
  }

  /// Flips the lowest bit of the last byte.
  void bend(const std::string& file) const {
    std::fstream io{root + "/" + file,
                    std::ios::binary | std::ios::in | std::ios::out};
    io.seekg(-1, std::ios::end);
    auto byte = static_cast<char>(io.peek() ^ 1);
    io.seekp(-1, std::ios::end);
    io.put(byte);
  }

  /// Changes a text in a manifest for another of the same length.
  void edit(const std::string& file, const std::string& from,
            const std::string& to) const {
    auto path = root + "/" + file;
    std::ifstream in{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    in.close();
    auto found = text.find(from);
    if (found == text.npos)
      throw std::runtime_error{path + " holds no " + from};
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out << text.replace(found, from.size(), to);
  }
};

} // namespace qalpha::test
