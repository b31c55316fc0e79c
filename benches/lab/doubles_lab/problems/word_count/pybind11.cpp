#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <string_view>
#include <unordered_map>

namespace {

// The bytes of the white space at the beginning of UTF-8, as str.split has it; 0 if there is none.
size_t space(std::string_view text) {
  auto at = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  unsigned first = at(0);
  if (first < 0x80) return first == ' ' || (first >= 9 && first <= 13) || (first >= 28 && first <= 31);
  if (first == 0xC2) return at(1) == 0x85 || at(1) == 0xA0 ? 2 : 0;
  unsigned three = first << 16 | at(1) << 8 | at(2);
  return three == 0xE19A80 || three == 0xE38080 || three == 0xE2819F || three == 0xE280A8 || three == 0xE280A9 ||
                 three == 0xE280AF || (three >= 0xE28080 && three <= 0xE2808A)
             ? 3
             : 0;
}

template <typename Word>
std::unordered_map<Word, size_t> counts_of(std::string_view text) {
  std::unordered_map<Word, size_t> counts;
  while (!text.empty()) {
    if (size_t skipped = space(text)) {
      text.remove_prefix(skipped);
      continue;
    }
    size_t length = 1;
    while (length < text.size() && !space(text.substr(length))) length++;
    counts[Word(text.substr(0, length))]++;
    text.remove_prefix(length);
  }
  return counts;
}

}  // namespace

PYBIND11_MODULE(native, module) {
  module.def("word_count", [](const pybind11::str &text) {
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (utf8 == nullptr) throw pybind11::error_already_set();
    return counts_of<std::string_view>({utf8, static_cast<size_t>(size)});
  });
  module.def("word_count_string", [](const std::string &text) { return counts_of<std::string>(text); });
}
