#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

/* Where a character is in the first text, as bits: a table with open addressing, at most half full. */
typedef struct {
  uint32_t code, used;
} Key;

static size_t key_of(const Key *keys, size_t size, uint32_t code) {
  size_t at = (code * 2654435761u) & (size - 1);
  while (keys[at].used && keys[at].code != code) at = (at + 1) & (size - 1);
  return at;
}

/* Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it. */
int64_t levenshtein_bits(const char *a_text, size_t a_size, const char *b_text, size_t b_size) {
  uint32_t few_codes[512], *a = a_size + b_size <= 512 ? few_codes : malloc((a_size + b_size) * sizeof *a);
  uint64_t few[512], *memory = NULL;
  int64_t distance = -1;
  if (a == NULL) return -1;
  uint32_t *b = a + a_size;
  size_t m = decode(a_text, a_size, a), n = decode(b_text, b_size, b), words = (m + 63) / 64, size = 4;
  if (m == 0) {
    distance = (int64_t)n;
    goto done;
  }
  while (size < 2 * m) size *= 2;
  /* The bits of each character, those of a character that is not there, and the column. */
  size_t bytes = size * sizeof(Key) + (size + 1 + 2) * words * sizeof(uint64_t);
  memory = bytes <= sizeof few ? memset(few, 0, bytes) : calloc(1, bytes);
  if (memory == NULL) goto done;
  uint64_t *places = memory, *up = memory + (size + 1) * words, *down = up + words;
  Key *keys = (Key *)(down + words);
  for (size_t i = 0; i < m; i++) {
    size_t key = key_of(keys, size, a[i]);
    keys[key] = (Key){a[i], 1};
    places[key * words + i / 64] |= (uint64_t)1 << i % 64;
  }
  for (size_t i = 0; i < words; i++) up[i] = ~(uint64_t)0;
  distance = (int64_t)m;
  int last = (int)((m - 1) % 64);
  for (size_t j = 0; j < n; j++) {
    size_t key = key_of(keys, size, b[j]);
    const uint64_t *match = places + (keys[key].used ? key : size) * words;
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
    distance += (int64_t)(more >> last & 1);
    distance -= (int64_t)(less >> last & 1);
  }
done:
  if (memory != few) free(memory);
  if (a != few_codes) free(a);
  return distance;
}
