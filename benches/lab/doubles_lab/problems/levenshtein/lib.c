#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of texts in UTF-32, of so many characters; -1 if memory runs out. */
int64_t levenshtein_utf32(const char *a_text, size_t a_length, const char *b_text, size_t b_length) {
  const uint32_t *a = (const uint32_t *)a_text, *b = (const uint32_t *)b_text;
  uint32_t few[256], *row = b_length < 256 ? few : malloc((b_length + 1) * sizeof *row);
  if (row == NULL) return -1;
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
  if (row != few) free(row);
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
int64_t levenshtein_bits_utf32(const char *a_text, size_t m, const char *b_text, size_t n) {
  const uint32_t *a = (const uint32_t *)a_text, *b = (const uint32_t *)b_text;
  size_t words = (m + 63) / 64, size = 4;
  if (m == 0) return (int64_t)n;
  while (size < 2 * m) size *= 2;
  /* The bits of each character, those of a character that is not there, and the column. */
  size_t bytes = size * sizeof(Key) + (size + 1 + 2) * words * sizeof(uint64_t);
  uint64_t few[512], *memory = bytes <= sizeof few ? memset(few, 0, bytes) : calloc(1, bytes);
  if (memory == NULL) return -1;
  uint64_t *places = memory, *up = memory + (size + 1) * words, *down = up + words;
  Key *keys = (Key *)(down + words);
  for (size_t i = 0; i < m; i++) {
    size_t key = key_of(keys, size, a[i]);
    keys[key] = (Key){a[i], 1};
    places[key * words + i / 64] |= (uint64_t)1 << i % 64;
  }
  for (size_t i = 0; i < words; i++) up[i] = ~(uint64_t)0;
  int64_t distance = (int64_t)m;
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
  if (memory != few) free(memory);
  return distance;
}
