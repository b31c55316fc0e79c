#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <vector>

namespace nb = nanobind;

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

// Python asks a type for its next item by these slots, without a call of `__next__` or an exception at the end.
static PyObject *next_prime(PyObject *self) {
  long long prime = nb::inst_ptr<Slotted>(self)->next();
  return prime == 0 ? nullptr : PyLong_FromLongLong(prime);
}

static PyType_Slot slots[] = {
    {Py_tp_iter, reinterpret_cast<void *>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void *>(next_prime)},
    {0, nullptr},
};

NB_MODULE(native, module) {
  nb::class_<Primes>(module, "Primes")
      .def("__iter__", [](nb::object self) { return self; })
      .def("__next__", [](Primes &primes) {
        long long prime = primes.next();
        if (prime == 0) throw nb::stop_iteration();
        return prime;
      });
  module.def("primes", [](long long stop) { return Primes(stop); });
  nb::class_<Slotted>(module, "Slotted", nb::type_slots(slots));
  module.def("primes_slots", [](long long stop) { return Slotted(stop); });
  module.def("primes_list", &all);
}
