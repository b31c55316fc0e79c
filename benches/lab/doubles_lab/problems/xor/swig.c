#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A short key is repeated to a block, so that the compiler takes many bytes at once. */
static void xor_into(unsigned char *restrict out, const unsigned char *restrict data, size_t length,
                     const unsigned char *restrict key, size_t size) {
  unsigned char block[512];
  if (size <= sizeof block / 2 && length >= sizeof block) {
    memcpy(block, key, size);
    for (; 2 * size <= sizeof block; size *= 2) memcpy(block + size, block, size);
    key = block;
  }
  for (size_t start = 0; start < length; start += size) {
    size_t count = size < length - start ? size : length - start;
    for (size_t i = 0; i < count; i++) out[start + i] = data[start + i] ^ key[i];
  }
}

/* The result has room for as many bytes as the data. */
void xor(const char *data, size_t length, const char *key, size_t size, char *result) {
  xor_into((unsigned char *)result, (const unsigned char *)data, length, (const unsigned char *)key, size);
}

/* The result is allocated here and freed by the binding. */
void xor_copied(const char *data, size_t length, const char *key, size_t size, char **out, size_t *written) {
  *written = length;
  *out = malloc(length + 1);
  if (*out && size) xor(data, length, key, size, *out);
}
