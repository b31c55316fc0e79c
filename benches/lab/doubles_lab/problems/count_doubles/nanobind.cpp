#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include "in_place.h"

NB_MODULE(native, module) {
  module.def("count_doubles_utf8", [](std::string_view val) {
    return doubles_count_utf8_unchecked(reinterpret_cast<const uint8_t *>(val.data()), val.size());
  });
  module.def("count_doubles_in_place", [](nanobind::str val) {
    auto count = count_in_place(val.ptr());
    if (count < 0) nanobind::raise_python_error();
    return count;
  });
}
