#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace {

template <typename Text>
size_t distance(const Text &a, const Text &b) {
  std::vector<uint32_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); i++) {
    uint32_t diagonal = row[0], left = static_cast<uint32_t>(i) + 1;
    row[0] = left;
    for (size_t j = 0; j < b.size(); j++) {
      uint32_t above = row[j + 1];
      left = a[i] == b[j] ? diagonal : std::min({diagonal, above, left}) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::vector<Py_UCS4> codes(const pybind11::str &text) {
  std::vector<Py_UCS4> codes(pybind11::len(text));
  if (!codes.empty() && !PyUnicode_AsUCS4(text.ptr(), codes.data(), codes.size(), 0)) {
    throw pybind11::error_already_set();
  }
  return codes;
}

}  // namespace

PYBIND11_MODULE(native, module) {
  module.def("levenshtein",
             [](const pybind11::str &a, const pybind11::str &b) { return distance(codes(a), codes(b)); });
  module.def("levenshtein_u32string", [](const std::u32string &a, const std::u32string &b) { return distance(a, b); });
}
