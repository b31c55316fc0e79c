#pragma once

#include <Python.h>
#include <doubles.h>

/* The doubles of a str, read from its 1-, 2- or 4-byte storage; -1 with the exception set if memory runs out, which
   needs a str that old extensions make of wchar_t, before Python 3.12. */
static inline Py_ssize_t count_in_place(PyObject *text) {
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(text) != 0) return -1;
#endif
  const void *data = PyUnicode_DATA(text);
  size_t length = (size_t)PyUnicode_GET_LENGTH(text);
  switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
      return doubles_count_bytes((const uint8_t *)data, length);
    case PyUnicode_2BYTE_KIND:
      return doubles_count_u16((const uint16_t *)data, length);
    default:
      return doubles_count_u32((const uint32_t *)data, length);
  }
}
