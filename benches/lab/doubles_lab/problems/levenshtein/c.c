#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* The code points of two texts, in memory of the stack where there are few. */
typedef struct {
  Py_UCS4 few[256], *memory, *codes[2];
  Py_ssize_t length[2];
} Texts;

static int take(Texts *texts, PyObject *const *args, Py_ssize_t nargs) {
  if (nargs != 2) {
    PyErr_Format(PyExc_TypeError, "levenshtein() takes exactly 2 arguments (%zd given)", nargs);
    return 0;
  }
  for (int i = 0; i < 2; i++) {
    if (!PyUnicode_Check(args[i])) {
      PyErr_Format(PyExc_TypeError, "the arguments must be str, not %.200s", Py_TYPE(args[i])->tp_name);
      return 0;
    }
    texts->length[i] = PyUnicode_GetLength(args[i]);
  }
  Py_ssize_t length = texts->length[0] + texts->length[1];
  texts->memory = length > 256 ? PyMem_Malloc((size_t)length * sizeof(Py_UCS4)) : texts->few;
  if (texts->memory == NULL) return PyErr_NoMemory() != NULL;
  texts->codes[0] = texts->memory;
  texts->codes[1] = texts->memory + texts->length[0];
  for (int i = 0; i < 2; i++) {
    if (texts->length[i] && !PyUnicode_AsUCS4(args[i], texts->codes[i], texts->length[i], 0)) return 0;
  }
  return 1;
}

static void release(Texts *texts) {
  if (texts->memory != texts->few) PyMem_Free(texts->memory);
}

static PyObject *levenshtein(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  Texts texts = {.memory = NULL};
  PyObject *result = NULL;
  uint32_t few[256], *row = NULL;
  (void)module;
  if (!take(&texts, args, nargs)) goto done;
  const Py_UCS4 *a = texts.codes[0], *b = texts.codes[1];
  size_t m = (size_t)texts.length[0], n = (size_t)texts.length[1];
  row = n < 256 ? few : PyMem_Malloc((n + 1) * sizeof *row);
  if (row == NULL) {
    PyErr_NoMemory();
    goto done;
  }
  for (size_t j = 0; j <= n; j++) row[j] = (uint32_t)j;
  for (size_t i = 0; i < m; i++) {
    uint32_t diagonal = row[0], left = (uint32_t)i + 1;
    row[0] = left;
    for (size_t j = 0; j < n; j++) {
      uint32_t above = row[j + 1], least = above < left ? above : left;
      left = a[i] == b[j] ? diagonal : (least < diagonal ? least : diagonal) + 1;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  result = PyLong_FromUnsignedLong(row[n]);
  if (row != few) PyMem_Free(row);
done:
  release(&texts);
  return result;
}

/* Where a character is in the first text, as bits: a table with open addressing, at most half full. */
typedef struct {
  Py_UCS4 code;
  uint32_t used;
} Key;

static size_t key_of(Key *keys, size_t size, Py_UCS4 code) {
  size_t at = (code * 2654435761u) & (size - 1);
  while (keys[at].used && keys[at].code != code) at = (at + 1) & (size - 1);
  return at;
}

/* Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it. */
static PyObject *levenshtein_bits(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  Texts texts = {.memory = NULL};
  PyObject *result = NULL;
  (void)module;
  if (!take(&texts, args, nargs)) goto done;
  const Py_UCS4 *a = texts.codes[0], *b = texts.codes[1];
  size_t m = (size_t)texts.length[0], n = (size_t)texts.length[1], words = (m + 63) / 64, size = 4;
  if (m == 0 || n == 0) {
    result = PyLong_FromSize_t(m + n);
    goto done;
  }
  while (size < 2 * m) size *= 2;
  /* The bits of each character, those of a character that is not there, and the column. */
  size_t bytes = size * sizeof(Key) + (size + 1 + 2) * words * sizeof(uint64_t);
  uint64_t few[512];
  uint64_t *memory = bytes <= sizeof few ? memset(few, 0, bytes) : PyMem_Calloc(1, bytes);
  if (memory == NULL) {
    PyErr_NoMemory();
    goto done;
  }
  uint64_t *places = memory, *up = memory + (size + 1) * words, *down = up + words;
  Key *keys = (Key *)(down + words);
  for (size_t i = 0; i < m; i++) {
    size_t key = key_of(keys, size, a[i]);
    keys[key] = (Key){a[i], 1};
    places[key * words + i / 64] |= (uint64_t)1 << i % 64;
  }
  for (size_t i = 0; i < words; i++) up[i] = ~(uint64_t)0;
  size_t distance = m;
  int last = (int)((m - 1) % 64);
  for (size_t j = 0; j < n; j++) {
    size_t key = key_of(keys, size, b[j]);
    const uint64_t *match = places + (keys[key].used ? key : size) * words;
    uint64_t more = 0, less = 0, more_before = 1, less_before = 0;
    for (size_t i = 0; i < words; i++) {
      uint64_t hit = match[i] | less_before;
      uint64_t diagonal = (((hit & up[i]) + up[i]) ^ up[i]) | hit | down[i];
      more = down[i] | ~(diagonal | up[i]);
      less = diagonal & up[i];
      uint64_t more_shifted = more << 1 | more_before, less_shifted = less << 1 | less_before;
      more_before = more >> 63, less_before = less >> 63;
      up[i] = less_shifted | ~(diagonal | more_shifted);
      down[i] = more_shifted & diagonal;
    }
    distance += more >> last & 1;
    distance -= less >> last & 1;
  }
  result = PyLong_FromSize_t(distance);
  if (memory != few) PyMem_Free(memory);
done:
  release(&texts);
  return result;
}

#define FUNCTION(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL, "The distance of Levenshtein."
static PyMethodDef methods[] = {
    {"levenshtein", FUNCTION(levenshtein)},
    {"levenshtein_bits", FUNCTION(levenshtein_bits)},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }
