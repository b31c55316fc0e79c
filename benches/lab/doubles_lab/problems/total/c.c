#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <string.h>
#include <structmember.h>

typedef struct {
  PyObject_HEAD
  double x, y;
} Point;

static PyTypeObject *point_type;
static PyObject *name_x, *name_y;

static int point_init(PyObject *self, PyObject *args, PyObject *kwargs) {
  static char *names[] = {"x", "y", NULL};
  Point *point = (Point *)self;
  return PyArg_ParseTupleAndKeywords(args, kwargs, "dd", names, &point->x, &point->y) ? 0 : -1;
}

static PyObject *point_compare(PyObject *self, PyObject *other, int operation) {
  if (!Py_IS_TYPE(other, point_type) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
  const Point *a = (Point *)self, *b = (Point *)other;
  return PyBool_FromLong((a->x == b->x && a->y == b->y) == (operation == Py_EQ));
}

static PyMemberDef point_members[] = {
    {"x", T_DOUBLE, offsetof(Point, x), 0, NULL},
    {"y", T_DOUBLE, offsetof(Point, y), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot point_slots[] = {
    {Py_tp_init, point_init},
    {Py_tp_richcompare, point_compare},
    {Py_tp_members, point_members},
    {0, NULL},
};

static PyType_Spec point_spec = {"native.Point", sizeof(Point), 0, Py_TPFLAGS_DEFAULT, point_slots};

static int is_list(PyObject *points) {
  if (PyList_Check(points)) return 1;
  PyErr_Format(PyExc_TypeError, "the argument must be list, not %.200s", Py_TYPE(points)->tp_name);
  return 0;
}

static int add_product(PyObject *point, double *result) {
  PyObject *x = PyObject_GetAttr(point, name_x), *y = x == NULL ? NULL : PyObject_GetAttr(point, name_y);
  if (y != NULL) *result += PyFloat_AsDouble(x) * PyFloat_AsDouble(y);
  Py_XDECREF(x);
  Py_XDECREF(y);
  return y != NULL;
}

/* An attribute may be a property, which can do anything to the list. */
static PyObject *total(PyObject *module, PyObject *points) {
  double result = 0;
  (void)module;
  if (!is_list(points)) return NULL;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(points); i++) {
    PyObject *point = PyList_GET_ITEM(points, i);
    Py_INCREF(point);
    int added = add_product(point, &result);
    Py_DECREF(point);
    if (!added || PyErr_Occurred()) return NULL;
  }
  return PyFloat_FromDouble(result);
}

static PyObject *total_native(PyObject *module, PyObject *points) {
  double result = 0;
  (void)module;
  if (!is_list(points)) return NULL;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(points); i++) {
    PyObject *item = PyList_GET_ITEM(points, i);
    if (!PyObject_TypeCheck(item, point_type)) {
      return PyErr_Format(PyExc_TypeError, "a point must be Point, not %.200s", Py_TYPE(item)->tp_name);
    }
    const Point *point = (Point *)item;
    result += point->x * point->y;
  }
  return PyFloat_FromDouble(result);
}

static PyObject *total_array(PyObject *module, PyObject *points) {
  double result = 0;
  Py_buffer view;
  (void)module;
  if (PyObject_GetBuffer(points, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) return NULL;
  if (view.ndim != 2 || view.shape[1] != 2 || strcmp(view.format, "d") != 0) {
    PyBuffer_Release(&view);
    PyErr_SetString(PyExc_TypeError, "the argument must be an array of float64 with two columns");
    return NULL;
  }
  const double *items = view.buf;
  for (Py_ssize_t i = 0; i < view.shape[0]; i++) result += items[2 * i] * items[2 * i + 1];
  PyBuffer_Release(&view);
  return PyFloat_FromDouble(result);
}

static PyMethodDef methods[] = {
    {"total", total, METH_O, "The sum of x times y of all points."},
    {"total_native", total_native, METH_O, "The sum of x times y of all points."},
    {"total_array", total_array, METH_O, "The sum of x times y of all rows."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) {
  PyObject *module = PyModule_Create(&definition);
  point_type = (PyTypeObject *)PyType_FromSpec(&point_spec);
  name_x = PyUnicode_InternFromString("x");
  name_y = PyUnicode_InternFromString("y");
  if (module == NULL || point_type == NULL || name_x == NULL || name_y == NULL) return NULL;
  Py_INCREF(point_type);
  return PyModule_AddObject(module, "Point", (PyObject *)point_type) == 0 ? module : NULL;
}
