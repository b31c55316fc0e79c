#include <pybind11/functional.h>
#include <pybind11/pybind11.h>

#include <functional>

namespace py = pybind11;

template <typename Call>
static double sum(const Call &call, long long steps) {
  if (steps == 0) {
    PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
    throw py::error_already_set();
  }
  double width = 1.0 / static_cast<double>(steps), total = 0.0;
  for (long long i = 0; i < steps; i++) total += call((static_cast<double>(i) + 0.5) * width);
  return total * width;
}

PYBIND11_MODULE(native, module) {
  module.def("integrate", [](const py::function &function, long long steps) {
    return sum([&](double x) { return function(x).cast<double>(); }, steps);
  });
  // As a function that knows nothing of Python takes it: each call makes sure that it holds the GIL.
  module.def("integrate_std_function", [](const std::function<double(double)> &function, long long steps) {
    return sum(function, steps);
  });
}
