from setuptools import Extension, setup

FLAGS = ["-O3", "-march=native"]

setup(
    name="swigged",
    ext_modules=[
        Extension("_until_nul", ["until_nul_wrap.c", "until_nul.c"], extra_compile_args=FLAGS),
        Extension("_told_length", ["told_length_wrap.c", "told_length.c"], extra_compile_args=FLAGS),
    ],
)
