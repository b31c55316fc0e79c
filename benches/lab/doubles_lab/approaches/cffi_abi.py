"""cffi in ABI mode: by declaration alone."""

from doubles_lab.approaches.shared import OverLibrary


class CffiAbi(OverLibrary):
    """``ffi.dlopen(LIBRARY)``."""

    name = "cffi_abi"
    title = "cffi, ABI mode"
    packages = ("cffi",)
