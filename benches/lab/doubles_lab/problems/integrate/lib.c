// The integral of a function that cannot fail.
double integrate(double (*function)(double), long long steps) {
  double width = 1.0 / (double)steps, total = 0.0;
  for (long long i = 0; i < steps; i++) total += function(((double)i + 0.5) * width);
  return total * width;
}

// The integral of a function that sets `failed` to end early.
double integrate_until(double (*function)(double), const int *failed, long long steps) {
  double width = 1.0 / (double)steps, total = 0.0;
  for (long long i = 0; i < steps && !*failed; i++) total += function(((double)i + 0.5) * width);
  return total * width;
}

// The same with a context, as C functions usually hand one over.
double integrate_with(double (*function)(double, void *), void *context, const int *failed, long long steps) {
  double width = 1.0 / (double)steps, total = 0.0;
  for (long long i = 0; i < steps && !*failed; i++) total += function(((double)i + 0.5) * width, context);
  return total * width;
}
