# SPDX-License-Identifier: MPL-2.0
"""OpenSSH's server on loopback, for the user who runs the tests, with keys of its own."""

import os
import pathlib
import pwd
import subprocess

from .process import Server, find_program, free_port


class Sshd:

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.port = free_port()
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", directory / name], check=True)
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
