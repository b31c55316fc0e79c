#include <nanobind/nanobind.h>

static long long number(long long n) { return n < 2 ? n : number(n - 1) + number(n - 2); }

NB_MODULE(native, module) { module.def("fibonacci", &number, nanobind::arg("n")); }
