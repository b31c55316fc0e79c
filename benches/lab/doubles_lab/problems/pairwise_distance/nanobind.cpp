// flags: -O3 -std=c++17 -fvisibility=hidden -fno-strict-aliasing -DNDEBUG -DNB_COMPACT_ASSERTIONS -fno-math-errno
// The loop over views of any strides; and one over contiguous memory and columns of the other points.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cmath>
#include <memory>

namespace nb = nanobind;
using Points = nb::ndarray<const double, nb::ndim<2>, nb::device::cpu>;
using Contiguous = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Result = nb::ndarray<nb::numpy, double, nb::ndim<2>, nb::c_contig>;

static Result owned(double *out, size_t rows, size_t length) {
  nb::capsule owner(out, [](void *kept) noexcept { delete[] static_cast<double *>(kept); });
  return Result(out, {rows, length}, owner);
}

static void check(size_t one, size_t other) {
  if (one != other) throw nb::value_error("the points must have the same number of coordinates");
}

// The inner loop takes several points at once, coordinate by coordinate: `columns` has a row for each coordinate.
static void fill(const double *points, const double *columns, double *__restrict out, size_t rows, size_t length,
                 size_t coordinates) {
  for (size_t i = 0; i < rows; i++) {
    double *__restrict row = out + i * length;
    for (size_t j = 0; j < length; j++) row[j] = 0.0;
    for (size_t k = 0; k < coordinates; k++) {
      double mine = points[i * coordinates + k];
      const double *others = columns + k * length;
      for (size_t j = 0; j < length; j++) row[j] += (mine - others[j]) * (mine - others[j]);
    }
    for (size_t j = 0; j < length; j++) row[j] = std::sqrt(row[j]);
  }
}

NB_MODULE(native, module) {
  module.def("pairwise_distance_view", [](const Points &a, const Points &b) {
    check(a.shape(1), b.shape(1));
    auto points = a.view(), others = b.view();
    size_t rows = a.shape(0), length = b.shape(0);
    double *out = new double[rows * length];
    {
      nb::gil_scoped_release released;
      for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < length; j++) {
          double total = 0.0;
          for (size_t k = 0; k < points.shape(1); k++) {
            double difference = points(i, k) - others(j, k);
            total += difference * difference;
          }
          out[i * length + j] = std::sqrt(total);
        }
      }
    }
    return owned(out, rows, length);
  });
  module.def("pairwise_distance", [](const Contiguous &a, const Contiguous &b) {
    check(a.shape(1), b.shape(1));
    const double *others = b.data();
    size_t rows = a.shape(0), length = b.shape(0), coordinates = b.shape(1);
    double *out = new double[rows * length];
    {
      nb::gil_scoped_release released;
      // Not a std::vector, which would fill it first.
      std::unique_ptr<double[]> columns(new double[length * coordinates]);
      for (size_t j = 0; j < length; j++) {
        for (size_t k = 0; k < coordinates; k++) columns[k * length + j] = others[j * coordinates + k];
      }
      fill(a.data(), columns.get(), out, rows, length, coordinates);
    }
    return owned(out, rows, length);
  });
}
