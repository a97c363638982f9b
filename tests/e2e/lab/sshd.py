# SPDX-License-Identifier: MPL-2.0
"""SSH servers on loopback: OpenSSH's for the user who runs the tests, and one that takes a password."""

import os
import pathlib
import pwd
import secrets
import subprocess

from .process import Server, find_program, free_port
from .venv import venv

PACKAGE = "asyncssh==2.24.1"


def make_key(path: pathlib.Path):
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", path], check=True)


class Sshd:

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.port = free_port()
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        for name in ("host", "user"):
            make_key(directory / name)
        self.host_key = (directory / "host.pub").read_text().strip()
        self.user_key = (directory / "user").read_text()
        configuration = directory / "sshd_config"
        configuration.write_text(f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {directory}/host
PidFile none
AuthorizedKeysFile {directory}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
""")
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)  # as its service does
        self._server = Server([find_program("sshd"), "-D", "-e", "-f", configuration], directory / "sshd.log")
        self._server.wait_until(lambda: "Server listening" in self._server.text())

    def stop(self):
        self._server.stop()


class PasswordSshd:
    """`asks`: "password", or "dialog" (keyboard-interactive)."""

    def __init__(self, directory: pathlib.Path, *, asks: str = "password"):
        self.directory = directory
        self.port = free_port()
        self.user = "deploy"
        self.password = secrets.token_urlsafe(18)
        make_key(directory / "host")
        self.host_key = (directory / "host.pub").read_text().strip()
        program = [venv("asyncssh", PACKAGE) / "bin" / "python", "-B", pathlib.Path(__file__).parent / "password_ssh_server.py"]
        self._server = Server([*program, str(self.port), directory / "host", self.user, asks], directory / "sshd.log",
                              env={**os.environ, "PASSWORD": self.password})
        self._server.wait_until(lambda: "listening" in self._server.text())

    def stop(self):
        self._server.stop()
