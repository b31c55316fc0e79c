#include <stdint.h>
#include <stdlib.h>

static uint32_t distance(const uint32_t *a, size_t m, const uint32_t *b, size_t n, uint32_t *row) {
  for (size_t j = 0; j <= n; j++) row[j] = (uint32_t)j;
  for (size_t i = 0; i < m; i++) {
    uint32_t diagonal = row[0], left = (uint32_t)i + 1;
    row[0] = left;
    for (size_t j = 0; j < n; j++) {
      uint32_t above = row[j + 1], least = above < left ? above : left;
      left = a[i] == b[j] ? diagonal : (least < diagonal ? least : diagonal) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[n];
}

/* Of pairs of texts that follow each other in UTF-32, each of so many characters; -1 if memory runs out. */
int levenshtein_pairs_utf32(const char *texts, const int64_t *lengths, size_t pairs, int64_t *distances) {
  const uint32_t *text = (const uint32_t *)texts;
  size_t room = 64;
  uint32_t *row = malloc(room * sizeof *row);
  if (row == NULL) return -1;
  for (size_t i = 0; i < pairs; i++) {
    size_t m = (size_t)lengths[2 * i], n = (size_t)lengths[2 * i + 1];
    if (n >= room) {
      room = 2 * n + 64;
      uint32_t *larger = realloc(row, room * sizeof *row);
      if (larger == NULL) {
        free(row);
        return -1;
      }
      row = larger;
    }
    distances[i] = distance(text, m, text + m, n, row);
    text += m + n;
  }
  free(row);
  return 0;
}

/* Of one pair; -1 if memory runs out. */
int64_t levenshtein_pairs_one(const char *a, size_t a_length, const char *b, size_t b_length) {
  uint32_t few[256], *row = b_length < 256 ? few : malloc((b_length + 1) * sizeof *row);
  if (row == NULL) return -1;
  int64_t found = distance((const uint32_t *)a, a_length, (const uint32_t *)b, b_length, row);
  if (row != few) free(row);
  return found;
}
