// flags: -O3 -fno-math-errno
// Without errno the compiler takes several square roots at once.
#include <math.h>
#include <stddef.h>

/* The inner loop takes several points at once, coordinate by coordinate: `columns` has a row for each coordinate. */
void pairwise_distance(const double *restrict points, const double *restrict columns, double *restrict result,
                       ptrdiff_t rows, ptrdiff_t length, ptrdiff_t coordinates) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    double *row = result + i * length;
    for (ptrdiff_t j = 0; j < length; j++) row[j] = 0.0;
    for (ptrdiff_t k = 0; k < coordinates; k++) {
      double mine = points[i * coordinates + k];
      const double *others = columns + k * length;
      for (ptrdiff_t j = 0; j < length; j++) row[j] += (mine - others[j]) * (mine - others[j]);
    }
    for (ptrdiff_t j = 0; j < length; j++) row[j] = sqrt(row[j]);
  }
}
