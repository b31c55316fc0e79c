/* What a program in C sees of the library. Ends with 1 and the line of the first check that fails. */
#include <doubles.h>

#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                            \
  do {                                                              \
    if (!(condition)) {                                             \
      fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition); \
      return 1;                                                     \
    }                                                               \
  } while (0)

static ptrdiff_t utf8(const char *text, size_t length) {
  return doubles_count_utf8((const uint8_t *)text, length);
}

int main(void) {
  static const uint8_t nuls[] = {0, 0, 0, 'a', 'a'};
  static const uint16_t u16[] = {0xd800, 0xd800, 7, 7, 7};
  static const uint32_t u32[] = {0x1f600, 0x1f600, 0x110000, 0};
  static const uint64_t u64[] = {UINT64_MAX, UINT64_MAX, 1ull << 32, 0};
  static const uint16_t f16[] = {0x7e00, 0x7e00, 0x8000, 0, 0x3c00, 0x3c00}; /* NaN, -0.0, 0.0, 1.0 */
  static const float f32[] = {-0.0f, 0.0f, 1.5f, 1.5f, 2.0f};
  static const double f64[] = {-0.0, 0.0, 1.5, 1.5, 2.0};
  static const uint64_t nans[] = {0x7ff8000000000000, 0x7ff8000000000000, 0x7ff8000000000000};
  static uint8_t large[100000];
  uint8_t unaligned[1 + sizeof u32];

  CHECK(doubles_count_bytes(nuls, sizeof nuls) == 3);
  CHECK(doubles_count_bytes(nuls, 1) == 0);
  CHECK(doubles_count_u16(u16, 5) == 3);
  CHECK(doubles_count_u32(u32, 4) == 1);
  CHECK(doubles_count_u64(u64, 4) == 1);
  CHECK(doubles_count_f16(f16, 6) == 2);
  CHECK(doubles_count_f32(f32, 5) == 2);
  CHECK(doubles_count_f64(f64, 5) == 2);
  CHECK(doubles_count_f64((const double *)(const void *)nans, 3) == 0 && doubles_count_u64(nans, 3) == 2);
  CHECK(doubles_count_bytes(large, sizeof large) == (ptrdiff_t)sizeof large - 1);
  memcpy(unaligned + 1, u32, sizeof u32);
  CHECK(doubles_count_u32((const uint32_t *)(const void *)(unaligned + 1), 4) == 1);

  CHECK(utf8("aabccc", 6) == 3);
  CHECK(utf8("\xc3\xa9\xc3\xa9\0\0", 6) == 2);
  CHECK(utf8("\xed\xa0\x80", 3) == DOUBLES_NOT_UTF8); /* a lone surrogate */
  CHECK(utf8("aa\xff", 3) == DOUBLES_NOT_UTF8);
  CHECK(utf8("\xc3\xa9", 1) == DOUBLES_NOT_UTF8); /* cut off within a character */
  CHECK(doubles_count_utf8_unchecked((const uint8_t *)"\xc3\xa9\xc3\xa9", 4) == 1);

  /* Nothing is empty, not an error; something that is nowhere is an error, not a crash. */
  CHECK(doubles_count_bytes(NULL, 0) == 0 && doubles_count_bytes(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_u16(NULL, 0) == 0 && doubles_count_u16(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_u32(NULL, 0) == 0 && doubles_count_u32(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_u64(NULL, 0) == 0 && doubles_count_u64(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_f16(NULL, 0) == 0 && doubles_count_f16(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_f32(NULL, 0) == 0 && doubles_count_f32(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_f64(NULL, 0) == 0 && doubles_count_f64(NULL, 1) == DOUBLES_NULL);
  CHECK(utf8(NULL, 0) == 0 && utf8(NULL, 1) == DOUBLES_NULL);
  CHECK(doubles_count_utf8_unchecked(NULL, 0) == 0);
  CHECK(doubles_count_utf8_unchecked(NULL, 1) == DOUBLES_NULL);

  /* A length that overflows is an error too. */
  CHECK(doubles_count_bytes(nuls, SIZE_MAX) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_bytes(nuls, (size_t)PTRDIFF_MAX + 1) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_u16(u16, SIZE_MAX / 2 + 2) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_u64(u64, SIZE_MAX / 8 + 2) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_f16(f16, SIZE_MAX / 2 + 2) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_f32(f32, SIZE_MAX / 4 + 2) == DOUBLES_TOO_LONG);
  CHECK(doubles_count_f64(f64, SIZE_MAX / 8 + 2) == DOUBLES_TOO_LONG);
  CHECK(utf8("", SIZE_MAX) == DOUBLES_TOO_LONG);

  CHECK(strcmp(doubles_version(), VERSION) == 0);
  CHECK(strlen(doubles_backend()) > 0 && doubles_backend() == doubles_backend());
  return 0;
}
