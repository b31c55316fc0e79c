#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { OTHER, WORD, SPACE };

static inline int kind_of(Py_UCS4 c) {
  if (c > 127 || (c | 32) - 'a' < 26 || c - '0' < 10 || c == '_') return WORD;
  return c == ' ' || c - 9 < 5 ? SPACE : OTHER;
}

static int take(PyObject *text) {
  if (!PyUnicode_Check(text)) {
    PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE(text)->tp_name);
    return 0;
  }
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(text) != 0) return 0;
#endif
  return 1;
}

static int append(PyObject *tokens, int width, const char *data, Py_ssize_t begin, Py_ssize_t end) {
  PyObject *token = PyUnicode_FromKindAndData(width, data + begin * width, end - begin);
  int failed = token == NULL || PyList_Append(tokens, token) != 0;
  Py_XDECREF(token);
  return !failed;
}

static PyObject *tokenize(PyObject *module, PyObject *text) {
  (void)module;
  if (!take(text)) return NULL;
  PyObject *tokens = PyList_New(0);
  int width = PyUnicode_KIND(text);
  const char *data = PyUnicode_DATA(text);
  Py_ssize_t length = PyUnicode_GET_LENGTH(text), begin = 0, i = 0;
  while (tokens != NULL && i < length) {
    int kind = kind_of(PyUnicode_READ(width, data, i));
    begin = i++;
    if (kind == SPACE) continue;
    if (kind == WORD)
      while (i < length && kind_of(PyUnicode_READ(width, data, i)) == WORD) i++;
    if (!append(tokens, width, data, begin, i)) Py_CLEAR(tokens);
  }
  return tokens;
}

/* One text with a blank between any two tokens, which str.split cuts. */
static PyObject *tokenize_at_once(PyObject *module, PyObject *text) {
  (void)module;
  if (!take(text)) return NULL;
  int width = PyUnicode_KIND(text), before = SPACE;
  const void *data = PyUnicode_DATA(text);
  Py_ssize_t length = PyUnicode_GET_LENGTH(text), size = 0;
  char *memory = PyMem_Malloc((size_t)(2 * length + 1) * (size_t)width);
  if (memory == NULL) return PyErr_NoMemory();
  for (Py_ssize_t i = 0; i < length; i++) {
    Py_UCS4 c = PyUnicode_READ(width, data, i);
    int kind = kind_of(c);
    if (kind != SPACE) {
      if (size && (kind == OTHER || before != WORD)) PyUnicode_WRITE(width, memory, size++, ' ');
      PyUnicode_WRITE(width, memory, size++, c);
    }
    before = kind;
  }
  PyObject *tokens = NULL, *joined = PyUnicode_FromKindAndData(width, memory, size), *blank = PyUnicode_FromString(" ");
  PyMem_Free(memory);
  if (joined != NULL && blank != NULL) tokens = size ? PyUnicode_Split(joined, blank, -1) : PyList_New(0);
  Py_XDECREF(joined);
  Py_XDECREF(blank);
  return tokens;
}

static PyMethodDef methods[] = {
    {"tokenize", tokenize, METH_O, "The tokens of a text."},
    {"tokenize_at_once", tokenize_at_once, METH_O, "The tokens of a text."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
