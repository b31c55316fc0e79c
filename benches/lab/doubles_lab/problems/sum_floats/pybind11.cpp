// By std::vector, which is a copy; by the list itself; by its floats in place, as in C; and by an array.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vector>

namespace py = pybind11;

// Several sums at once, of which no addition waits for another one.
static double sum(const double *items, size_t length) {
  double sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    for (size_t lane = 0; lane < 8; lane++) sums[lane] += items[i + lane];
  }
  double total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < length; i++) total += items[i];
  return total;
}

// Adds whatever can be a float from item `i` on. Not inlined: a loop with calls keeps its sum in memory, which
// is slow, and so would the loop over floats.
[[gnu::noinline]] static double sum_numbers(const py::list &values, size_t i, double total) {
  for (; i < values.size(); i++) total += values[i].cast<double>();
  return total;
}

PYBIND11_MODULE(native, module) {
  module.def("sum_floats_vector", [](const std::vector<double> &values) { return sum(values.data(), values.size()); });
  module.def("sum_floats_list", [](const py::list &values) {
    double total = 0.0;
    for (auto value : values) total += value.cast<double>();
    return total;
  });
  module.def("sum_floats_in_place", [](const py::list &values) {
    double total = 0.0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(values.ptr()); i++) {
      PyObject *value = PyList_GET_ITEM(values.ptr(), i);
      if (!PyFloat_CheckExact(value)) return sum_numbers(values, static_cast<size_t>(i), total);
      total += PyFloat_AS_DOUBLE(value);
    }
    return total;
  });
  module.def("sum_floats_array", [](const py::array_t<double, py::array::c_style> &values) {
    return sum(values.data(), static_cast<size_t>(values.size()));
  });
}
