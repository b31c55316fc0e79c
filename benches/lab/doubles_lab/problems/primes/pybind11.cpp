#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <vector>

namespace py = pybind11;

class Primes {
 public:
  explicit Primes(long long stop) : composite(stop > 0 ? static_cast<std::size_t>(stop) : 0) {}

  // The next prime, or 0 if there is none.
  long long next() {
    while (n < composite.size() && composite[n]) n++;
    if (n >= composite.size()) return 0;
    std::size_t prime = n++;
    for (std::size_t multiple = prime * prime; multiple < composite.size(); multiple += prime) composite[multiple] = 1;
    return static_cast<long long>(prime);
  }

 private:
  std::vector<char> composite;  // a std::vector<bool> has bits, which take longer
  std::size_t n = 2;
};

class Slotted : public Primes {
 public:
  using Primes::Primes;
};

static std::vector<long long> all(long long stop) {
  Primes primes(stop);
  std::vector<long long> found;
  while (long long prime = primes.next()) found.push_back(prime);
  return found;
}

// Python asks a type for its next item by a slot, without a call of `__next__` or an exception at the end.
static PyObject *next_prime(PyObject *self) {
  long long prime = py::handle(self).cast<Slotted &>().next();
  return prime == 0 ? nullptr : PyLong_FromLongLong(prime);
}

static void fill_slots(PyHeapTypeObject *type) {
  type->ht_type.tp_iter = PyObject_SelfIter;
  type->ht_type.tp_iternext = next_prime;
}

PYBIND11_MODULE(native, module) {
  py::class_<Primes>(module, "Primes")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", [](Primes &primes) {
        long long prime = primes.next();
        if (prime == 0) throw py::stop_iteration();
        return prime;
      });
  module.def("primes", [](long long stop) { return Primes(stop); });
  py::class_<Slotted>(module, "Slotted", py::custom_type_setup(fill_slots));
  module.def("primes_slots", [](long long stop) { return Slotted(stop); });
  module.def("primes_list", &all);
}
