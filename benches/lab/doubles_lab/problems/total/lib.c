#include <stddef.h>

/* Of so many points, each of which is two numbers. */
double total_points(const double *points, size_t count) {
  double result = 0;
  for (size_t i = 0; i < count; i++) result += points[2 * i] * points[2 * i + 1];
  return result;
}
