#include <stddef.h>

/* Several sums at once, of which no addition waits for another one. */
double sum_floats(const double *values, ptrdiff_t length) {
  double sums[8] = {0.0};
  ptrdiff_t i = 0;
  for (; i + 8 <= length; i += 8) {
    for (int lane = 0; lane < 8; lane++) sums[lane] += values[i + lane];
  }
  double total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < length; i++) total += values[i];
  return total;
}
