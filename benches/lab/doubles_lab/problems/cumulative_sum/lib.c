#include <stddef.h>

void cumulative_sum(const double *values, double *result, ptrdiff_t length) {
  double total = 0.0;
  for (ptrdiff_t i = 0; i < length; i++) result[i] = total += values[i];
}
