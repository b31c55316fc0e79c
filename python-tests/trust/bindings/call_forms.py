"""Generated calls of every function, good and bad in every way: the same class, text and result in both modules.

Every argument is an object of ``objects.py``. The systematic calls give each of these to each parameter, by position
and by keyword, and give every parameter or not, twice or under another name; the random ones mix all that.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import ctypes
import functools
import importlib
import itertools
import mmap
import os
import random
import re
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from functions import MODULES, functions, required
from trust.bindings.objects import OBJECTS, PATHS, Plain, is_a_descriptor, value

#: Seconds after which a call hangs.
HANGS = 60

#: Arguments that parameters take. One without a default that is not here is an error; others may take anything.
GOOD = {
    "val": ["'aabb  cc' (str)", "b'aab' (bytes)", "a bytearray", "an array of h", "a strided ndarray of >i2"],
    "values": ["a list of words", "a list of letters", "a list of int", "'a' (str)", "None (NoneType)"],
    "path": ["a file of characters", "the null device", "a pipe", "a file at an offset"],
    "unit": ["'bytes' (str)", "'characters' (str)"],
    "threads": ["1 (int)", "2 (int)", "2**62 by __index__"],
    "min_length": ["1 (int)", "2 (int)", "3 (int)"],
    "max_run": ["1 (int)", "2 (int)", "3 (int)"],
}
GOOD["threads"][-1] = f"{2**62} (int)"

UNKNOWN = ["other", "Val", "größe", "\ud800", "", "self"]

WAYS = ["call", "partial", "partial with keywords", "__call__", "keywords of a type of their own", "map"]


class Form(NamedTuple):
    """A call: the names of its arguments, and how they are given."""

    function: str
    args: tuple[str, ...]
    kwargs: dict[str, str]
    way: str = "call"

    def __str__(self) -> str:
        arguments = [*(f"<{name}>" for name in self.args), *(f"{key}=<{name}>" for key, name in self.kwargs.items())]
        return f"{self.function}({', '.join(arguments)}) by {self.way}".encode("utf-8", "replace").decode()


def act_on(first: Any) -> None:
    """Takes an argument's content away, as far as it lets that be done."""
    if isinstance(first, (bytearray, list, dict, set)):
        first.clear()
    elif isinstance(first, array.array):
        del first[:]
    elif isinstance(first, np.ndarray) and first.base is None:
        first.resize(1, refcheck=False)
    elif isinstance(first, memoryview):
        first.release()
    elif isinstance(first, mmap.mmap):
        first.close()
    elif isinstance(first, ctypes.Array):
        ctypes.resize(first, 1 << 16)


class Acting:
    """A number and an iterable that does something first, and the values that it then gives."""

    def __init__(self, act: Callable[[], Any], given: Any) -> None:
        self.act, self.given = act, given

    def __index__(self) -> int:
        self.act()
        return 1

    def __iter__(self) -> Iterator[Any]:
        for each in self.given:
            self.act()
            yield each


#: What acts on the first argument, or calls the same function again.
ACTING = ["what empties the first argument", "what calls the function again"]


def made(name: str, module: ModuleType, function: str, first: Any) -> Any:
    """A new object of this name."""
    if name.startswith("value "):
        return value(random.Random(int(name.split()[1])))
    if name in ACTING:
        again = lambda: getattr(module, function)("aab")  # noqa: E731
        act = again if "again" in name else lambda: act_on(first)
        return Acting(act, "ab" if isinstance(first, str) else [1, 97])
    return (OBJECTS.get(name) or PATHS[name])()


def shown(value: Any) -> str:
    """A repr without addresses, of whatever can be shown."""
    try:
        text = repr(value)
    except BaseException as error:
        text = f"what raises {type(error).__name__} when it is shown"
    return re.sub(r"0x[0-9a-f]+", "0x", text)


def described(error: BaseException) -> tuple[str, ...]:
    """What is said by an exception."""
    try:
        text = str(error)
    except BaseException as again:
        text = f"what raises {type(again).__name__} when it is shown"
    more = [shown(error.args), shown(getattr(error, "__notes__", None)), shown(error.__cause__)]
    if isinstance(error, UnicodeError):
        more += [shown(getattr(error, name, None)) for name in ("encoding", "object", "start", "end", "reason")]
    return ("raised", f"{type(error).__module__}.{type(error).__qualname__}", re.sub(r"0x[0-9a-f]+", "0x", text), *more)


def plain(result: Any) -> tuple[str, ...]:
    """What a result is, to the last bit."""
    kind = f"{type(result).__module__}.{type(result).__qualname__}"
    if isinstance(result, np.ndarray):
        return (
            "returned",
            kind,
            result.dtype.str,
            shown(result.shape),
            shown(result.tolist()),
            shown(result.flags.writeable),
        )
    if isinstance(result, memoryview):
        return "returned", kind, result.format, shown(result.shape), shown(result.tobytes()), shown(result.readonly)
    if isinstance(result, (tuple, list)):
        return "returned", kind, shown([(type(each).__name__, each) for each in result])
    return "returned", kind, shown(result)


def outcome(module: ModuleType, form: Form) -> tuple[str, ...]:
    """What a call returns or raises, and what it raised where nobody could catch it."""
    function = getattr(module, form.function)
    args: list[Any] = []
    for name in form.args:
        args.append(made(name, module, form.function, args[0] if args else None))
    kwargs = {}
    for key, name in form.kwargs.items():
        first = args[0] if args else next(iter(kwargs.values()), None)
        kwargs[Plain(key) if form.way.startswith("keywords") else key] = made(name, module, form.function, first)
    unraisable: list[str] = []
    sys.unraisablehook = lambda hooked: unraisable.append(f"{type(hooked.exc_value).__name__}: {hooked.exc_value}")
    try:
        if form.way == "partial":
            result = functools.partial(function, *args, **kwargs)()
        elif form.way == "partial with keywords":
            result = functools.partial(function, **kwargs)(*args)
        elif form.way == "__call__":
            result = function.__call__(*args, **kwargs)
        elif form.way == "map" and not kwargs:
            result = next(map(function, *([arg] for arg in args)), None)
        else:
            result = function(*args, **kwargs)
        return (*plain(result), *unraisable)
    except BaseException as error:
        return (*described(error.with_traceback(None)), *unraisable)
    finally:
        sys.unraisablehook = sys.__unraisablehook__
        for arg in args[:1]:
            # What was refused before it was opened is still open.
            if form.function == "count_doubles_file" and type(arg) is int and 2 < arg < 1000:
                with contextlib.suppress(OSError):
                    os.close(arg)


def names_for(parameter: str) -> list[str]:
    """The objects that may be given to a parameter."""
    if parameter == "path":
        return [*PATHS, *(name for name, make in OBJECTS.items() if not is_a_descriptor(make()))]
    return [*OBJECTS, *ACTING]


class Forms:
    """Calls of the functions that these modules share."""

    def __init__(self, module: ModuleType, seed: int) -> None:
        self.seed = seed
        self.signatures = functions(module)
        self.objects = {name: names_for(name) for name in ("path", "val")}
        for function, signature in self.signatures.items():
            missing = [name for name in required(signature) if name not in GOOD]
            assert not missing, f"{function}: no arguments are known for {missing}"
        self.systematic = [form for function in self.signatures for form in self.of(function)]

    def named(self, parameter: str) -> list[str]:
        """The objects for a parameter, whatever it is called."""
        return self.objects["path" if parameter == "path" else "val"]

    def good(self, function: str, parameter: str) -> str:
        """An argument that is right."""
        if function == "count_doubles_many":
            return "a list of words"
        return (GOOD.get(parameter) or self.named(parameter))[0]

    def of(self, function: str) -> Iterator[Form]:
        """The systematic calls of a function."""
        names = list(self.signatures[function].parameters)
        good = [self.good(function, name) for name in names]
        keywords: dict[str, str] = {}
        for count in range(len(names) + 3):
            args = (*good, "'a' (str)", "2 (int)")[:count]
            for size in range(len(names) + 1):
                for chosen in itertools.combinations(range(len(names)), size):
                    keywords = {names[i]: good[i] for i in chosen}
                    yield Form(function, args, keywords)
                    for unknown in UNKNOWN if size < 2 else UNKNOWN[:1]:
                        yield Form(function, args, {**keywords, unknown: "1 (int)"})
                        yield Form(function, args, {unknown: "1 (int)", **keywords})
            for way in WAYS[1:]:
                yield Form(function, args, {}, way)
                yield Form(function, args[:1], dict(itertools.islice(zip(names, good), 1, count)), way)
        for at, name in enumerate(names):
            for given in self.named(name):
                yield Form(function, (*good[:at], given), {})
                yield Form(function, tuple(good[:1]) if at else (), {name: given})
                if at:
                    # The first argument is wrong as well: which is found first?
                    yield Form(function, ("None (NoneType)",), {name: given})
                    for val in GOOD["val"][1:] if names[0] == "val" else ():
                        yield Form(function, (val,), {name: given})

    def __getitem__(self, index: int) -> Form:
        """One of them: the systematic ones first, and then random ones without end."""
        if index < len(self.systematic):
            return self.systematic[index]
        chance = random.Random(f"{self.seed} {index}")
        function = chance.choice(list(self.signatures))
        names = list(self.signatures[function].parameters)

        def some(name: str) -> str:
            kind = chance.random()
            if kind < 0.4 and name in GOOD:
                return chance.choice(GOOD[name])
            if kind < 0.8 and name == "val":
                return f"value {chance.randrange(1 << 32)}"
            return chance.choice(self.named(name))

        positional = chance.choice([0, 1, 1, 1, 2, len(names), len(names), len(names) + 1])
        args = tuple(some(names[i] if i < len(names) else "val") for i in range(positional))
        # What is not given by position mostly, and anything else sometimes.
        rest = [name for i, name in enumerate(names) if (i >= positional) == (chance.random() < 0.95)]
        kwargs = {name: some(name) for name in rest if chance.random() < 0.7}
        if chance.random() < 0.05:
            kwargs[chance.choice(UNKNOWN)] = some("val")
        if chance.random() < 0.3:
            kwargs = dict(sorted(kwargs.items(), key=lambda _: chance.random()))
        return Form(function, args, kwargs, chance.choice(WAYS) if chance.random() < 0.2 else "call")


class Shared:
    """What a copy of this process tells it even when it dies: two numbers."""

    def __init__(self) -> None:
        self.memory = memoryview(mmap.mmap(-1, 16)).cast("q")

    at = property(lambda self: self.memory[0], lambda self, at: self.memory.__setitem__(0, at))
    module = property(lambda self: self.memory[1], lambda self, at: self.memory.__setitem__(1, at))


def compare(
    modules: list[ModuleType], forms: Forms, start: int, end: int, at: Shared
) -> tuple[Counter[str], list[str]]:
    """What became of these calls, by class, and those that are wrong."""
    kinds: Counter[str] = Counter()
    wrong = []
    # What a function warns of is what it raises.
    warnings.simplefilter("error")
    for index in range(start, end):
        form = forms[index]
        outcomes = []
        for number, module in enumerate(modules):
            at.at, at.module = index, number
            outcomes.append(outcome(module, form))
        kinds[" ".join(outcomes[0][:2])] += 1
        never = [each for each in outcomes if each[1].rpartition(".")[2] in ("SystemError", "PanicException")]
        if never or len(set(outcomes)) > 1:
            wrong.append(
                f"{index}: {form}\n"
                + "\n".join(f"    {module.__name__}: {said}"[:400] for module, said in zip(modules, outcomes))
            )
    return kinds, wrong


def supervised(modules: list[ModuleType], forms: Forms, start: int, end: int) -> tuple[Counter[str], list[str]]:
    """As :func:`compare`, in a copy of this process; where that dies or hangs, in a new one from the next call on."""
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    at = Shared()
    while start < end:
        read, write = os.pipe()
        at.at, at.module = start, 0
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.close(read)
            with open(write, "w", encoding="utf-8", errors="replace") as pipe:  # noqa: PTH123 (a descriptor)
                pipe.write(repr(compare(modules, forms, start, end, at)))
            os._exit(0)
        os.close(write)
        said, code = watched(child, read, at)
        if code == 0:
            some, more = eval(said, {"Counter": Counter})
            kinds += some
            wrong += more
            break
        wrong.append(f"{at.at}: {forms[at.at]}\n    {modules[at.module].__name__} {said}")
        start = at.at + 1
    return kinds, wrong


def watched(child: int, read: int, at: Shared) -> tuple[str, int]:
    """What a process writes, and 0; or how it died, or that it hung."""
    os.set_blocking(read, False)
    written, last, since = b"", -1, time.monotonic()
    while True:
        try:
            more = os.read(read, 1 << 20)
            written += more
        except BlockingIOError:
            more = b"nothing yet"
            time.sleep(0.01)
        if not more:
            break
        if at.at != last:
            last, since = at.at, time.monotonic()
        elif time.monotonic() > since + HANGS:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(read)
            return f"hung for {HANGS} s", 1
    os.close(read)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"died of {signal.Signals(os.WTERMSIG(status)).name}", 1
    return written.decode(), os.WEXITSTATUS(status)


def main() -> int:
    """Prints what was reached; 1 if any call is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, help="how many; as many as are systematic, and 3,000 more, if not given")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--only", type=int, help="the number of one call, which is then shown")
    parser.add_argument("--show", type=int, default=30, help="how many wrong ones to show")
    arguments = parser.parse_args()
    modules = [importlib.import_module(name) for name in MODULES]
    signatures = [functions(module) for module in modules]
    assert all(each == signatures[0] for each in signatures), "the modules have other functions"
    forms = Forms(modules[0], arguments.seed)
    if arguments.only is not None:
        warnings.simplefilter("error")
        print(forms[arguments.only])
        for module in modules:
            print(module.__name__, outcome(module, forms[arguments.only]), flush=True)
        return 0
    print(f"seed {arguments.seed}", flush=True)
    calls = arguments.calls or len(forms.systematic) + 3000
    kinds, wrong = supervised(modules, forms, 0, calls)
    print(*wrong[: arguments.show], sep="\n")
    print("outcomes:", ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common()))
    print(f"{calls:,} calls of {len(signatures[0])} functions of {' and '.join(MODULES)}, {len(wrong):,} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
