#include <stddef.h>
#include <stdint.h>

uint64_t count_doubles(const char *str, size_t length) {
  uint64_t count = 0;
  for (size_t i = 0; i + 1 < length;) {
    size_t end = length - 1 - i < 192 ? length - 1 : i + 192;
    uint8_t equal = 0;
    for (; i < end; i++) equal += str[i] == str[i + 1];
    count += equal;
  }
  return count;
}
