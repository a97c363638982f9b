#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""A program for the destination `exec`: it keeps each certificate as one file in the folder `settings.folder`.

Take it as the start of a program of your own: replace the class Store by calls of your appliance's API. It reads one JSON object
from stdin and writes one to stdout; its exit codes are 0 (done), 3 (not found), 4 (conflict), 75 (try later), and anything else
for a failure, which stderr explains.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import ssl
import sys
import tempfile
import urllib.parse


class NotFound(Exception):
    exit_code = 3


class Conflict(Exception):
    exit_code = 4


class TryLater(Exception):
    exit_code = 75


class Store:
    """Objects as files "<name>.json", which none but this user can read. An external ID is the path of such a file."""

    def __init__(self, folder: str):
        self._folder = pathlib.Path(folder).absolute()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def answer(self, request: dict) -> dict:
        if request["protocol"] != 1:
            raise ValueError(f"protocol {request['protocol']} is not known here")
        operations = {"observe": self._observe, "put": self._put, "remove": self._remove}
        with self._lock():
            return operations[request["operation"]](request)

    def _observe(self, request: dict) -> dict:
        path = self._path(request)
        return self._describe(path, self._load(path))

    def _put(self, request: dict) -> dict:
        path = self._path(request)
        try:
            former = self._load(path)
        except NotFound:
            former = None
        if former and "external_id" not in request and former["sync_id"] != request["sync_id"]:
            raise Conflict(f"{path} exists")
        if former and "version" in request and str(former["version"]) != request["version"]:
            raise Conflict(f"{path} was changed by somebody else")
        kept = ("sync_id", "certificate_id", "certificate_pem", "chain_pem", "private_key_pem")
        content = {member: request[member] for member in kept} | {"version": former["version"] + 1 if former else 1}
        self._save(path, content)
        return self._describe(path, content)

    def _remove(self, request: dict) -> dict:
        path = self._path(request)
        if self._fingerprint(self._load(path)) != request["fingerprint_sha256"]:
            raise Conflict(f"{path} holds another certificate")
        path.unlink()
        return {}

    # An external ID may come from an import: it must not lead elsewhere.
    def _path(self, request: dict) -> pathlib.Path:
        if "external_id" not in request:
            return self._folder / (urllib.parse.quote(request["name"], safe="") + ".json")
        path = pathlib.Path(request["external_id"])
        if path.parent != self._folder or path.suffix != ".json":
            raise NotFound(f"{path} is not a file of {self._folder}")
        return path

    def _load(self, path: pathlib.Path) -> dict:
        try:
            return json.loads(path.read_text())
        except FileNotFoundError:
            raise NotFound(f"there is no {path}") from None

    # Never half written.
    def _save(self, path: pathlib.Path, content: dict):
        with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False) as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)

    # What observe and put answer. `parts` has what else shall be compared, here as digests.
    def _describe(self, path: pathlib.Path, content: dict) -> dict:
        parts = {"private key": "private_key_pem", "chain": "chain_pem"}
        return {
            "external_id": str(path),
            "version": str(content["version"]),
            "fingerprint_sha256": self._fingerprint(content),
            "sync_id": content["sync_id"],
            "certificate_id": content["certificate_id"],
            "parts": {name: hashlib.sha256(content[member].encode()).hexdigest() for name, member in parts.items()},
        }

    def _fingerprint(self, content: dict) -> str:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(content["certificate_pem"])).hexdigest()

    @contextlib.contextmanager
    def _lock(self):
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise TryLater(f"{self._folder} is in use") from None
        finally:
            os.close(folder)


def main() -> int:
    request = json.load(sys.stdin)
    try:
        answer = Store(request["settings"]["folder"]).answer(request)
    except (NotFound, Conflict, TryLater) as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
