/* Gives its result as two blocks, since each access to C from Python costs: one text of words, and their counts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct word_counts {
  char *words; /* in UTF-8, separated by blanks; of `length` bytes */
  int64_t *counts;
  size_t length, used;
};

struct word {
  const char *start;
  size_t length;
  int64_t count;
};

/* The bytes of the white space at `text`, as str.split has it; 0 if there is none. */
static size_t space(const unsigned char *text, const unsigned char *end) {
  unsigned char first = *text;
  if (first < 0x80) return first == ' ' || (first >= 9 && first <= 13) || (first >= 28 && first <= 31);
  if (first == 0xC2) return text[1] == 0x85 || text[1] == 0xA0 ? 2 : 0;
  if (first < 0xE1 || first > 0xE3 || end - text < 3) return 0;
  unsigned char second = text[1], third = text[2];
  if (first == 0xE1) return second == 0x9A && third == 0x80 ? 3 : 0;
  if (first == 0xE3) return second == 0x80 && third == 0x80 ? 3 : 0;
  if (second == 0x81) return third == 0x9F ? 3 : 0;
  return second == 0x80 && (third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF) ? 3 : 0;
}

static uint64_t hash_of(const char *start, size_t length) {
  uint64_t hash = length, part;
  for (; length >= 8; start += 8, length -= 8) {
    memcpy(&part, start, 8);
    hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  part = 0;
  for (size_t i = 0; i < length; i++) part = part << 8 | (unsigned char)start[i];
  hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

static struct word *place_of(struct word *table, size_t size, const char *start, size_t length) {
  for (size_t at = hash_of(start, length);; at++) {
    struct word *word = &table[at & (size - 1)];
    if (word->count == 0 || (word->length == length && memcmp(word->start, start, length) == 0)) return word;
  }
}

/* 0, or -1 if memory runs out. The blocks are the caller's to free, by word_count_free. */
int word_count_utf8(const char *text, size_t length, struct word_counts *out) {
  const char *end = text + length;
  size_t size = 1024, used = 0, bytes = 0;
  struct word *table = calloc(size, sizeof *table);
  out->words = NULL, out->counts = NULL;
  if (table == NULL) return -1;
  while (text < end) {
    size_t skipped = space((const unsigned char *)text, (const unsigned char *)end);
    if (skipped) {
      text += skipped;
      continue;
    }
    const char *start = text;
    while (text < end && !space((const unsigned char *)text, (const unsigned char *)end)) text++;
    struct word *word = place_of(table, size, start, (size_t)(text - start));
    if (word->count++) continue;
    word->start = start, word->length = (size_t)(text - start);
    bytes += word->length + 1;
    if (++used * 2 <= size) continue;
    struct word *larger = calloc(size * 2, sizeof *table);
    if (larger == NULL) goto fail;
    for (size_t i = 0; i < size; i++)
      if (table[i].count) *place_of(larger, size * 2, table[i].start, table[i].length) = table[i];
    free(table);
    table = larger, size *= 2;
  }
  out->words = malloc(bytes + 1), out->counts = malloc((used + 1) * sizeof *out->counts);
  if (out->words == NULL || out->counts == NULL) goto fail;
  char *to = out->words;
  out->used = 0;
  for (size_t i = 0; i < size; i++) {
    if (table[i].count == 0) continue;
    memcpy(to, table[i].start, table[i].length);
    to += table[i].length;
    *to++ = ' ';
    out->counts[out->used++] = table[i].count;
  }
  out->length = bytes ? bytes - 1 : 0;
  free(table);
  return 0;
fail:
  free(table);
  free(out->words);
  free(out->counts);
  return -1;
}

void word_count_free(struct word_counts *counts) {
  free(counts->words);
  free(counts->counts);
}
