#include <stdint.h>
#include <stdlib.h>

static size_t decode(const char *text, size_t size, uint32_t *codes) {
  const unsigned char *byte = (const unsigned char *)text, *end = byte + size;
  uint32_t *to = codes;
  while (byte < end) {
    uint32_t first = *byte++;
    int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = more ? first & (0x3F >> more) : first;
    while (more--) code = code << 6 | (*byte++ & 0x3F);
    *to++ = code;
  }
  return (size_t)(to - codes);
}

/* Of texts in UTF-8, of so many bytes; -1 if memory runs out. */
int64_t levenshtein(const char *a_text, size_t a_size, const char *b_text, size_t b_size) {
  size_t size = a_size + 2 * b_size + 1;
  uint32_t few[768], *memory = size <= 768 ? few : malloc(size * sizeof *memory);
  if (memory == NULL) return -1;
  uint32_t *a = memory, *b = a + a_size, *row = b + b_size;
  size_t a_length = decode(a_text, a_size, a), b_length = decode(b_text, b_size, b);
  for (size_t j = 0; j <= b_length; j++) row[j] = (uint32_t)j;
  for (size_t i = 0; i < a_length; i++) {
    uint32_t diagonal = row[0], left = (uint32_t)i + 1;
    row[0] = left;
    for (size_t j = 0; j < b_length; j++) {
      uint32_t above = row[j + 1], least = above < left ? above : left;
      left = a[i] == b[j] ? diagonal : (least < diagonal ? least : diagonal) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  int64_t distance = row[b_length];
  if (memory != few) free(memory);
  return distance;
}
