#include "tests/models/neural/golden_tensors.hpp"

#include <rapidjson/document.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <vector>

namespace qalpha {

namespace {

std::string read_all(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in)
    throw std::runtime_error{path + ": cannot be read"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

std::map<std::string, torch::Tensor> golden_tensors(const std::string& folder) {
  auto path = std::string{std::getenv("QALPHA_GOLDEN")} + "/models/" + folder
              + "/tensors";
  auto text = read_all(path + ".json");
  auto bytes = read_all(path + ".f32");
  rapidjson::Document index;
  index.Parse(text.c_str());
  if (index.HasParseError())
    throw std::runtime_error{path + ".json: no JSON"};
  std::map<std::string, torch::Tensor> result;
  const auto& list = index.IsObject() ? index["tensors"] : index;
  for (const auto& entry : list.GetArray()) {
    std::vector<int64_t> shape;
    for (const auto& side : entry["shape"].GetArray())
      shape.push_back(side.GetInt64());
    auto offset = entry["offset_floats"].GetUint64() * sizeof(float);
    auto size = entry["count"].GetUint64() * sizeof(float);
    auto values = torch::empty(shape, torch::kFloat32);
    if (offset + size > bytes.size() || values.nbytes() != size)
      throw std::runtime_error{path + ".f32: too short"};
    std::memcpy(values.data_ptr(), bytes.data() + offset, size);
    result.emplace(entry["name"].GetString(), values);
  }
  return result;
}

std::vector<tensor_values>
golden_values(const std::map<std::string, torch::Tensor>& golden,
              const std::string& prefix) {
  std::vector<tensor_values> result;
  for (const auto& [name, x] : golden)
    if (name.starts_with(prefix) && !name.ends_with("num_batches_tracked"))
      result.push_back({name.substr(prefix.size()), x.sizes().vec(),
                        std::vector<float>(x.data_ptr<float>(),
                                           x.data_ptr<float>() + x.numel())});
  return result;
}

double largest_difference(const torch::Tensor& x, const torch::Tensor& y) {
  if (x.sizes() != y.sizes())
    return std::numeric_limits<double>::infinity();
  return x.numel() == 0 ? 0 : (x - y).abs().max().item<double>();
}

} // namespace qalpha
