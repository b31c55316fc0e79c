"""The exclusive or of bytes with a key that repeats: as many bytes out as in."""

import importlib
from collections.abc import Callable
from typing import Any

from doubles_lab import Call, Input, Problem, Variant, sequence
from doubles_lab.implementation import Divergence, Implementation, Raises


def xor(data: bytes, key: bytes) -> bytes:
    """Each byte of the data, exclusive or that of the repeated key. Raises ``ValueError`` for an empty key."""
    if not key:
        raise ValueError("the key is empty")
    return bytes([byte ^ key[i % len(key)] for i, byte in enumerate(data)])


def masked(size: int) -> Call:
    """A message and a key of four bytes, as the frames of a WebSocket have them."""
    return Call(sequence.random_bytes("xor", size), b"\x37\xfa\x21\x3d")


def buffer_of(call: Call) -> Call:
    """The data as a memoryview, such as a part of what was received. Raises ``ValueError`` for text."""
    data, key = call.args
    if not isinstance(data, bytes):
        raise ValueError("not bytes")
    return Call(memoryview(data), key)


PROBLEM = Problem(
    xor,
    inputs=[Input.sized("message", masked, sizes=[16, 1_000, 1_000_000])],
    edge_cases={
        "empty": Call(b"", b"key"),
        "one": Call(b"a", b"\xff"),
        "a key of one byte": Call(bytes(range(256)) * 3, b"\x80"),
        "a key that does not fit": Call(b"0123456789" * 60, b"key"),
        "a key longer than the data": Call(b"data", b"a longer key"),
        "a long key": Call(bytes(range(256)) * 5, bytes(range(255)) * 3),
        "NUL in both": Call(b"\0a\0\0b", b"\0\1"),
        "an empty key": Call(b"data", b""),
        "text": Call("data", b"key"),
        "text as key": Call(b"data", "key"),
    },
    variants=[Variant("buffer", buffer_of, "a memoryview, by the buffer protocol")],
    shape="(bytes, bytes) -> bytes",
    shows="A large result costs what its memory costs: write into the bytes that Python allocates, and copy nothing.",
)


def of(name: str, source: str, function: str, statement: str, outcome: Callable[[Any, Any], Any]) -> Implementation:
    """An implementation in a source file that diverges."""
    return Implementation(name, source=source, function=function, divergences=(Divergence(statement, outcome),))


def for_text(exception: str) -> Callable[[Any, Any], Any]:
    """What one gives that raises another exception than ``TypeError`` where an argument is text."""
    return lambda data, key: Raises(exception) if isinstance(data, str) or isinstance(key, str) else None


IMPLEMENTATIONS = [
    Implementation(
        "websockets",
        language="C",
        binding="C by hand",
        access="the input",
        origin="what websockets masks its frames with",
        packages=("websockets",),
        divergences=(
            Divergence(
                "a key has four bytes, or it raises ValueError",
                lambda *args: Raises("ValueError") if set(map(type, args)) == {bytes} and len(args[1]) != 4 else None,
            ),
        ),
        load=lambda: importlib.import_module("websockets.speedups").apply_mask,
    ),
    of("ctypes", "ctypes.py", "xor", "text raises ArgumentError", for_text("ArgumentError")),
    of("ctypes-copied", "ctypes.py", "xor_copied", "text raises ArgumentError", for_text("ArgumentError")),
]
