#include <stddef.h>

enum { OTHER, WORD, SPACE };

static int kind_of(unsigned char c) {
  if (c > 127 || (c | 32u) - 'a' < 26 || c - '0' < 10u || c == '_') return WORD;
  return c == ' ' || c - 9u < 5 ? SPACE : OTHER;
}

/* Writes the tokens of UTF-8 with a blank between any two, of 2 * size bytes at most; the bytes that were written. */
size_t tokenize_utf8(const char *text, size_t size, char *out) {
  char *to = out;
  int before = SPACE;
  for (size_t i = 0; i < size; i++) {
    int kind = kind_of((unsigned char)text[i]);
    if (kind != SPACE) {
      if (to != out && (kind == OTHER || before != WORD)) *to++ = ' ';
      *to++ = text[i];
    }
    before = kind;
  }
  return (size_t)(to - out);
}
