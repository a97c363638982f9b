# SPDX-License-Identifier: MPL-2.0
"""Unbound, a recursive resolver that knows where the lab's zones are: it follows CNAMEs from one server to the next, as a CA's
resolver does and Pebble itself does not. It keeps no answer."""

import pathlib
import shutil

from .process import Server, find_program, free_port

_CONFIG = """
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  do-daemonize: no
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  local-zone: "test." nodefault
  root-hints: "{directory}/no-root"
remote-control:
  control-enable: no
"""

_STUB = """stub-zone:
  name: "{zone}"
  stub-addr: {address}
  stub-no-cache: yes
"""


class Unbound:
    def __init__(self, directory: pathlib.Path, zones: dict[str, str]):
        """`zones`: the address of the server of each."""
        self.directory = directory
        # As with named, a copy is out of reach of Debian's AppArmor profile.
        program = directory / "unbound"
        shutil.copy(find_program("unbound"), program)
        (directory / "no-root").write_text("")
        for _ in range(3):
            self.port = free_port()
            if self._start(program, zones):
                return
        raise RuntimeError(f"unbound did not start; see {self.server.log}")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _start(self, program: pathlib.Path, zones: dict[str, str]) -> bool:
        config = self.directory / "unbound.conf"
        stubs = [_STUB.format(zone=zone, address=address.replace(":", "@")) for zone, address in zones.items()]
        config.write_text(_CONFIG.format(directory=self.directory, port=self.port) + "".join(stubs))
        self.server = Server([program, "-d", "-p", "-c", config], self.directory / "unbound.log")
        try:
            self.server.wait_until(lambda: "start of service" in self.server.text())
        except RuntimeError:
            if "already in use" in self.server.text():
                return False
            raise
        return True

    def stop(self):
        self.server.stop()
