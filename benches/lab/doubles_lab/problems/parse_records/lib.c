/* Parses into columns, since a call for each field would cost more than Python does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *field_end(const char *text, const char *end) {
  while (text < end && *text != ',' && *text != '\n') text++;
  return text;
}

static int parse_int(const char *text, const char *end, int64_t *found) {
  int negative = text < end && *text == '-';
  uint64_t value = 0, most = (uint64_t)INT64_MAX + (uint64_t)negative;
  if (text < end && (*text == '-' || *text == '+')) text++;
  if (text == end) return 0;
  for (; text < end; text++) {
    unsigned digit = (unsigned char)*text - '0';
    if (digit > 9 || value > (most - digit) / 10) return 0;
    value = value * 10 + digit;
  }
  *found = negative ? (int64_t)(0 - value) : (int64_t)value;
  return 1;
}

/* strtod goes on after the field only with what is no part of a number, and takes more than decimal numbers before. */
static int parse_float(const char *text, const char *end, double *found) {
  if (text == end) return 0;
  for (const char *at = text; at < end; at++)
    if (memchr("0123456789+-.eEinfatyINFATY", *at, 27) == NULL) return 0;
  char *stop;
  *found = strtod(text, &stop);
  return stop == end;
}

/* The keys, the names as one text with an end of line after each, and the prices of so many records; -1 at a line that
   is wrong. `text` ends with a NUL; there is room for as many records as it has lines, and for its bytes as names. */
int64_t read_lines(const char *text, size_t size, int64_t *keys, char *names, double *prices,
                   size_t *names_size) {
  const char *end = text + size;
  char *to = names;
  int64_t count = 0;
  for (; text < end; text++) {
    if (*text == '\n') continue;
    const char *key_end = field_end(text, end);
    if (key_end == end || *key_end != ',') return -1;
    const char *name_end = field_end(key_end + 1, end);
    if (name_end == end || *name_end != ',') return -1;
    const char *price_end = field_end(name_end + 1, end);
    if (price_end < end && *price_end != '\n') return -1;
    if (!parse_int(text, key_end, &keys[count]) || !parse_float(name_end + 1, price_end, &prices[count])) return -1;
    size_t length = (size_t)(name_end - key_end - 1);
    memcpy(to, key_end + 1, length);
    to += length;
    *to++ = '\n';
    count++;
    text = price_end;
  }
  *names_size = (size_t)(to - names);
  return count;
}
