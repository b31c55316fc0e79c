#include <pybind11/numpy.h>
#include <pybind11/operators.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vector>

namespace {

struct Point {
  double x, y;
  bool operator==(const Point &other) const { return x == other.x && y == other.y; }
};

double number(const pybind11::object &value) {
  double found = PyFloat_AsDouble(value.ptr());
  if (found == -1.0 && PyErr_Occurred()) throw pybind11::error_already_set();
  return found;
}

pybind11::object interned(const char *name) {
  return pybind11::reinterpret_steal<pybind11::object>(PyUnicode_InternFromString(name));
}

}  // namespace

PYBIND11_MODULE(native, module) {
  pybind11::class_<Point>(module, "Point")
      .def(pybind11::init<double, double>())
      .def_readwrite("x", &Point::x)
      .def_readwrite("y", &Point::y)
      .def(pybind11::self == pybind11::self);
  // A name that is there saves making a str of it each time.
  module.def("total", [x = interned("x"), y = interned("y")](const pybind11::list &points) {
    double result = 0;
    for (pybind11::handle point : points) {
      result += number(pybind11::getattr(point, x)) * number(pybind11::getattr(point, y));
    }
    return result;
  });
  module.def("total_attr", [](const pybind11::list &points) {
    double result = 0;
    for (pybind11::handle point : points) result += number(point.attr("x")) * number(point.attr("y"));
    return result;
  });
  module.def("total_cast_native", [](const pybind11::list &points) {
    double result = 0;
    for (pybind11::handle item : points) {
      const auto &point = item.cast<const Point &>();
      result += point.x * point.y;
    }
    return result;
  });
  // One caster for all points, which looks their type up once.
  module.def("total_native", [](const pybind11::list &points) {
    double result = 0;
    pybind11::detail::make_caster<Point> caster;
    for (pybind11::handle item : points) {
      if (!caster.load(item, false)) throw pybind11::type_error("a point must be Point");
      const auto &point = pybind11::detail::cast_op<const Point &>(caster);
      result += point.x * point.y;
    }
    return result;
  });
  module.def("total_vector_native", [](const std::vector<Point> &points) {
    double result = 0;
    for (const Point &point : points) result += point.x * point.y;
    return result;
  });
  module.def("total_array", [](const pybind11::array_t<double> &points) {
    double result = 0;
    if (points.ndim() != 2 || points.shape(1) != 2) throw pybind11::value_error("a point must have two coordinates");
    auto rows = points.unchecked<2>();
    for (pybind11::ssize_t i = 0; i < rows.shape(0); i++) result += rows(i, 0) * rows(i, 1);
    return result;
  });
}
