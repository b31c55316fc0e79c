#ifndef DOUBLES_H
#define DOUBLES_H

/* Made by cbindgen from src/lib.rs: see tests/header.rs. */

#include <stddef.h>
#include <stdint.h>

// The pointer is null and the length is not 0.
#define DOUBLES_NULL -1

// The length is more than memory can hold: more than `PTRDIFF_MAX` bytes.
#define DOUBLES_TOO_LONG -2

// The text is not UTF-8.
#define DOUBLES_NOT_UTF8 -3

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// How many bytes equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
//
// # Safety
//
// `bytes` is null or points to `length` bytes that nothing changes until this returns. Null with length 0 is empty.
ptrdiff_t doubles_count_bytes(const uint8_t *bytes, size_t length);

// How many 16-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_u16(const uint16_t *items, size_t length);

// How many 32-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_u32(const uint32_t *items, size_t length);

// How many 64-bit items equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_u64(const uint64_t *items, size_t length);

// How many 16-bit floats (IEEE 754 binary16, as their bits) equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`.
// A NaN equals nothing, and -0.0 equals 0.0.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_f16(const uint16_t *items,
                            size_t length);

// How many 32-bit floats equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`. A NaN equals nothing, and -0.0 equals
// 0.0.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_f32(const float *items,
                            size_t length);

// How many 64-bit floats equal the next one, or `DOUBLES_NULL` or `DOUBLES_TOO_LONG`. A NaN equals nothing, and -0.0 equals
// 0.0.
//
// # Safety
//
// `items` is null or points to `length` items, aligned or not, that nothing changes until this returns.
ptrdiff_t doubles_count_f64(const double *items,
                            size_t length);

// How many characters (code points) of a text in UTF-8 equal the next one, or `DOUBLES_NOT_UTF8`, `DOUBLES_NULL` or
// `DOUBLES_TOO_LONG`.
//
// The text is checked first, which may take longer than counting: see `doubles_count_utf8_unchecked`.
//
// # Safety
//
// `text` is null or points to `length` bytes that nothing changes until this returns.
ptrdiff_t doubles_count_utf8(const uint8_t *text, size_t length);

// How many characters (code points) of a text that is known to be valid UTF-8 equal the next one, or `DOUBLES_NULL` or
// `DOUBLES_TOO_LONG`.
//
// # Safety
//
// As `doubles_count_utf8`, and the text is valid UTF-8: of another, the outcome is undefined.
ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);

// The version of this library, such as "0.1.0": a string that stays.
const char *doubles_version(void);

// The instruction set that counts on this CPU, such as "avx2": a string that stays.
const char *doubles_backend(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DOUBLES_H */
