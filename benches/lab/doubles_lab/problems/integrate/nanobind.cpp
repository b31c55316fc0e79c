#include <nanobind/nanobind.h>
#include <nanobind/stl/function.h>

#include <functional>

namespace nb = nanobind;

template <typename Call>
static double sum(const Call &call, long long steps) {
  if (steps == 0) {
    PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
    throw nb::python_error();
  }
  double width = 1.0 / static_cast<double>(steps), total = 0.0;
  for (long long i = 0; i < steps; i++) total += call((static_cast<double>(i) + 0.5) * width);
  return total * width;
}

NB_MODULE(native, module) {
  module.def("integrate", [](const nb::callable &function, long long steps) {
    return sum([&](double x) { return nb::cast<double>(function(x)); }, steps);
  });
  // As a function that knows nothing of Python takes it: each call makes sure that it holds the GIL.
  module.def("integrate_std_function", [](const std::function<double(double)> &function, long long steps) {
    return sum(function, steps);
  });
}
