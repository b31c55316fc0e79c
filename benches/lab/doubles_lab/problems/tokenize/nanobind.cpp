#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

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

}  // namespace

NB_MODULE(native, module) {
  module.def("tokenize", [](std::string_view text) {
    nanobind::list tokens;
    tokens_of(text, [&](auto token) { tokens.append(nanobind::str(token.data(), token.size())); });
    return tokens;
  });
  // Of C++ alone, which nanobind converts.
  module.def("tokenize_vector", [](std::string_view text) { return vector_of<std::string_view>(text); });
  module.def("tokenize_string", [](const std::string &text) { return vector_of<std::string>(text); });
}
