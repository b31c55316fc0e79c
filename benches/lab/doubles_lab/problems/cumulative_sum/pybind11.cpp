// Three who allocate: NumPy; a vector that is copied into NumPy's memory; and a vector that the array keeps alive.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <vector>

namespace py = pybind11;
using Values = py::array_t<double, py::array::c_style | py::array::forcecast>;

static void fill(const Values &values, double *out) {
  const double *items = values.data();
  double total = 0.0;
  for (py::ssize_t i = 0; i < values.size(); i++) out[i] = total += items[i];
}

PYBIND11_MODULE(native, module) {
  module.def("cumulative_sum", [](const Values &values) {
    py::array_t<double> result(values.size());
    fill(values, result.mutable_data());
    return result;
  });
  module.def("cumulative_sum_copied", [](const Values &values) {
    std::vector<double> result(static_cast<size_t>(values.size()));
    fill(values, result.data());
    return py::array_t<double>(values.size(), result.data());
  });
  module.def("cumulative_sum_kept", [](const Values &values) {
    auto result = std::make_unique<std::vector<double>>(static_cast<size_t>(values.size()));
    fill(values, result->data());
    const double *data = result->data();
    py::capsule owner(result.release(), [](void *kept) { delete static_cast<std::vector<double> *>(kept); });
    return py::array_t<double>(values.size(), data, owner);
  });
}
