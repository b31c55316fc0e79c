#include <stdint.h>
#include <stdlib.h>

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
