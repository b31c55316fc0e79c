#include <pybind11/pybind11.h>

static long long number(long long n) { return n < 2 ? n : number(n - 1) + number(n - 2); }

PYBIND11_MODULE(native, module) { module.def("fibonacci", &number, pybind11::arg("n")); }
