#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/operators.h>

namespace {

struct Point {
  double x, y;
  bool operator==(const Point &other) const { return x == other.x && y == other.y; }
};

double number(const nanobind::object &value) {
  double found = PyFloat_AsDouble(value.ptr());
  if (found == -1.0 && PyErr_Occurred()) nanobind::raise_python_error();
  return found;
}

nanobind::object interned(const char *name) { return nanobind::steal(PyUnicode_InternFromString(name)); }

}  // namespace

NB_MODULE(native, module) {
  nanobind::class_<Point>(module, "Point")
      .def(nanobind::init<double, double>())
      .def_rw("x", &Point::x)
      .def_rw("y", &Point::y)
      .def(nanobind::self == nanobind::self);
  // A name that is there saves making a str of it each time.
  module.def("total", [x = interned("x"), y = interned("y")](const nanobind::list &points) {
    double result = 0;
    for (nanobind::handle point : points) {
      result += number(nanobind::getattr(point, x)) * number(nanobind::getattr(point, y));
    }
    return result;
  });
  module.def("total_attr", [](const nanobind::list &points) {
    double result = 0;
    for (nanobind::handle point : points) result += number(point.attr("x")) * number(point.attr("y"));
    return result;
  });
  module.def("total_native", [](const nanobind::list &points) {
    double result = 0;
    for (nanobind::handle item : points) {
      const auto &point = nanobind::cast<const Point &>(item);
      result += point.x * point.y;
    }
    return result;
  });
  module.def("total_array", [](nanobind::ndarray<const double, nanobind::shape<-1, 2>, nanobind::device::cpu> points) {
    double result = 0;
    auto rows = points.view();
    for (size_t i = 0; i < rows.shape(0); i++) result += rows(i, 0) * rows(i, 1);
    return result;
  });
}
