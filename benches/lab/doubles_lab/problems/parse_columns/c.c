#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

static int is_str(PyObject *text) {
  if (!PyUnicode_Check(text)) {
    PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE(text)->tp_name);
    return 0;
  }
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(text) != 0) return 0;
#endif
  return 1;
}

/* A field of a text in its memory. */
typedef struct {
  int width;
  const char *data;
  Py_ssize_t begin, end;
} Field;

static PyObject *str_of(Field field) {
  return PyUnicode_FromKindAndData(field.width, field.data + field.begin * field.width, field.end - field.begin);
}

/* Reads digits up to another character; the first that is none, and how many there were. */
static Py_ssize_t digits(Field field, Py_ssize_t i, uint64_t *value, int *count) {
  for (; i < field.end; i++, ++*count) {
    Py_UCS4 digit = PyUnicode_READ(field.width, field.data, i) - '0';
    if (digit > 9) break;
    *value = *value * 10 + digit;
  }
  return i;
}

static int is_negative(Field field) {
  return field.begin < field.end && PyUnicode_READ(field.width, field.data, field.begin) == '-';
}

/* An int of up to 18 digits fits in 64 bits; anything else is left to int(). Returns 0 with the exception set. */
static int read_int(Field field, int64_t *found) {
  int negative = is_negative(field), count = 0;
  uint64_t value = 0;
  Py_ssize_t end = digits(field, field.begin + negative, &value, &count);
  if (end == field.end && count > 0 && count <= 18) {
    *found = negative ? -(int64_t)value : (int64_t)value;
    return 1;
  }
  PyObject *text = str_of(field), *number = text == NULL ? NULL : PyLong_FromUnicodeObject(text, 10);
  if (number != NULL) *found = PyLong_AsLongLong(number);
  Py_XDECREF(text);
  Py_XDECREF(number);
  return !PyErr_Occurred();
}

/* A float of up to 15 digits is one division of two numbers that are exact (Clinger); anything else is for float(). */
static int read_float(Field field, double *found) {
  static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  int negative = is_negative(field), count = 0, whole;
  uint64_t value = 0;
  Py_ssize_t end = digits(field, field.begin + negative, &value, &count);
  whole = count;
  if (end < field.end && PyUnicode_READ(field.width, field.data, end) == '.') {
    end = digits(field, end + 1, &value, &count);
  }
  if (end == field.end && count > 0 && count <= 15) {
    *found = (double)value / powers[count - whole];
    if (negative) *found = -*found;
    return 1;
  }
  PyObject *text = str_of(field), *number = text == NULL ? NULL : PyFloat_FromString(text);
  if (number != NULL) *found = PyFloat_AsDouble(number);
  Py_XDECREF(text);
  Py_XDECREF(number);
  return !PyErr_Occurred();
}

/* A view of so many numbers of 8 bytes of a kind. */
static PyObject *view_of(PyObject *memory, Py_ssize_t count, const char *kind) {
  if (PyByteArray_Resize(memory, count * 8) != 0) return NULL;
  PyObject *bytes = PyMemoryView_FromObject(memory), *view = NULL;
  if (bytes != NULL) view = PyObject_CallMethod(bytes, "cast", "s", kind);
  Py_XDECREF(bytes);
  return view;
}

static PyObject *parse_columns(PyObject *module, PyObject *text) {
  (void)module;
  if (!is_str(text)) return NULL;
  int width = PyUnicode_KIND(text);
  const char *data = PyUnicode_DATA(text);
  Py_ssize_t length = PyUnicode_GET_LENGTH(text), count = 0, lines = 1;
  for (Py_ssize_t i = 0; i < length; i++) lines += PyUnicode_READ(width, data, i) == '\n';
  PyObject *names = PyList_New(0), *result = NULL;
  PyObject *keys = PyByteArray_FromStringAndSize(NULL, lines * 8);
  PyObject *prices = PyByteArray_FromStringAndSize(NULL, lines * 8);
  if (names == NULL || keys == NULL || prices == NULL) goto done;
  int64_t *key = (int64_t *)PyByteArray_AS_STRING(keys);
  double *price = (double *)PyByteArray_AS_STRING(prices);
  for (Py_ssize_t i = 0; i < length; i++) {
    Field fields[3];
    int found = 0;
    Py_ssize_t begin = i, start = i;
    for (;; i++) {
      Py_UCS4 c = i < length ? PyUnicode_READ(width, data, i) : '\n';
      if (c != ',' && c != '\n') continue;
      if (found < 3) fields[found] = (Field){width, data, start, i};
      found++;
      start = i + 1;
      if (c == '\n') break;
    }
    if (i == begin) continue;
    if (found != 3) {
      PyErr_SetString(PyExc_ValueError, "a line has not three fields");
      goto done;
    }
    if (!read_int(fields[0], &key[count]) || !read_float(fields[2], &price[count])) goto done;
    PyObject *name = str_of(fields[1]);
    int failed = name == NULL || PyList_Append(names, name) != 0;
    Py_XDECREF(name);
    if (failed) goto done;
    count++;
  }
  PyObject *key_view = view_of(keys, count, "q"), *price_view = key_view == NULL ? NULL : view_of(prices, count, "d");
  if (price_view != NULL) result = PyTuple_Pack(3, key_view, names, price_view);
  Py_XDECREF(key_view);
  Py_XDECREF(price_view);
done:
  Py_XDECREF(names);
  Py_XDECREF(keys);
  Py_XDECREF(prices);
  return result;
}

static PyMethodDef methods[] = {
    {"parse_columns", parse_columns, METH_O, "The columns of a text."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
