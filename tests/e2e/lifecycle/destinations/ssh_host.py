# SPDX-License-Identifier: MPL-2.0
"""Files of a machine that is reached by OpenSSH's server."""

from ..accident import CUT, DENIED, Accident
from ..wire import Wire
from .files import Files


class SshHost(Files):
    name = "ssh_host"
    failures = (DENIED, CUT)
    programs = ("chattr", "sshd", "ssh-keygen")

    def __init__(self, lab):
        super().__init__(lab.directory)
        self._sshd = lab.sshd()
        self._wire = Wire(self._sshd.port)

    def block(self) -> str:
        return f'{{ ssh_host = {{ host = "127.0.0.1", port = {self._wire.port}, directory = "{self.directory}" }} }}'

    def connection(self) -> str:
        return (f'resource "certwright_app_connection_ssh" "connection" {{\n  user = "{self._sshd.user}"\n'
                f'  private_key_pem = var.credential\n  host_key = "{self._sshd.host_key}"\n}}\n')

    def environment(self) -> dict[str, str]:
        return {"TF_VAR_credential": self._sshd.user_key}

    def arm(self, accident: Accident):
        super().arm(accident)
        if accident.what == CUT:
            self._wire.accident = accident

    def disarm(self):
        super().disarm()
        self._wire.accident = None

    def stop(self):
        super().stop()
        self._wire.stop()
