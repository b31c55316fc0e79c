#include <stddef.h>

double sum_floats(const double *values, ptrdiff_t length) {
  double total = 0.0;
  for (ptrdiff_t i = 0; i < length; i++) total += values[i];
  return total;
}
