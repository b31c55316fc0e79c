#include <pybind11/pybind11.h>

#include <stdexcept>

namespace py = pybind11;

static long long add(long long a, long long b) {
  long long sum;
  if (__builtin_add_overflow(a, b, &sum)) throw std::overflow_error("the sum does not fit in 64 bits");
  return sum;
}

PYBIND11_MODULE(native, module) {
  module.def("add", &add, py::arg("a"), py::arg("b"));
}
