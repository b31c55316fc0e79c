#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
  char *composite;
  long long n, stop;
} Sieve;

// The next prime, or 0 if there is none.
static long long next_prime(Sieve *sieve) {
  while (sieve->n < sieve->stop && sieve->composite[sieve->n]) sieve->n++;
  if (sieve->n >= sieve->stop) return 0;
  long long prime = sieve->n++;
  for (long long multiple = prime * prime; multiple < sieve->stop; multiple += prime) sieve->composite[multiple] = 1;
  return prime;
}

// Begins at 2. Returns 0 with the exception set where there is no memory or `argument` is no int.
static int begin(Sieve *sieve, PyObject *argument) {
  sieve->composite = NULL;
  sieve->stop = PyLong_AsLongLong(argument);
  if (sieve->stop == -1 && PyErr_Occurred()) return 0;
  sieve->n = 2;
  sieve->composite = PyMem_Calloc(sieve->stop > 0 ? (size_t)sieve->stop : 0, 1);
  if (sieve->composite == NULL) PyErr_NoMemory();
  return sieve->composite != NULL;
}

typedef struct {
  PyObject_HEAD
  Sieve sieve;
} Iterator;

static PyObject *iterator_next(PyObject *self) {
  long long prime = next_prime(&((Iterator *)self)->sieve);
  return prime == 0 ? NULL : PyLong_FromLongLong(prime);
}

static void iterator_dealloc(PyObject *self) {
  PyMem_Free(((Iterator *)self)->sieve.composite);
  PyObject_Free(self);
}

static PyTypeObject iterator_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "native.Primes",
    .tp_basicsize = sizeof(Iterator),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = iterator_dealloc,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = iterator_next,
};

static PyObject *primes(PyObject *module, PyObject *stop) {
  (void)module;
  Iterator *iterator = PyObject_New(Iterator, &iterator_type);
  if (iterator == NULL) return NULL;
  if (!begin(&iterator->sieve, stop)) Py_CLEAR(iterator);
  return (PyObject *)iterator;
}

static PyObject *primes_list(PyObject *module, PyObject *stop) {
  (void)module;
  Sieve sieve;
  if (!begin(&sieve, stop)) return NULL;
  PyObject *found = PyList_New(0);
  for (long long prime; found != NULL && (prime = next_prime(&sieve)) != 0;) {
    PyObject *item = PyLong_FromLongLong(prime);
    if (item == NULL || PyList_Append(found, item)) Py_CLEAR(found);
    Py_XDECREF(item);
  }
  PyMem_Free(sieve.composite);
  return found;
}

static PyMethodDef methods[] = {
    {"primes", primes, METH_O, "An iterator over the primes below a number."},
    {"primes_list", primes_list, METH_O, "A list of the primes below a number."},
    {NULL, NULL, 0, NULL},
};

static int ready(PyObject *module) {
  (void)module;
  return PyType_Ready(&iterator_type);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, ready}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
