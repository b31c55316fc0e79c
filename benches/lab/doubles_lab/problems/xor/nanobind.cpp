// By a std::string of its own, which is copied; and by writing into the bytes that Python allocates.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nb = nanobind;

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

static std::string_view view(const nb::bytes &value) { return {value.c_str(), value.size()}; }

static nb::bytes masked(std::string_view data, std::string_view key) {
  if (key.empty()) throw nb::value_error("the key is empty");
  PyObject *result = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(data.size()));
  if (result == nullptr) nb::raise_python_error();
  xor_into(reinterpret_cast<unsigned char *>(PyBytes_AS_STRING(result)), data, key);
  return nb::steal<nb::bytes>(result);
}

NB_MODULE(native, module) {
  module.def("xor_copied", [](const nb::bytes &data, const nb::bytes &key) {
    if (key.size() == 0) throw nb::value_error("the key is empty");
    std::string result(data.size(), '\0');
    xor_into(reinterpret_cast<unsigned char *>(result.data()), view(data), view(key));
    return nb::bytes(result.data(), result.size());
  });
  module.def("xor", [](const nb::bytes &data, const nb::bytes &key) { return masked(view(data), view(key)); });
  using Buffer = nb::ndarray<const uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
  module.def("xor_buffer", [](const Buffer &data, const nb::bytes &key) {
    return masked({reinterpret_cast<const char *>(data.data()), data.size()}, view(key));
  });
}
