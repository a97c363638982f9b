# SPDX-License-Identifier: MPL-2.0
"""The fakes of tests/engine/vendors as servers on loopback."""

import os
import pathlib

from .process import Server
from .venv import ROOT


def find_fake_server() -> pathlib.Path:
    """FAKE_SERVER, else that of the development build."""
    return pathlib.Path(os.environ.get("FAKE_SERVER") or ROOT / "build" / "dev" / "tests" / "e2e" / "fake_server")


class Fake:
    """`kind`: one of those that tests/e2e/fake_server.cc knows."""

    def __init__(self, directory: pathlib.Path, kind: str):
        self.directory = directory
        port = directory / "port"
        self._server = Server([find_fake_server(), kind, port], directory / f"{kind}.log")
        self._server.wait_until(port.exists)
        self.url = f"http://127.0.0.1:{port.read_text()}"

    def stop(self):
        self._server.stop()
