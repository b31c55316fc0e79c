#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

static int is_str(PyObject *text) {
  if (PyUnicode_Check(text)) return 1;
  PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE(text)->tp_name);
  return 0;
}

/* As the API offers it: str.split, and a dict. */
static PyObject *word_count(PyObject *module, PyObject *text) {
  (void)module;
  if (!is_str(text)) return NULL;
  PyObject *words = PyUnicode_Split(text, NULL, -1);
  PyObject *counts = words == NULL ? NULL : PyDict_New();
  if (counts == NULL) goto fail;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(words); i++) {
    PyObject *word = PyList_GET_ITEM(words, i);
    PyObject *count = PyDict_GetItemWithError(counts, word);
    if (count == NULL && PyErr_Occurred()) goto fail;
    PyObject *next = PyLong_FromSsize_t(count == NULL ? 1 : PyLong_AsSsize_t(count) + 1);
    if (next == NULL) goto fail;
    int failed = PyDict_SetItem(counts, word, next);
    Py_DECREF(next);
    if (failed) goto fail;
  }
  Py_DECREF(words);
  return counts;
fail:
  Py_XDECREF(words);
  Py_XDECREF(counts);
  return NULL;
}

/* A word in the text's memory; a table of them with open addressing, at most half full. */
typedef struct {
  const char *start;
  Py_ssize_t bytes, count;
} Word;

typedef struct {
  Word *words;
  size_t size, used;
} Table;

static uint64_t hash_of(const char *start, Py_ssize_t bytes) {
  uint64_t hash = (uint64_t)bytes, part;
  for (; bytes >= 8; start += 8, bytes -= 8) {
    memcpy(&part, start, 8);
    hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  part = 0;
  for (Py_ssize_t i = 0; i < bytes; i++) part = part << 8 | (unsigned char)start[i];
  hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

static Word *place_of(const Table *table, const char *start, Py_ssize_t bytes) {
  for (size_t at = hash_of(start, bytes);; at++) {
    Word *word = &table->words[at & (table->size - 1)];
    if (word->count == 0 || (word->bytes == bytes && memcmp(word->start, start, (size_t)bytes) == 0)) return word;
  }
}

static int grow(Table *table) {
  Table larger = {PyMem_Calloc(table->size * 2, sizeof(Word)), table->size * 2, table->used};
  if (larger.words == NULL) return 0;
  for (size_t i = 0; i < table->size; i++) {
    Word word = table->words[i];
    if (word.count) *place_of(&larger, word.start, word.bytes) = word;
  }
  PyMem_Free(table->words);
  *table = larger;
  return 1;
}

static int add(Table *table, const char *start, Py_ssize_t bytes) {
  Word *word = place_of(table, start, bytes);
  if (word->count++) return 1;
  word->start = start;
  word->bytes = bytes;
  return ++table->used * 2 <= table->size || grow(table);
}

static PyObject *word_count_in_place(PyObject *module, PyObject *text) {
  (void)module;
  if (!is_str(text)) return NULL;
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(text) != 0) return NULL;
#endif
  int kind = PyUnicode_KIND(text), fits = 1;
  const char *data = PyUnicode_DATA(text);
  Py_ssize_t length = PyUnicode_GET_LENGTH(text), i = 0;
  PyObject *counts = NULL;
  Table table = {.size = 64};
  while (table.size < 1024 && (Py_ssize_t)table.size * 8 < length) table.size *= 2;
  table.words = PyMem_Calloc(table.size, sizeof(Word));
  if (table.words == NULL) return PyErr_NoMemory();
  while (fits) {
    while (i < length && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i))) i++;
    if (i == length) break;
    Py_ssize_t start = i;
    while (i < length && !Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i))) i++;
    fits = add(&table, data + start * kind, (i - start) * kind);
  }
  if (!fits) {
    PyErr_NoMemory();
    goto done;
  }
  counts = PyDict_New();
  for (size_t place = 0; counts != NULL && place < table.size; place++) {
    Word each = table.words[place];
    if (each.count == 0) continue;
    PyObject *word = PyUnicode_FromKindAndData(kind, each.start, each.bytes / kind);
    PyObject *count = PyLong_FromSsize_t(each.count);
    if (word == NULL || count == NULL || PyDict_SetItem(counts, word, count) != 0) Py_CLEAR(counts);
    Py_XDECREF(word);
    Py_XDECREF(count);
  }
done:
  PyMem_Free(table.words);
  return counts;
}

static PyMethodDef methods[] = {
    {"word_count", word_count, METH_O, "How often each word is in a text."},
    {"word_count_in_place", word_count_in_place, METH_O, "How often each word is in a text."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
