#include <stddef.h>
#include <stdlib.h>

enum { STEP = 1 };

size_t count_doubles(const char *val, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < length; i++) count += val[i] == val[i + 1] ? STEP : 0;
    return count;
}

void fail(void) { abort(); }
