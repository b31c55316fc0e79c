// flags: -O3 -std=c++17 -fvisibility=hidden -DNDEBUG -fno-math-errno
// The loop over accessors of any strides; and one over contiguous memory and columns of the other points.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cmath>
#include <memory>

namespace py = pybind11;

static void check(const py::array &a, const py::array &b) {
  if (a.ndim() != 2 || b.ndim() != 2 || a.shape(1) != b.shape(1)) {
    throw py::value_error("the points must have the same number of coordinates");
  }
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

PYBIND11_MODULE(native, module) {
  module.def("pairwise_distance_unchecked", [](const py::array_t<double> &a, const py::array_t<double> &b) {
    check(a, b);
    auto points = a.unchecked<2>(), others = b.unchecked<2>();
    py::array_t<double> result({points.shape(0), others.shape(0)});
    auto out = result.mutable_unchecked<2>();
    {
      py::gil_scoped_release released;
      for (py::ssize_t i = 0; i < points.shape(0); i++) {
        for (py::ssize_t j = 0; j < others.shape(0); j++) {
          double total = 0.0;
          for (py::ssize_t k = 0; k < points.shape(1); k++) {
            double difference = points(i, k) - others(j, k);
            total += difference * difference;
          }
          out(i, j) = std::sqrt(total);
        }
      }
    }
    return result;
  });
  using Contiguous = py::array_t<double, py::array::c_style | py::array::forcecast>;
  module.def("pairwise_distance", [](const Contiguous &a, const Contiguous &b) {
    check(a, b);
    py::array_t<double> result({a.shape(0), b.shape(0)});
    const double *points = a.data(), *others = b.data();
    double *out = result.mutable_data();
    auto rows = static_cast<size_t>(a.shape(0)), length = static_cast<size_t>(b.shape(0));
    auto coordinates = static_cast<size_t>(b.shape(1));
    {
      py::gil_scoped_release released;
      // Not a std::vector, which would fill it first.
      std::unique_ptr<double[]> columns(new double[length * coordinates]);
      for (size_t j = 0; j < length; j++) {
        for (size_t k = 0; k < coordinates; k++) columns[k * length + j] = others[j * coordinates + k];
      }
      fill(points, columns.get(), out, rows, length, coordinates);
    }
    return result;
  });
}
