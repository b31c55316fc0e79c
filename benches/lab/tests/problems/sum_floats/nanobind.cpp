#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <vector>

NB_MODULE(native, module) {
  module.def("sum_floats", [](const std::vector<double> &values) {
    double total = 0.0;
    for (double value : values) total += value;
    return total;
  });
}
