# SPDX-License-Identifier: MPL-2.0
"""A folder of files, whoever writes them."""

import os
import pathlib
import subprocess

from .. import pem
from ..accident import DENIED, KILLS, Accident
from ..watch import Watch
from .destination import ALTER, LOOSEN, REMOVE, REPLACE, UNMARK, Destination, Found


class Files(Destination):
    drifts = (REMOVE, ALTER, REPLACE, UNMARK, LOOSEN)
    writes = 14
    is_in_two_parts = True

    def __init__(self, directory: pathlib.Path):
        self.directory = directory / "out"
        self.directory.mkdir()
        self._foreign: set[str] = set()
        self._other = pem.make_pair(directory / "foreign")
        self._watch: Watch | None = None

    def objects(self) -> list[Found]:
        names = {path.stem for path in self._paths() if path.suffix in (".crt", ".key")} - self._foreign
        return [self._find(name) for name in sorted(names)]

    def leftovers(self) -> list[str]:
        objects = {found.name for found in self.objects()} | self._foreign
        marks = {f".{name}.certwright" for name in objects}
        return [path.name for path in self._paths() if path.stem not in objects and path.name not in marks]

    def private_keys(self) -> list[str]:
        foreign = {f"{name}.key" for name in self._foreign}
        return [path.name for path in self._paths() if path.name not in foreign and b"PRIVATE KEY" in path.read_bytes()]

    def add_foreign(self, name: str):
        self._foreign.add(name)
        for suffix, text in zip((".crt", ".key"), self._other):
            (self.directory / f"{name}{suffix}").write_text(text)

    def remove_foreign(self, name: str):
        self._foreign.discard(name)
        self._remove(name)

    def foreign(self) -> dict[str, str]:
        return {path.name: f"{path.stat().st_mode:o} {path.read_text()}" for path in self._paths() if path.stem in self._foreign}

    def drift(self, what: str, name: str):
        certificate, key = (self.directory / f"{name}{suffix}" for suffix in (".crt", ".key"))
        if what == REMOVE:
            certificate.unlink()
        elif what == ALTER:
            certificate.write_text("altered")
        elif what == REPLACE:
            for path, text in zip((certificate, key), self._other):
                path.write_text(text)
        elif what == UNMARK:
            (self.directory / f".{name}.certwright").unlink(missing_ok=True)
        elif what == LOOSEN:
            key.chmod(0o644)

    def remove(self, found: Found):
        self._remove(found.name)

    def arm(self, accident: Accident):
        if accident.what in KILLS:
            self._watch = Watch(self.directory, accident)
        elif accident.what == DENIED:
            accident.has_happened = self._set_immutable("+i")

    def disarm(self):
        if self._watch:
            self._watch.stop()
            self._watch = None
        self._set_immutable("-i")

    def stop(self):
        self._set_immutable("-i")

    def _set_immutable(self, flag: str) -> bool:
        """A folder that not even root can write in. False where the file system or the container does not allow it."""
        return subprocess.run(["chattr", flag, self.directory], capture_output=True).returncode == 0

    def _paths(self) -> list[pathlib.Path]:
        return [path for path in sorted(self.directory.iterdir()) if path.is_file()]

    def _find(self, name: str) -> Found:
        certificate, key = (self._read(f"{name}{suffix}") for suffix in (".crt", ".key"))
        mark = self._read(f".{name}.certwright") or ""
        problem = None
        if certificate is None or key is None:
            problem = f"{'.crt' if certificate is None else '.key'} is missing"
        elif pem.count_certificates(certificate) < 2:
            problem = "the chain is missing"
        elif os.stat(self.directory / f"{name}.key").st_mode & 0o777 != 0o600:
            problem = "others may read the key"
        return Found(name, name, certificate and pem.first_certificate(certificate), key, problem, mark)

    def _read(self, name: str) -> str | None:
        try:
            return (self.directory / name).read_text()
        except FileNotFoundError:
            return None

    def _remove(self, name: str):
        for file in (f"{name}.crt", f"{name}.key", f".{name}.certwright"):
            (self.directory / file).unlink(missing_ok=True)
