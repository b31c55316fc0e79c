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

static std::vector<long long> all(long long stop) {
  Primes primes(stop);
  std::vector<long long> found;
  while (long long prime = primes.next()) found.push_back(prime);
  return found;
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
  module.def("primes_list", &all);
}
