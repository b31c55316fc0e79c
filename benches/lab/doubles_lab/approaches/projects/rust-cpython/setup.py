from setuptools import setup
from setuptools_rust import Binding, RustExtension

setup(
    name="lab-rust-cpython",
    version="1",
    rust_extensions=[RustExtension("lab_rust_cpython", binding=Binding.RustCPython, debug=False)],
)
