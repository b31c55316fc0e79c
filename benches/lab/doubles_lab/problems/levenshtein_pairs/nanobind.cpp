#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace {

template <typename Text>
uint32_t distance(const Text &a, const Text &b, std::vector<uint32_t> &row) {
  row.resize(b.size() + 1);
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

// In memory that is there from the text before.
void copy(nanobind::handle text, std::vector<Py_UCS4> &codes) {
  if (!PyUnicode_Check(text.ptr())) throw nanobind::type_error("a pair must be of str");
  codes.resize(static_cast<size_t>(PyUnicode_GetLength(text.ptr())));
  if (!codes.empty() && !PyUnicode_AsUCS4(text.ptr(), codes.data(), codes.size(), 0)) nanobind::raise_python_error();
}

}  // namespace

NB_MODULE(native, module) {
  module.def("levenshtein_pairs", [](const nanobind::list &pairs) {
    std::vector<Py_UCS4> a, b;
    std::vector<uint32_t> row, distances;
    for (nanobind::handle pair : pairs) {
      if (!PyTuple_Check(pair.ptr()) || nanobind::len(pair) != 2) {
        throw nanobind::type_error("a pair must be a tuple of two");
      }
      copy(PyTuple_GET_ITEM(pair.ptr(), 0), a);
      copy(PyTuple_GET_ITEM(pair.ptr(), 1), b);
      distances.push_back(distance(a, b, row));
    }
    return distances;
  });
}
