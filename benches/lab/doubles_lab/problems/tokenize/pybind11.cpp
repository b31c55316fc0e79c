#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

enum class Kind { other, word, space };

Kind kind_of(char character) {
  unsigned c = static_cast<unsigned char>(character);
  if (c > 127 || (c | 32) - 97 < 26 || c - 48 < 10 || c == 95) return Kind::word;
  return c == 32 || c - 9 < 5 ? Kind::space : Kind::other;
}

// Each token, by `add(token)`.
template <typename Add>
void tokens_of(std::string_view text, Add add) {
  for (size_t i = 0; i < text.size();) {
    size_t begin = i;
    Kind kind = kind_of(text[i++]);
    if (kind == Kind::space) continue;
    if (kind == Kind::word)
      while (i < text.size() && kind_of(text[i]) == Kind::word) i++;
    add(text.substr(begin, i - begin));
  }
}

template <typename Token>
std::vector<Token> vector_of(std::string_view text) {
  std::vector<Token> tokens;
  tokens_of(text, [&](auto token) { tokens.emplace_back(token); });
  return tokens;
}

std::string_view utf8_of(const pybind11::str &text) {
  Py_ssize_t size;
  const char *utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (utf8 == nullptr) throw pybind11::error_already_set();
  return {utf8, static_cast<size_t>(size)};
}

}  // namespace

PYBIND11_MODULE(native, module) {
  module.def("tokenize", [](const pybind11::str &text) {
    pybind11::list tokens;
    tokens_of(utf8_of(text), [&](auto token) { tokens.append(pybind11::str(token.data(), token.size())); });
    return tokens;
  });
  // Of C++ alone, which pybind11 converts.
  module.def("tokenize_vector", [](const pybind11::str &text) { return vector_of<std::string_view>(utf8_of(text)); });
  module.def("tokenize_string", [](const std::string &text) { return vector_of<std::string>(text); });
}
