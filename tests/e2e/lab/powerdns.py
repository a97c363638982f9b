# SPDX-License-Identifier: MPL-2.0
"""PowerDNS's authoritative server with its HTTP API, over SQLite."""

import json
import pathlib
import secrets
import sqlite3
import urllib.request

from .process import Server, find_program, free_port

_SCHEMA = pathlib.Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")

# No caches: what has just been written must be seen.
_CONFIG = """
launch=gsqlite3
gsqlite3-database={directory}/zones.db
gsqlite3-pragma-synchronous=0
socket-dir={directory}
local-address=127.0.0.1
local-port={port}
webserver=yes
webserver-address=127.0.0.1
webserver-port={api_port}
api=yes
api-key={key}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
receiver-threads=1
distributor-threads=1
"""


class Powerdns:
    def __init__(self, directory: pathlib.Path, *, zone: str):
        self.directory = directory
        self.zone = zone
        self.key = secrets.token_urlsafe(24)
        for _ in range(3):
            self.port, self.api_port = free_port(), free_port()
            if self._start():
                return
        raise RuntimeError(f"pdns_server did not start; see {self.server.log}")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def _start(self) -> bool:
        database = self.directory / "zones.db"
        database.unlink(missing_ok=True)
        with sqlite3.connect(database) as zones:
            zones.executescript(_SCHEMA.read_text())
            zones.execute("INSERT INTO domains (id, name, type) VALUES (1, ?, 'NATIVE')", [self.zone])
            for name, kind, content in ((self.zone, "SOA", f"ns.{self.zone} hostmaster.{self.zone} 1 3600 600 86400 1"),
                                        (self.zone, "NS", f"ns.{self.zone}"), (f"ns.{self.zone}", "A", "127.0.0.1")):
                zones.execute("INSERT INTO records (domain_id, name, type, content, ttl, auth) VALUES (1, ?, ?, ?, 1, 1)",
                              [name, kind, content])
        config = self.directory / "pdns.conf"
        config.write_text(_CONFIG.format(directory=self.directory, port=self.port, api_port=self.api_port, key=self.key))
        config.chmod(0o600)
        self.server = Server([find_program("pdns_server"), f"--config-dir={self.directory}", "--daemon=no", "--guardian=no"],
                             self.directory / "pdns.log")
        try:
            self.server.wait_until(lambda: "operating unthreaded" in self.server.text())
        except RuntimeError:
            if "in use" in self.server.text():
                return False
            raise
        return True

    def txt_records(self) -> list[str]:
        """Name and content of the zone's TXT records."""
        request = urllib.request.Request(f"{self.url}/api/v1/servers/localhost/zones/{self.zone}.", headers={"X-API-Key": self.key})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            sets = json.loads(answer.read())["rrsets"]
        return [f"{one['name']} {record['content']}" for one in sets if one["type"] == "TXT" for record in one["records"]]

    def stop(self):
        self.server.stop()
