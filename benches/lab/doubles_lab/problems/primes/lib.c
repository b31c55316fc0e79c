#include <stdlib.h>

typedef struct primes_sieve {
  char *composite;
  long long n, stop;
} primes_sieve;

void primes_free(primes_sieve *sieve) {
  if (sieve == NULL) return;
  free(sieve->composite);
  free(sieve);
}

// Begins at 2; NULL if there is no memory.
primes_sieve *primes_new(long long stop) {
  primes_sieve *sieve = malloc(sizeof *sieve);
  if (sieve == NULL) return NULL;
  *sieve = (primes_sieve){calloc(stop > 0 ? (size_t)stop : 1, 1), 2, stop};
  if (sieve->composite != NULL) return sieve;
  primes_free(sieve);
  return NULL;
}

// The next prime, or 0 if there is none.
long long primes_next(primes_sieve *sieve) {
  while (sieve->n < sieve->stop && sieve->composite[sieve->n]) sieve->n++;
  if (sieve->n >= sieve->stop) return 0;
  long long prime = sieve->n++;
  for (long long multiple = prime * prime; multiple < sieve->stop; multiple += prime) sieve->composite[multiple] = 1;
  return prime;
}

// Writes at most `most` primes to `out` and returns how many.
long long primes_fill(primes_sieve *sieve, long long *out, long long most) {
  long long count = 0;
  while (count < most && (out[count] = primes_next(sieve)) != 0) count++;
  return count;
}
