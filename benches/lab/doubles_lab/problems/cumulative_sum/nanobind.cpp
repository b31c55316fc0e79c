// Memory of its own, which the array keeps alive, as the documentation has it; and memory that NumPy allocates.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace nb = nanobind;
using Values = nb::ndarray<const double, nb::ndim<1>, nb::device::cpu>;
using Result = nb::ndarray<nb::numpy, double, nb::ndim<1>, nb::c_contig>;

static void fill(const Values &values, double *out) {
  auto items = values.view();
  double total = 0.0;
  for (size_t i = 0; i < items.shape(0); i++) out[i] = total += items(i);
}

NB_MODULE(native, module) {
  module.def("cumulative_sum", [](const Values &values) {
    double *out = new double[values.size()];
    nb::capsule owner(out, [](void *kept) noexcept { delete[] static_cast<double *>(kept); });
    fill(values, out);
    return Result(out, {values.size()}, owner);
  });
  // It lives as long as the process: a static object would be released when Python is gone.
  auto *empty = new nb::object(nb::module_::import_("numpy").attr("empty"));
  module.def("cumulative_sum_numpy", [empty](const Values &values) {
    nb::object result = (*empty)(values.size());
    fill(values, nb::cast<Result>(result).data());
    return result;
  });
}
