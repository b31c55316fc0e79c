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

/* A tuple of three, whose references are taken, any of which may be NULL. */
static PyObject *record_of(PyObject *key, PyObject *name, PyObject *price) {
  PyObject *record = key == NULL || name == NULL || price == NULL ? NULL : PyTuple_New(3);
  if (record == NULL) {
    Py_XDECREF(key);
    Py_XDECREF(name);
    Py_XDECREF(price);
    return NULL;
  }
  PyTuple_SET_ITEM(record, 0, key);
  PyTuple_SET_ITEM(record, 1, name);
  PyTuple_SET_ITEM(record, 2, price);
  return record;
}

static int append(PyObject *records, PyObject *record) {
  int failed = record == NULL || PyList_Append(records, record) != 0;
  Py_XDECREF(record);
  return !failed;
}

static PyObject *wrong_count(void) {
  PyErr_SetString(PyExc_ValueError, "a line has not three fields");
  return NULL;
}

/* As the API offers it. */
static PyObject *parse_records(PyObject *module, PyObject *text) {
  (void)module;
  if (!is_str(text)) return NULL;
  PyObject *newline = PyUnicode_FromString("\n"), *comma = PyUnicode_FromString(",");
  PyObject *lines = newline == NULL || comma == NULL ? NULL : PyUnicode_Split(text, newline, -1);
  PyObject *records = lines == NULL ? NULL : PyList_New(0);
  for (Py_ssize_t i = 0; records != NULL && i < PyList_GET_SIZE(lines); i++) {
    PyObject *line = PyList_GET_ITEM(lines, i), *record = NULL;
    if (PyUnicode_GET_LENGTH(line) == 0) continue;
    PyObject *fields = PyUnicode_Split(line, comma, -1);
    if (fields != NULL && PyList_GET_SIZE(fields) != 3) {
      wrong_count();
    } else if (fields != NULL) {
      PyObject *key = PyLong_FromUnicodeObject(PyList_GET_ITEM(fields, 0), 10);
      PyObject *name = PyList_GET_ITEM(fields, 1);
      Py_INCREF(name);
      record = record_of(key, name, key == NULL ? NULL : PyFloat_FromString(PyList_GET_ITEM(fields, 2)));
    }
    Py_XDECREF(fields);
    if (!append(records, record)) Py_CLEAR(records);
  }
  Py_XDECREF(lines);
  Py_XDECREF(comma);
  Py_XDECREF(newline);
  return records;
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

/* An int of up to 18 digits fits in 64 bits; anything else is left to int(). */
static PyObject *int_of(Field field) {
  int negative = is_negative(field), count = 0;
  uint64_t value = 0;
  Py_ssize_t end = digits(field, field.begin + negative, &value, &count);
  if (end == field.end && count > 0 && count <= 18) {
    return PyLong_FromLongLong(negative ? -(long long)value : (long long)value);
  }
  PyObject *text = str_of(field), *found = text == NULL ? NULL : PyLong_FromUnicodeObject(text, 10);
  Py_XDECREF(text);
  return found;
}

/* A float of up to 15 digits is one division of two numbers that are exact (Clinger); anything else is for float(). */
static PyObject *float_of(Field field) {
  static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  int negative = is_negative(field), count = 0, whole;
  uint64_t value = 0;
  Py_ssize_t end = digits(field, field.begin + negative, &value, &count);
  whole = count;
  if (end < field.end && PyUnicode_READ(field.width, field.data, end) == '.') {
    end = digits(field, end + 1, &value, &count);
  }
  if (end == field.end && count > 0 && count <= 15) {
    double found = (double)value / powers[count - whole];
    return PyFloat_FromDouble(negative ? -found : found);
  }
  PyObject *text = str_of(field), *found = text == NULL ? NULL : PyFloat_FromString(text);
  Py_XDECREF(text);
  return found;
}

static PyObject *parse_records_in_place(PyObject *module, PyObject *text) {
  (void)module;
  if (!is_str(text)) return NULL;
  int width = PyUnicode_KIND(text);
  const char *data = PyUnicode_DATA(text);
  Py_ssize_t length = PyUnicode_GET_LENGTH(text), i = 0;
  PyObject *records = PyList_New(0);
  for (; records != NULL && i < length; i++) {
    Field fields[3];
    int count = 0;
    Py_ssize_t begin = i, start = i;
    for (;; i++) {
      Py_UCS4 c = i < length ? PyUnicode_READ(width, data, i) : '\n';
      if (c != ',' && c != '\n') continue;
      if (count < 3) fields[count] = (Field){width, data, start, i};
      count++;
      start = i + 1;
      if (c == '\n') break;
    }
    if (i == begin) continue;
    PyObject *record = NULL;
    if (count != 3) {
      wrong_count();
    } else {
      PyObject *key = int_of(fields[0]), *name = key == NULL ? NULL : str_of(fields[1]);
      record = record_of(key, name, name == NULL ? NULL : float_of(fields[2]));
    }
    if (!append(records, record)) Py_CLEAR(records);
  }
  return records;
}

static PyMethodDef methods[] = {
    {"parse_records", parse_records, METH_O, "The rows of a text."},
    {"parse_records_in_place", parse_records_in_place, METH_O, "The rows of a text."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
