# SPDX-License-Identifier: MPL-2.0
"""Files of this machine."""

from ..accident import DENIED
from .files import Files


class LocalFiles(Files):
    name = "local_files"
    failures = (DENIED,)
    programs = ("chattr",)

    def __init__(self, lab):
        super().__init__(lab.directory)

    def block(self) -> str:
        return f'{{ local_files = {{ directory = "{self.directory}" }} }}'
