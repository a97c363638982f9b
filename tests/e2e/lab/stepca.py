# SPDX-License-Identifier: MPL-2.0
"""step-ca, a CA that companies run themselves: it leaves challenges pending after a failure of its resolver, issues for a day or an hour,
and adds names by template. It asks the DNS server that it is given, as the runner's own would be."""

import json
import pathlib
import ssl
import subprocess
import urllib.request

from .process import Server, free_port


class StepCa:
    """`lifetime`: of its certificates, in Go's notation. `template`: of its certificates, in step-ca's language. `program`: see go.py."""

    def __init__(self, directory: pathlib.Path, dns: str, program: pathlib.Path, *, lifetime: str = "24h", template: str | None = None):
        self.directory = directory
        self.port = free_port()
        self._make_chain()
        self.ca_file = directory / "root.pem"
        provisioner = {
            "type": "ACME", "name": "acme", "challenges": ["dns-01"],
            "claims": {"minTLSCertDuration": "5m", "maxTLSCertDuration": "48h", "defaultTLSCertDuration": lifetime},
        }
        if template:
            provisioner["options"] = {"x509": {"template": template}}
        (directory / "ca.json").write_text(json.dumps({
            "root": str(self.ca_file), "crt": str(directory / "intermediate.pem"), "key": str(directory / "intermediate.key"),
            "address": f"127.0.0.1:{self.port}", "dnsNames": ["localhost"], "logger": {"format": "text"},
            "db": {"type": "badgerv2", "dataSource": str(directory / "db")},
            "authority": {"provisioners": [provisioner]},
        }))
        self.server = Server([program, directory / "ca.json", dns], directory / "step-ca.log")
        self.server.wait_until(self._answers, 30)

    @property
    def directory_url(self) -> str:
        return f"https://localhost:{self.port}/acme/acme/directory"

    def text(self) -> str:
        return self.server.text()

    def stop(self):
        self.server.stop()

    def _make_chain(self):
        def openssl(*arguments: str):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.directory)

        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", "-x509", *new_key, "-days", "30", "-subj", "/CN=Lab Root", "-keyout", "root.key", "-out", "root.pem",
                "-addext", "basicConstraints=critical,CA:TRUE,pathlen:1", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        openssl("req", "-new", *new_key, "-subj", "/CN=Lab Intermediate", "-keyout", "intermediate.key", "-out", "intermediate.csr")
        (self.directory / "extensions").write_text("basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
                                                   "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        openssl("x509", "-req", "-in", "intermediate.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30",
                "-extfile", "extensions", "-out", "intermediate.pem")

    def _answers(self) -> bool:
        context = ssl.create_default_context(cafile=self.ca_file)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        try:
            opener.open(self.directory_url, timeout=2).close()
        except OSError:
            return False
        return True
