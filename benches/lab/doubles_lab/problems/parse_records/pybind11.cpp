#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <tuple>
#include <vector>

namespace {

// The rows of fields, each by `add(key, name, price)`. Raises std::invalid_argument where there are not three.
template <typename Add>
void parse(std::string_view text, Add add) {
  while (!text.empty()) {
    size_t size = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.empty()) continue;
    size_t first = line.find(','), second = first == line.npos ? first : line.find(',', first + 1);
    if (second == line.npos || line.find(',', second + 1) != line.npos) {
      throw std::invalid_argument("a line has not three fields");
    }
    add(line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1));
  }
}

// Whether a field is a number as C++ writes it, and nothing else. A plus sign is Python's.
template <typename Number>
bool read(std::string_view field, Number &number) {
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
  return error == std::errc() && end == field.data() + field.size() && field.back() != ')';
}

pybind11::object owned(PyObject *object) {
  if (object == nullptr) throw pybind11::error_already_set();
  return pybind11::reinterpret_steal<pybind11::object>(object);
}

pybind11::object str_of(std::string_view field) {
  return owned(PyUnicode_DecodeUTF8(field.data(), static_cast<Py_ssize_t>(field.size()), nullptr));
}

pybind11::object int_of(std::string_view field) {
  int64_t number;
  if (read(field, number)) return owned(PyLong_FromLongLong(number));
  return owned(PyLong_FromUnicodeObject(str_of(field).ptr(), 10));
}

pybind11::object float_of(std::string_view field) {
  double number;
  if (read(field, number)) return owned(PyFloat_FromDouble(number));
  return owned(PyFloat_FromString(str_of(field).ptr()));
}

std::string_view utf8_of(const pybind11::str &text) {
  Py_ssize_t size;
  const char *utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (utf8 == nullptr) throw pybind11::error_already_set();
  return {utf8, static_cast<size_t>(size)};
}

}  // namespace

PYBIND11_MODULE(native, module) {
  module.def("parse_records", [](const pybind11::str &text) {
    pybind11::list records;
    parse(utf8_of(text), [&](auto key, auto name, auto price) {
      records.append(pybind11::make_tuple(int_of(key), str_of(name), float_of(price)));
    });
    return records;
  });
  // Of C++ alone, which pybind11 converts.
  module.def("parse_records_vector", [](const pybind11::str &text) {
    std::vector<std::tuple<int64_t, std::string_view, double>> records;
    parse(utf8_of(text), [&](auto key, auto name, auto price) {
      auto &record = records.emplace_back(0, name, 0);
      if (!read(key, std::get<0>(record)) || !read(price, std::get<2>(record))) {
        throw std::invalid_argument("no number");
      }
    });
    return records;
  });
}
