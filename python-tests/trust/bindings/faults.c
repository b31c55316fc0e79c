/* Stands before the C library (LD_PRELOAD) and makes calls fail that a test wants to see fail. Everything is off until a
   test sets one of these variables, through ctypes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/types.h>

/* Threads: how many were asked for, and how many more can be had (below 0: any number). */
long faults_threads_started = 0;
long faults_threads_left = -1;

/* Reads: how many there were, the bytes that the first and any other gives at most (0: no limit), and the error that the
   read with the number `faults_read_fails` (from 1 on) ends in, as do the next ones, `faults_reads_failing` in all. */
long faults_reads = 0;
long faults_first_read = 0;
long faults_longest_read = 0;
long faults_read_fails = 0;
long faults_reads_failing = 1;
long faults_read_error = EINTR;

/* Allocations of `faults_smallest_allocation` bytes or more (0: none is looked at): how many there were, and the number
   of the first one that fails, as do all later ones if `faults_allocations_failing` is set. */
long faults_allocations = 0;
long faults_smallest_allocation = 0;
long faults_allocation_fails = 0;
long faults_allocations_failing = 0;

static long counted(long *counter) { return __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST); }

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
    counted(&faults_threads_started);
    if (faults_threads_left >= 0 && __atomic_fetch_sub(&faults_threads_left, 1, __ATOMIC_SEQ_CST) <= 0) {
        faults_threads_left = 0;
        return EAGAIN;
    }
    return next(thread, attributes, start, argument);
}

/* The number of bytes to ask for, or -1 where the read fails. */
static ssize_t length_of_read(size_t length) {
    long number = counted(&faults_reads);
    if (faults_read_fails && number >= faults_read_fails && number < faults_read_fails + faults_reads_failing) {
        errno = (int)faults_read_error;
        return -1;
    }
    long most = number == 1 && faults_first_read ? faults_first_read : faults_longest_read;
    return most && (size_t)most < length ? most : (ssize_t)length;
}

ssize_t read(int file, void *to, size_t length) {
    static ssize_t (*next)(int, void *, size_t);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "read");
    ssize_t asked = length_of_read(length);
    return asked < 0 ? -1 : next(file, to, (size_t)asked);
}

ssize_t pread64(int file, void *to, size_t length, off64_t offset) {
    static ssize_t (*next)(int, void *, size_t, off64_t);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pread64");
    ssize_t asked = length_of_read(length);
    return asked < 0 ? -1 : next(file, to, (size_t)asked, offset);
}

/* The names by which glibc has its own allocator beside the public ones: what dlsym does may allocate. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int allocation_fails(size_t size) {
    if (!faults_smallest_allocation || size < (size_t)faults_smallest_allocation) return 0;
    long number = counted(&faults_allocations);
    int fails = faults_allocation_fails
        && (faults_allocations_failing ? number >= faults_allocation_fails : number == faults_allocation_fails);
    if (fails) errno = ENOMEM;
    return fails;
}

void *malloc(size_t size) { return allocation_fails(size) ? NULL : __libc_malloc(size); }

void *calloc(size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) all = (size_t)-1;
    return allocation_fails(all) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) { return allocation_fails(size) ? NULL : __libc_realloc(block, size); }

void *aligned_alloc(size_t alignment, size_t size) {
    return allocation_fails(size) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = allocation_fails(size) ? NULL : __libc_memalign(alignment, size);
    if (!made) return ENOMEM;
    *block = made;
    return 0;
}
