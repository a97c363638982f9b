# SPDX-License-Identifier: MPL-2.0
"""Accidents at changes of a folder, which is how files are written: by inotify, whose wait costs no processor time."""

import ctypes
import os
import pathlib
import select
import threading

from .accident import Accident

# sys/inotify.h
_MODIFY, _ATTRIB, _CLOSE_WRITE, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x4, 0x8, 0x80, 0x100, 0x200
_EVENT_SIZE = 16  # without the name
_libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """While it lasts, each change in `directory` counts as a write of the accident."""

    def __init__(self, directory: pathlib.Path, accident: Accident):
        self._accident = accident
        self._inotify = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        mask = _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED_TO | _CREATE | _DELETE
        if self._inotify < 0 or _libc.inotify_add_watch(self._inotify, os.fsencode(directory), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        os.close(self._waker)
        self._thread.join()
        os.close(self._inotify)
        os.close(self._wake)

    def _run(self):
        while True:
            ready, _, _ = select.select([self._inotify, self._wake], [], [])
            if self._wake in ready:
                return
            for _ in range(_count_events(os.read(self._inotify, 65536))):
                if self._accident.is_due():
                    self._accident.kill()


def _count_events(data: bytes) -> int:
    count, at = 0, 0
    while at < len(data):
        at += _EVENT_SIZE + int.from_bytes(data[at + 12:at + 16], "little")
        count += 1
    return count
