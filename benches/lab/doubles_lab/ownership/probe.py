"""Asks a module about itself, in whichever Python runs this file; the reply is a line of JSON.

Python 3.6 and up can read it.
"""

import importlib
import inspect
import json
import re
import sys
import types
import typing

ARGUMENTS = {
    "an int": (3,),
    "None": (None,),
    "bytes": (b"aabccc",),
    "a lone surrogate": ("\ud800\ud800",),
    "nothing": (),
    "two strings": ("aa", "bb"),
}


def outcome(call: typing.Callable[[], typing.Any]) -> typing.Dict[str, typing.Any]:
    """What a call gives or raises."""
    try:
        value = call()
    except BaseException as error:
        kind = type(error)
        name = kind.__name__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__name__
        return {"raised": name, "text": str(error), "caught": isinstance(error, Exception)}
    return {"gave": repr(value)}


def no_gil(module: types.ModuleType) -> typing.Optional[str]:
    """What a module says of the GIL by its slot Py_mod_gil: "not used", "used"; None if it has no such slot."""
    import ctypes

    class Slot(ctypes.Structure):
        _fields_ = [("slot", ctypes.c_int), ("value", ctypes.c_void_p)]

    class Definition(ctypes.Structure):
        _fields_ = [
            ("base", ctypes.c_byte * (object.__basicsize__ + 3 * ctypes.sizeof(ctypes.c_void_p))),
            ("name", ctypes.c_char_p),
            ("doc", ctypes.c_char_p),
            ("size", ctypes.c_ssize_t),
            ("methods", ctypes.c_void_p),
            ("slots", ctypes.POINTER(Slot)),
        ]

    definition_of = ctypes.pythonapi.PyModule_GetDef
    definition_of.argtypes, definition_of.restype = [ctypes.py_object], ctypes.POINTER(Definition)
    definition = definition_of(module)
    if not definition or not definition.contents.slots:
        return None
    for slot in definition.contents.slots:
        if slot.slot == 0:
            return None
        if slot.slot == 4:
            return "not used" if slot.value == 1 else "used"
    return None


def compiled(name: str) -> typing.List[types.ModuleType]:
    """The extension modules that an import of ``name`` brought from beside it."""
    beside = (sys.modules[name].__file__ or "").rpartition("/")[0]
    files = [(getattr(each, "__file__", None) or "", each) for each in list(sys.modules.values())]
    return [each for file, each in files if file.startswith(beside) and file.endswith((".so", ".pyd"))]


def describe(function: typing.Callable[..., typing.Any]) -> typing.Dict[str, typing.Any]:
    """What a person or a program can ask about the function."""
    try:
        signature = str(inspect.signature(function))
    except (ValueError, TypeError) as error:
        signature, why = "", re.sub(" at 0x[0-9a-f]+", "", str(error))
    else:
        why = ""
    annotations = getattr(function, "__annotations__", None)
    return {
        "doc": function.__doc__,
        "signature": signature,
        "no_signature": why,
        "annotated": bool(annotations),
        "type": type(function).__name__,
    }


def main() -> None:
    """Answers one request: MODULE count | describe | fail | bad ARGUMENT | gil."""
    name, request = sys.argv[1:3]
    module = importlib.import_module(name)
    function = module.count_doubles
    if request == "count":
        reply = {"count": function("aabccc")}
        enabled = getattr(sys, "_is_gil_enabled", None)
        reply["gil_enabled"] = enabled() if enabled else None
    elif request == "describe":
        reply = describe(function)
    elif request == "gil":
        reply = {"gil": {each.__name__: no_gil(each) for each in compiled(name)}}
    elif request == "fail":
        reply = outcome(module.fail)
        reply["afterwards"] = function("aabccc")
    else:
        reply = outcome(lambda: function(*ARGUMENTS[sys.argv[3]]))
    print("\n" + json.dumps(reply))


if __name__ == "__main__":
    main()
