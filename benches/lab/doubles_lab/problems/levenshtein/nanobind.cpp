#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace {

template <typename Text>
size_t distance(const Text &a, const Text &b) {
  std::vector<uint32_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); i++) {
    uint32_t diagonal = row[0], left = static_cast<uint32_t>(i) + 1;
    row[0] = left;
    for (size_t j = 0; j < b.size(); j++) {
      uint32_t above = row[j + 1];
      left = a[i] == b[j] ? diagonal : std::min({diagonal, above, left}) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[b.size()];
}

// nanobind has no conversion to std::u32string.
std::vector<Py_UCS4> codes(const nanobind::str &text) {
  std::vector<Py_UCS4> codes(nanobind::len(text));
  if (!codes.empty() && !PyUnicode_AsUCS4(text.ptr(), codes.data(), codes.size(), 0)) nanobind::raise_python_error();
  return codes;
}

// Where each character of a text is in it, as bits: a table with open addressing, at most half full.
class Places {
 public:
  explicit Places(const std::vector<Py_UCS4> &text) : words((text.size() + 63) / 64) {
    size_t size = 4;
    while (size < 2 * text.size()) size *= 2;
    keys.resize(size);
    bits.resize((size + 1) * words);
    for (size_t i = 0; i < text.size(); i++) {
      size_t key = key_of(text[i]);
      keys[key] = {text[i], true};
      bits[key * words + i / 64] |= uint64_t{1} << i % 64;
    }
  }

  // Those of a character that is not in the text are the last ones.
  const uint64_t *operator[](Py_UCS4 code) const {
    size_t key = key_of(code);
    return &bits[(keys[key].used ? key : keys.size()) * words];
  }

  const size_t words;

 private:
  struct Key {
    Py_UCS4 code;
    bool used;
  };

  size_t key_of(Py_UCS4 code) const {
    size_t key = code * 2654435761u & (keys.size() - 1);
    while (keys[key].used && keys[key].code != code) key = (key + 1) & (keys.size() - 1);
    return key;
  }

  std::vector<Key> keys;
  std::vector<uint64_t> bits;
};

// Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it.
size_t distance_by_bits(const std::vector<Py_UCS4> &a, const std::vector<Py_UCS4> &b) {
  if (a.empty()) return b.size();
  Places places(a);
  size_t words = places.words, distance = a.size(), last = (a.size() - 1) % 64;
  std::vector<uint64_t> up(words, ~uint64_t{0}), down(words);
  for (Py_UCS4 y : b) {
    const uint64_t *match = places[y];
    uint64_t more = 0, less = 0, more_before = 1, less_before = 0;
    for (size_t i = 0; i < words; i++) {
      uint64_t hit = match[i] | less_before;
      uint64_t diagonal = (((hit & up[i]) + up[i]) ^ up[i]) | hit | down[i];
      more = down[i] | ~(diagonal | up[i]);
      less = diagonal & up[i];
      uint64_t more_shifted = more << 1 | more_before, less_shifted = less << 1 | less_before;
      more_before = more >> 63, less_before = less >> 63;
      up[i] = less_shifted | ~(diagonal | more_shifted);
      down[i] = more_shifted & diagonal;
    }
    distance += more >> last & 1;
    distance -= less >> last & 1;
  }
  return distance;
}

}  // namespace

NB_MODULE(native, module) {
  module.def("levenshtein",
             [](const nanobind::str &a, const nanobind::str &b) { return distance(codes(a), codes(b)); });
  module.def("levenshtein_bits",
             [](const nanobind::str &a, const nanobind::str &b) { return distance_by_bits(codes(a), codes(b)); });
}
