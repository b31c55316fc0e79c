// The bytes that Python allocates are written to before anybody else sees them.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

// A short key is repeated to a block, so that the compiler takes many bytes at once.
static void xor_into(unsigned char *restrict out, const unsigned char *restrict data, size_t length,
                     const unsigned char *restrict key, size_t size) {
  unsigned char block[512];
  if (size <= sizeof block / 2 && length >= sizeof block) {
    memcpy(block, key, size);
    for (; 2 * size <= sizeof block; size *= 2) memcpy(block + size, block, size);
    key = block;
  }
  for (size_t start = 0; start < length; start += size) {
    size_t count = size < length - start ? size : length - start;
    for (size_t i = 0; i < count; i++) out[start + i] = data[start + i] ^ key[i];
  }
}

static PyObject *masked(const unsigned char *data, Py_ssize_t length, const char *key, Py_ssize_t size) {
  if (size == 0) {
    PyErr_SetString(PyExc_ValueError, "the key is empty");
    return NULL;
  }
  PyObject *result = PyBytes_FromStringAndSize(NULL, length);
  if (result) {
    unsigned char *out = (unsigned char *)PyBytes_AS_STRING(result);
    xor_into(out, data, (size_t)length, (const unsigned char *)key, (size_t)size);
  }
  return result;
}

static PyObject *xor(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  char *data, *key;
  Py_ssize_t length, size;
  (void)module;
  if (count != 2) return PyErr_Format(PyExc_TypeError, "xor() takes 2 arguments (%zd given)", count);
  if (PyBytes_AsStringAndSize(args[0], &data, &length) < 0) return NULL;
  if (PyBytes_AsStringAndSize(args[1], &key, &size) < 0) return NULL;
  return masked((unsigned char *)data, length, key, size);
}

static PyObject *xor_buffer(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  Py_buffer data, key;
  PyObject *result = NULL;
  (void)module;
  if (count != 2) return PyErr_Format(PyExc_TypeError, "xor_buffer() takes 2 arguments (%zd given)", count);
  if (PyObject_GetBuffer(args[0], &data, PyBUF_SIMPLE) < 0) return NULL;
  if (PyObject_GetBuffer(args[1], &key, PyBUF_SIMPLE) == 0) {
    result = masked(data.buf, data.len, key.buf, key.len);
    PyBuffer_Release(&key);
  }
  PyBuffer_Release(&data);
  return result;
}

static PyMethodDef methods[] = {
    {"xor", (PyCFunction)(void (*)(void))xor, METH_FASTCALL, "The data, exclusive or the repeated key."},
    {"xor_buffer", (PyCFunction)(void (*)(void))xor_buffer, METH_FASTCALL, "The same of whatever has a buffer."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
