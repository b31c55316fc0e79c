#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
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

struct Columns {
  std::vector<int64_t> keys;
  std::vector<double> prices;
};

// The columns of numbers; each name by `add_name(name)`.
template <typename Add>
Columns columns_of(std::string_view text, Add add_name) {
  Columns columns;
  auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  columns.keys.reserve(lines);
  columns.prices.reserve(lines);
  parse(text, [&](auto key, auto name, auto price) {
    if (!read(key, columns.keys.emplace_back()) || !read(price, columns.prices.emplace_back())) {
      throw std::invalid_argument("no number");
    }
    add_name(name);
  });
  return columns;
}

std::string_view utf8_of(const pybind11::str &text) {
  Py_ssize_t size;
  const char *utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (utf8 == nullptr) throw pybind11::error_already_set();
  return {utf8, static_cast<size_t>(size)};
}

// An array that owns the vector.
template <typename Number>
pybind11::array_t<Number> array_of(std::vector<Number> &&column) {
  auto *kept = new std::vector<Number>(std::move(column));
  pybind11::capsule owner(kept, [](void *vector) { delete static_cast<std::vector<Number> *>(vector); });
  return pybind11::array_t<Number>(static_cast<pybind11::ssize_t>(kept->size()), kept->data(), owner);
}

}  // namespace

PYBIND11_MODULE(native, module) {
  module.def("parse_columns", [](const pybind11::str &text) {
    pybind11::list names;
    Columns columns = columns_of(
        utf8_of(text), [&](auto name) { names.append(pybind11::str(name.data(), name.size())); });
    return std::make_tuple(array_of(std::move(columns.keys)), names, array_of(std::move(columns.prices)));
  });
  // Of C++ alone, which pybind11 converts.
  module.def("parse_columns_vector", [](const pybind11::str &text) {
    std::vector<std::string_view> names;
    Columns columns = columns_of(utf8_of(text), [&](auto name) { names.push_back(name); });
    return std::make_tuple(columns.keys, names, columns.prices);
  });
}
