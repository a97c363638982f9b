# SPDX-License-Identifier: MPL-2.0
"""The parts of scripts/package that need more than a line of shell: the zip, the list of what is linked, and the look at the binary.

Usage: package.py zip ZIP NAME BINARY | package.py sbom FILE VERSION BUILD_FOLDER | package.py check BUILD_FOLDER
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile

# Compiled in, so that no archive of theirs is linked.
HEADER_PACKAGES = ["nlohmann-json3-dev", "libmsgpack-cxx-dev"]
TARGET = "terraform-provider-certwright"
LARGEST = 20_000_000
HARDENING = ["-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-fPI"]


def commit_time():
    return datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)


def write_zip(path, name, binary):
    """One executable entry whose date is the commit's."""
    entry = zipfile.ZipInfo(name, date_time=commit_time().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix: the mode below counts
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, pathlib.Path(binary).read_bytes(), compresslevel=9)


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Link:
    """What the link of a build has taken from outside it. For another architecture that is a sysroot, with a dpkg database of its own."""

    def __init__(self, build):
        words = output_of("ninja", "-C", build, "-t", "commands", TARGET).splitlines()[-1].replace(",", " ").split()
        self.command = words[words.index("&&") + 1:]
        self.sysroot = next((word.removeprefix("--sysroot=") for word in self.command if word.startswith("--sysroot=")), "")
        archives = {word for word in self.command if word.endswith(".a") and word.startswith("/")}
        self.curl, = (path for path in archives if path.endswith("/libcurl.a"))
        self.archives = sorted(archives - {self.curl}) + [self.of_compiler("libstdc++.a"), self.of_compiler("libc.a")]

    def of_compiler(self, name):
        compiler, *options = [word for word in self.command if word.startswith(("/", "--sysroot=", "-B")) and not word.endswith(".a")]
        return os.path.realpath(output_of(compiler, *options, f"-print-file-name={name}").strip())

    def query(self, *arguments):
        database = ["--admindir", f"{self.sysroot}/var/lib/dpkg"] if self.sysroot else []
        return output_of("dpkg-query", *database, *arguments)

    def packages(self):
        found = self.query("--search", *(path.removeprefix(self.sysroot) for path in self.archives)).splitlines()
        return [self.describe(name) for name in sorted({line.split(":")[0] for line in found} | set(HEADER_PACKAGES))]

    def describe(self, package):
        version, source = self.query("--show", "--showformat=${Version}|${source:Package}", package).split("|")
        return {"name": package, "version": version, "source": source}

    def curl_package(self):
        version = pathlib.Path(self.curl).parents[1].joinpath("curl-minimal.stamp").read_text().split()[0]
        return {"name": "libcurl", "version": version, "source": "curl"}


def spdx_package(package):
    return {
        "SPDXID": f"SPDXRef-{package['name'].replace('+', 'p')}",
        "name": package["name"],
        "versionInfo": package["version"],
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{package['source']}@{package['version']}?arch=source",
        }],
    }


def write_sbom(path, version, build):
    """SPDX 2.3: the program and every Debian package of which something is linked or compiled in."""
    link = Link(build)
    parts = link.packages() + [link.curl_package()]
    digest = hashlib.sha256(pathlib.Path(build, TARGET).read_bytes()).hexdigest()
    program = {
        "SPDXID": "SPDXRef-certwright",
        "name": TARGET,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "MPL-2.0",
        "licenseDeclared": "MPL-2.0",
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    packages = [spdx_package(part) for part in parts]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{TARGET}-{version}",
        "documentNamespace": f"https://certwright.invalid/spdx/{TARGET}-{version}-{digest}",
        "creationInfo": {"created": commit_time().strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: scripts/package"]},
        "packages": [program] + packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-certwright"}]
        + [{"spdxElementId": "SPDXRef-certwright", "relationshipType": "STATIC_LINK", "relatedSpdxElement": one["SPDXID"]}
           for one in packages],
    }
    pathlib.Path(path).write_text(json.dumps(document, indent=1) + "\n")


def faults_of(headers, size):
    """What readelf's program headers and dynamic section show that a release must not have."""
    stack = re.search(r"GNU_STACK.*", headers)
    facts = {
        "it is not position-independent": "DYN (Position-Independent" not in headers,
        "it asks for a loader": "INTERP" in headers,
        "it needs libraries": "(NEEDED)" in headers,
        "its stack may be executable": stack is None or "E" in stack.group().split()[-2],
        "a segment is writable and executable": re.search(r"LOAD.*RWE", headers) is not None,
        "it has no read-only relocations": "GNU_RELRO" not in headers,
        "it binds late": "BIND_NOW" not in headers,
        f"it has {size:,} bytes, more than {LARGEST:,}": size > LARGEST,
    }
    return [fault for fault, is_so in facts.items() if is_so]


def check(build):
    """Fails when the binary lacks a protection, depends on anything but the kernel, or is too large."""
    binary = pathlib.Path(build, TARGET)
    faults = faults_of(output_of("readelf", "--wide", "--file-header", "--program-headers", "--dynamic", binary), binary.stat().st_size)
    for unit in json.loads(pathlib.Path(build, "compile_commands.json").read_text()):
        faults += [f"{unit['file']} is compiled without {flag}" for flag in HARDENING if flag not in unit["command"]]
    if faults:
        sys.exit("\n".join(f"{binary}: {fault}" for fault in faults))
    print(f"{binary}: {binary.stat().st_size:,} bytes; needs nothing but the kernel; all protections are on")


if __name__ == "__main__":
    action, *arguments = sys.argv[1:]
    {"zip": write_zip, "sbom": write_sbom, "check": check}[action](*arguments)
