/* The smallest module by CPython's C API. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

enum { STEP = 1 };

static PyObject *count_doubles(PyObject *module, PyObject *val) {
    Py_ssize_t length, count = 0;
    const char *data;
    (void)module;
    if (!PyUnicode_Check(val))
        return PyErr_Format(PyExc_TypeError, "count_doubles() argument must be str, not %R", (PyObject *)Py_TYPE(val));
    data = PyUnicode_AsUTF8AndSize(val, &length);
    if (data == NULL) return NULL;
    for (Py_ssize_t i = 0; i + 1 < length; i++) count += data[i] == data[i + 1] ? STEP : 0;
    return PyLong_FromSsize_t(count);
}

static PyObject *fail(PyObject *module, PyObject *none) {
    (void)module, (void)none;
    abort();
}

PyDoc_STRVAR(doc,
             "count_doubles($module, val, /)\n--\n\n"
             "Counts adjacent equal bytes of a text in UTF-8.");

static PyMethodDef methods[] = {
    {"count_doubles", count_doubles, METH_O, doc},
    {"fail", fail, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "lab_c", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_lab_c(void) { return PyModuleDef_Init(&definition); }
