// By std::vector, which is a copy; by the list itself; and by an array.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vector>

namespace py = pybind11;

PYBIND11_MODULE(native, module) {
  module.def("sum_floats_vector", [](const std::vector<double> &values) {
    double total = 0.0;
    for (double value : values) total += value;
    return total;
  });
  module.def("sum_floats_list", [](const py::list &values) {
    double total = 0.0;
    for (auto value : values) total += value.cast<double>();
    return total;
  });
  module.def("sum_floats_array", [](const py::array_t<double, py::array::c_style> &values) {
    const double *items = values.data();
    auto length = static_cast<size_t>(values.size());
    // Several sums at once, of which no addition waits for another one.
    double sums[8] = {};
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
      for (size_t lane = 0; lane < 8; lane++) sums[lane] += items[i + lane];
    }
    double total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    for (; i < length; i++) total += items[i];
    return total;
  });
}
