// Not by std::string_view, which may be of a bytes that is not UTF-8 and would have to be checked.
#include <pybind11/pybind11.h>
#include "in_place.h"

PYBIND11_MODULE(native, module) {
  module.def("count_doubles_utf8", [](const pybind11::str &val) {
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(val.ptr(), &size);
    if (utf8 == nullptr) throw pybind11::error_already_set();
    return doubles_count_utf8_unchecked(reinterpret_cast<const uint8_t *>(utf8), static_cast<size_t>(size));
  });
  module.def("count_doubles_in_place", [](const pybind11::str &val) {
    auto count = count_in_place(val.ptr());
    if (count < 0) throw pybind11::error_already_set();
    return count;
  });
}
