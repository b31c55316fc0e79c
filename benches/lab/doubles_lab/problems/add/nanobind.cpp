#include <nanobind/nanobind.h>

#include <stdexcept>

namespace nb = nanobind;

static long long add(long long a, long long b) {
  long long sum;
  if (__builtin_add_overflow(a, b, &sum)) throw std::overflow_error("the sum does not fit in 64 bits");
  return sum;
}

NB_MODULE(native, module) {
  module.def("add", &add, nb::arg("a"), nb::arg("b"));
}
