from math import isclose
from statistics import median
from timeit import Timer

import native_shapes as native
import numpy as np
import shapes


def seconds(function, *arguments):
    timer = Timer(lambda: function(*arguments))
    calls = max(1, timer.autorange()[0] // 4)
    return median(timer.repeat(5, calls)) / calls


def compare(shape, slow, fast, arguments, native_arguments=None):
    native_arguments = native_arguments or arguments
    assert isclose(slow(*arguments), fast(*native_arguments))
    ratio = seconds(slow, *arguments) / seconds(fast, *native_arguments)
    print(f"{shape}: {ratio:.1f} times as fast")


text = "the same three questions for every function " * 6
values = [i / 10 for i in range(100_000)]

compare("two texts, much computing", shapes.levenshtein, native.levenshtein, (text, text.replace("e", "ea")))
compare("a list of floats", shapes.sum_floats, native.sum_floats, (values,))
compare("the same list, by Python's own sum", shapes.sum_floats, sum, (values,))
compare("an array of floats", shapes.sum_floats, native.sum_of_array, (values,), (np.array(values),))
compare("the same array, by NumPy", shapes.sum_floats, np.sum, (values,), (np.array(values),))
compare("a function that is called back", shapes.integrate, native.integrate, (lambda x: x * x, 10_000))
