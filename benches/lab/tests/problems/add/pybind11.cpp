#include <pybind11/pybind11.h>

PYBIND11_MODULE(native, module) {
  module.def("add", [](long long a, long long b) { return a + b; }, pybind11::arg("a"), pybind11::arg("b"));
}
