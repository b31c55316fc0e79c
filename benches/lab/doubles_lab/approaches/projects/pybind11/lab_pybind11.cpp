// The smallest module through pybind11.
#include <pybind11/pybind11.h>

#include <stdexcept>
#include <string_view>

enum { STEP = 1 };

static size_t count_doubles(std::string_view val) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < val.size(); i++) count += val[i] == val[i + 1] ? STEP : 0;
    return count;
}

static void fail() { throw std::runtime_error("planted"); }

PYBIND11_MODULE(lab_pybind11, module) {
    module.def("count_doubles", &count_doubles, pybind11::arg("val"), "Counts adjacent equal bytes of a text in UTF-8.");
    module.def("fail", &fail);
}
