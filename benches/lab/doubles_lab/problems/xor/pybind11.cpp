// By a std::string of its own, which is copied; and by writing into the bytes that Python allocates.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace py = pybind11;

// A short key is repeated to a block, so that the compiler takes many bytes at once.
static void xor_into(unsigned char *__restrict out, std::string_view data, std::string_view key) {
  unsigned char block[512];
  auto mask = reinterpret_cast<const unsigned char *>(key.data());
  size_t size = key.size();
  if (size <= sizeof block / 2 && data.size() >= sizeof block) {
    std::memcpy(block, mask, size);
    for (; 2 * size <= sizeof block; size *= 2) std::memcpy(block + size, block, size);
    mask = block;
  }
  for (size_t start = 0; start < data.size(); start += size) {
    size_t count = std::min(size, data.size() - start);
    for (size_t i = 0; i < count; i++) out[start + i] = static_cast<unsigned char>(data[start + i]) ^ mask[i];
  }
}

static py::bytes masked(std::string_view data, std::string_view key) {
  if (key.empty()) throw py::value_error("the key is empty");
  PyObject *result = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(data.size()));
  if (result == nullptr) throw py::error_already_set();
  xor_into(reinterpret_cast<unsigned char *>(PyBytes_AS_STRING(result)), data, key);
  return py::reinterpret_steal<py::bytes>(result);
}

PYBIND11_MODULE(native, module) {
  module.def("xor_copied", [](const py::bytes &data, const py::bytes &key) {
    if (std::string_view(key).empty()) throw py::value_error("the key is empty");
    std::string result(std::string_view(data).size(), '\0');
    xor_into(reinterpret_cast<unsigned char *>(result.data()), std::string_view(data), std::string_view(key));
    return py::bytes(result.data(), result.size());
  });
  module.def("xor", [](const py::bytes &data, const py::bytes &key) { return masked(data, key); });
  module.def("xor_buffer", [](const py::buffer &data, const py::bytes &key) {
    py::buffer_info view = data.request();
    if (view.ndim != 1 || view.itemsize != 1 || view.strides[0] != 1) throw py::value_error("not bytes in a row");
    return masked({static_cast<const char *>(view.ptr), static_cast<size_t>(view.size)}, key);
  });
}
