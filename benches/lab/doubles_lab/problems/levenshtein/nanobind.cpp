#include <nanobind/nanobind.h>

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

// nanobind has no conversion to std::u32string.
std::vector<Py_UCS4> codes(const nanobind::str &text) {
  std::vector<Py_UCS4> codes(nanobind::len(text));
  if (!codes.empty() && !PyUnicode_AsUCS4(text.ptr(), codes.data(), codes.size(), 0)) nanobind::raise_python_error();
  return codes;
}

}  // namespace

NB_MODULE(native, module) {
  module.def("levenshtein",
             [](const nanobind::str &a, const nanobind::str &b) { return distance(codes(a), codes(b)); });
}
