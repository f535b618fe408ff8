#define CAF_SUITE safetensors

#include "models/checkpoints/safetensors.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace qalpha;

namespace {

/// @returns a file of that header and data.
std::string file_of(const std::string& header, const std::string& data = {}) {
  uint64_t length = header.size();
  std::string result(8, '\0');
  std::memcpy(result.data(), &length, 8);
  return result + header + data;
}

template <class Number>
std::string bytes_of(std::initializer_list<Number> numbers) {
  std::string result;
  for (auto x : numbers)
    result.append(reinterpret_cast<const char*>(&x), sizeof(x));
  return result;
}

std::string fault_of(const std::string& bytes) {
  auto result = read_safetensors(bytes);
  return result ? "none" : result.error().text;
}

/// @returns the fault of a file whose only tensor is described so.
std::string fault_of_tensor(const std::string& members,
                            const std::string& data = std::string(8, '\0')) {
  return fault_of(file_of("{\"w\": {" + members + "}}", data));
}

bool says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos)
    return true;
  CAF_MESSAGE(text);
  return false;
}

std::vector<tensor_values> some_tensors() {
  return {{"a.weight", {2, 3}, {1, -2, 3.5f, 0, -0.0f, 1e-42f}},
          {"b", {}, {7}},
          {"c.0/bias", {0, 4}, {}},
          {"d", {1}, {std::numeric_limits<float>::max()}}};
}

} // namespace

CAF_TEST(tensors_read_back_to_the_bit) {
  auto bytes = write_safetensors(some_tensors());
  CAF_REQUIRE(bytes);
  auto again = read_safetensors(*bytes);
  CAF_REQUIRE(again);
  CAF_CHECK(*again == some_tensors());
  CAF_CHECK_EQUAL(std::signbit((*again)[0].values[4]), true);
  CAF_MESSAGE("no tensors are a file, too");
  auto none = write_safetensors({});
  CAF_REQUIRE(none);
  CAF_CHECK(read_safetensors(*none)->empty());
}

CAF_TEST(equal_tensors_give_equal_bytes_in_any_order) {
  auto tensors = some_tensors();
  auto bytes = write_safetensors(tensors);
  std::reverse(tensors.begin(), tensors.end());
  CAF_CHECK(*bytes == *write_safetensors(tensors));
}

CAF_TEST(a_file_is_what_the_format_says_to_the_byte) {
  auto bytes = write_safetensors({{"b", {1, 2}, {1, 2}}, {"a", {}, {3}}});
  std::string header
    = R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
      R"("b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  CAF_CHECK(*bytes == file_of(header, bytes_of({3.0f, 1.0f, 2.0f})));
}

CAF_TEST(other_kinds_of_numbers_are_read_where_they_fit) {
  auto values = [](const std::string& type, const std::string& data,
                   size_t count) {
    auto header = R"({"__metadata__": {"format": "pt"}, "w": {"dtype": ")"
                  + type + R"(", "shape": [)" + std::to_string(count)
                  + R"(], "data_offsets": [0, )" + std::to_string(data.size())
                  + "]}}";
    auto read = read_safetensors(file_of(header, data));
    CAF_REQUIRE(read);
    return (*read)[0].values;
  };
  using list = std::vector<float>;
  // 1, -2, the smallest number, the largest of the small, the largest, -0.
  CAF_CHECK(
    values("F16",
           bytes_of<uint16_t>({0x3c00, 0xc000, 0x0001, 0x83ff, 0x7bff, 0x8000}),
           6)
    == (list{1, -2, 5.9604645e-8f, -6.0975552e-5f, 65504, -0.0f}));
  CAF_CHECK(values("BF16", bytes_of<uint16_t>({0x3f80, 0xc040}), 2)
            == (list{1, -3}));
  CAF_CHECK(values("I64", bytes_of<int64_t>({-5, 1 << 24}), 2)
            == (list{-5, 16'777'216}));
}

CAF_TEST(numbers_that_are_not_finite_are_refused_by_name) {
  auto tensor = [](const std::string& type, int bytes) {
    return R"("dtype": ")" + type + R"(", "shape": [2], "data_offsets": [0, )"
           + std::to_string(bytes) + "]";
  };
  auto nan = std::numeric_limits<float>::quiet_NaN();
  auto infinite = std::numeric_limits<float>::infinity();
  CAF_CHECK_EQUAL(fault_of_tensor(tensor("F32", 8), bytes_of({1.0f, nan})),
                  "\"w\": value 1 is not finite");
  CAF_CHECK_EQUAL(
    fault_of_tensor(tensor("F32", 8), bytes_of({-infinite, 1.0f})),
    "\"w\": value 0 is not finite");
  CAF_CHECK_EQUAL(
    fault_of_tensor(tensor("F16", 4), bytes_of<uint16_t>({0, 0x7c00})),
    "\"w\": value 1 is not finite");
  CAF_CHECK_EQUAL(
    fault_of_tensor(tensor("BF16", 4), bytes_of<uint16_t>({0x7fc0, 0})),
    "\"w\": value 0 is not finite");
  CAF_CHECK_EQUAL(
    fault_of_tensor(tensor("I64", 16), bytes_of<int64_t>({1, (1 << 24) + 1})),
    "\"w\": value 1 is beyond the whole numbers of single precision");
  auto written = write_safetensors({{"v", {1}, {nan}}});
  CAF_REQUIRE(!written);
  CAF_CHECK_EQUAL(written.error().text, "\"v\": value 0 is not finite");
}

CAF_TEST(a_hostile_header_is_refused) {
  CAF_CHECK(says(fault_of(""), "found only 0 bytes"));
  CAF_CHECK(says(fault_of(std::string(7, '{')), "found only 7 bytes"));
  CAF_CHECK(says(fault_of(std::string(8, '\xff')), "at most 1 MiB"));
  CAF_CHECK(says(fault_of(file_of("{}").substr(0, 9)), "inside the file"));
  CAF_CHECK(says(fault_of(file_of("")), "header: expected {"));
  CAF_CHECK(says(fault_of(file_of(" {}")), "header: expected {"));
  CAF_CHECK(says(fault_of(file_of("{")), "header: 1:"));
  CAF_CHECK(says(fault_of(file_of("{} // x")), "header: 1:4"));
  CAF_CHECK(says(fault_of(file_of("{}x")), "header: 1:3"));
  CAF_CHECK(says(fault_of(file_of("{\"a\":{},\"a\":{}}")), "duplicate key"));
  CAF_CHECK(says(fault_of(file_of("{\"a\":[[[[]]]]}")), "more than 3 levels"));
  CAF_CHECK(says(fault_of(file_of("{\"a\":" + std::string(900'000, '['))),
                 "more than 3 levels"));
  CAF_CHECK(says(fault_of(file_of("{\"a\": 1}")), "expected a group"));
  CAF_CHECK(
    says(fault_of(file_of("{\"__metadata__\": 1}")), "expected a group"));
  CAF_CHECK(says(fault_of(file_of("{\"__metadata__\": {\"x\": 1}}")),
                 "expected a text"));
  for (std::string name : {"", "a b", "w\\u0041 ", "w:", "\xc3\xa9"})
    CAF_CHECK(says(fault_of(file_of("{\"" + name + "\": {}}")),
                   "expected a name of letters"));
  CAF_CHECK(says(fault_of(file_of("{\"" + std::string(201, 'w') + "\": {}}")),
                 "at most 200"));
}

CAF_TEST(pickles_and_archives_are_called_what_they_are) {
  CAF_CHECK(says(fault_of("PK\x03\x04" + std::string(100, '\x01')),
                 "is a zip archive"));
  CAF_CHECK(says(fault_of("\x80\x02}q\x01(X\x04" + std::string(100, 'x')),
                 "is a pickle"));
  CAF_CHECK(
    says(fault_of("\x80\x04\x95\x10" + std::string(100, 'x')), "is a pickle"));
  CAF_MESSAGE("a header of 640 bytes begins like a pickle");
  auto header = std::string{"{}"} + std::string(638, ' ');
  CAF_CHECK_EQUAL(fault_of(file_of(header)), "none");
}

CAF_TEST(type_shape_and_place_have_to_agree) {
  CAF_CHECK_EQUAL(
    fault_of_tensor(R"("dtype": "F32", "shape": [2], "data_offsets": [0, 8])"),
    "none");
  struct broken {
    const char* members;
    const char* text;
  };
  constexpr std::array<broken, 22> cases{{
    {R"("shape": [2], "data_offsets": [0, 8])", "dtype: expected it"},
    {R"("dtype": "F32", "data_offsets": [0, 8])", "shape: expected it"},
    {R"("dtype": "F32", "shape": [2])", "data_offsets: expected it"},
    {R"("dtype": "F32", "shape": [2], "data_offsets": [0, 8], "x": 1)",
     "unknown key \"x\""},
    {R"("dtype": "F64", "shape": [1], "data_offsets": [0, 8])",
     "expected F32, F16, BF16 or I64, found the text \"F64\""},
    {R"("dtype": 32, "shape": [2], "data_offsets": [0, 8])", "dtype: expected"},
    {R"("dtype": "F32", "shape": 2, "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": [-2], "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": [2.0], "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": [2e0], "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": ["2"], "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": [1,1,1,1,1,1,1,1,2], "data_offsets": [0, 8])",
     "at most 8"},
    {R"("dtype": "F32", "shape": [99999999999999999999], "data_offsets": [0, 8])",
     "shape: expected"},
    {R"("dtype": "F32", "shape": [4294967296, 4294967296], )"
     R"("data_offsets": [0, 8])",
     "more numbers than any memory holds"},
    {R"("dtype": "F32", "shape": [2305843009213693952, 2], )"
     R"("data_offsets": [0, 0])",
     "more numbers than any memory holds"},
    {R"("dtype": "F32", "shape": [0, 4611686018427387905, 8], )"
     R"("data_offsets": [0, 0])",
     "more numbers than any memory holds"},
    {R"("dtype": "F32", "shape": [3], "data_offsets": [0, 8])",
     "expected 12 bytes for its shape, found 0 to 8"},
    {R"("dtype": "F16", "shape": [2], "data_offsets": [0, 8])",
     "expected 4 bytes"},
    {R"("dtype": "F32", "shape": [2], "data_offsets": [8, 0])",
     "expected 8 bytes"},
    {R"("dtype": "F32", "shape": [2], "data_offsets": [0])",
     "expected two whole numbers"},
    {R"("dtype": "F32", "shape": [2], "data_offsets": [0, 8, 8])",
     "expected two whole numbers"},
    {R"("dtype": "F32", "shape": [2], "data_offsets": [4294967296, 4294967304])",
     "leaves a gap"},
  }};
  for (const auto& x : cases)
    CAF_CHECK(says(fault_of_tensor(x.members), x.text));
}

CAF_TEST(data_is_covered_once_and_to_its_end) {
  auto two = [](int a, int b, int c, int d, size_t bytes) {
    auto tensor = [](int begin, int end) {
      return R"({"dtype": "F32", "shape": [)"
             + std::to_string((end - begin) / 4) + R"(], "data_offsets": [)"
             + std::to_string(begin) + ", " + std::to_string(end) + "]}";
    };
    return fault_of(
      file_of("{\"v\": " + tensor(a, b) + ", \"w\": " + tensor(c, d) + "}",
              std::string(bytes, '\0')));
  };
  CAF_CHECK_EQUAL(two(0, 4, 4, 12, 12), "none");
  CAF_CHECK_EQUAL(two(4, 12, 0, 4, 12), "none");
  CAF_CHECK_EQUAL(two(0, 0, 0, 4, 4), "none");
  CAF_CHECK_EQUAL(two(0, 8, 4, 12, 12), "\"w\" overlaps the tensor before it");
  CAF_CHECK_EQUAL(two(0, 4, 0, 4, 4), "\"w\" overlaps the tensor before it");
  CAF_CHECK_EQUAL(two(0, 4, 8, 12, 12), "\"w\" leaves a gap before it");
  CAF_CHECK_EQUAL(two(4, 8, 8, 12, 12), "\"v\" leaves a gap before it");
  CAF_CHECK_EQUAL(two(0, 4, 4, 8, 9), "data: expected 8 bytes, found 9");
  CAF_CHECK_EQUAL(two(0, 4, 4, 8, 7), "data: expected 8 bytes, found 7");
}

CAF_TEST(what_could_not_be_read_again_is_not_written) {
  auto refused = [](const std::vector<tensor_values>& x) {
    return !write_safetensors(x);
  };
  CAF_CHECK(refused({{"", {}, {1}}}));
  CAF_CHECK(refused({{"__metadata__", {}, {1}}}));
  CAF_CHECK(refused({{"a b", {}, {1}}}));
  CAF_CHECK(refused({{"a", {2}, {1}}}));
  CAF_CHECK(refused({{"a", {-1}, {}}}));
  CAF_CHECK(refused({{"a", {1, 1, 1, 1, 1, 1, 1, 1, 1}, {1}}}));
  CAF_CHECK(refused({{"a", {}, {1}}, {"a", {}, {1}}}));
  CAF_CHECK(refused(std::vector<tensor_values>(most_tensors + 1)));
}

CAF_TEST(a_file_that_was_cut_or_changed_is_refused_or_read_whole) {
  auto bytes = *write_safetensors(some_tensors());
  for (size_t size = 0; size < bytes.size(); ++size)
    CAF_CHECK(!read_safetensors(std::string_view{bytes}.substr(0, size)));
  CAF_CHECK(!read_safetensors(bytes + '\0'));
  std::mt19937_64 dice{3};
  for (int i = 0; i < 20'000; ++i) {
    auto changed = bytes;
    changed[dice() % changed.size()] ^= static_cast<char>(1u << dice() % 8);
    auto read = read_safetensors(changed);
    if (!read)
      continue;
    // Whatever is read can be written and read again.
    auto written = write_safetensors(*read);
    CAF_REQUIRE(written);
    CAF_REQUIRE_EQUAL(read_safetensors(*written)->size(), read->size());
  }
}
