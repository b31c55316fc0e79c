#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* `row` has room for one value more than `b` has characters. */
static uint32_t distance(PyObject *a, PyObject *b, uint32_t *row) {
  int a_kind = PyUnicode_KIND(a), b_kind = PyUnicode_KIND(b);
  const void *a_data = PyUnicode_DATA(a), *b_data = PyUnicode_DATA(b);
  Py_ssize_t m = PyUnicode_GET_LENGTH(a), n = PyUnicode_GET_LENGTH(b);
  for (Py_ssize_t j = 0; j <= n; j++) row[j] = (uint32_t)j;
  for (Py_ssize_t i = 0; i < m; i++) {
    Py_UCS4 x = PyUnicode_READ(a_kind, a_data, i);
    uint32_t diagonal = row[0], left = (uint32_t)i + 1;
    row[0] = left;
    for (Py_ssize_t j = 0; j < n; j++) {
      uint32_t above = row[j + 1], least = above < left ? above : left;
      left = x == PyUnicode_READ(b_kind, b_data, j) ? diagonal : (least < diagonal ? least : diagonal) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[n];
}

static PyObject *levenshtein_pairs(PyObject *module, PyObject *pairs) {
  (void)module;
  if (!PyList_Check(pairs)) {
    return PyErr_Format(PyExc_TypeError, "the argument must be list, not %.200s", Py_TYPE(pairs)->tp_name);
  }
  Py_ssize_t count = PyList_GET_SIZE(pairs), room = 0;
  uint32_t *row = NULL;
  PyObject *distances = PyList_New(count);
  for (Py_ssize_t i = 0; distances != NULL && i < count; i++) {
    PyObject *a, *b, *pair = PyList_GET_ITEM(pairs, i);
    if (!PyTuple_Check(pair)) {
      PyErr_Format(PyExc_TypeError, "a pair must be tuple, not %.200s", Py_TYPE(pair)->tp_name);
      goto fail;
    }
    if (!PyArg_ParseTuple(pair, "UU", &a, &b)) goto fail;
    if (PyUnicode_GET_LENGTH(b) >= room) {
      room = 2 * PyUnicode_GET_LENGTH(b) + 64;
      uint32_t *larger = PyMem_Realloc(row, (size_t)room * sizeof *row);
      if (larger == NULL) {
        PyErr_NoMemory();
        goto fail;
      }
      row = larger;
    }
    PyObject *found = PyLong_FromUnsignedLong(distance(a, b, row));
    if (found == NULL) goto fail;
    PyList_SET_ITEM(distances, i, found);
  }
  PyMem_Free(row);
  return distances;
fail:
  PyMem_Free(row);
  Py_DECREF(distances);
  return NULL;
}

static PyMethodDef methods[] = {
    {"levenshtein_pairs", levenshtein_pairs, METH_O, "The distance between the two texts of each pair."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
