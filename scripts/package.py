# SPDX-License-Identifier: MPL-2.0
"""The parts of scripts/package that need more than a line of shell: the zip, the list of what is linked, the look at the binary, the
comparison with the archive, and what a user verifies before an install.

Usage: package.py zip ZIP NAME BINARY BRIDGE_FOLDER | package.py sbom FILE VERSION BUILD_FOLDER | package.py check BUILD_FOLDER |
       package.py current BUILD_FOLDER | package.py verify DIST PUBLIC_KEY_FILE
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

# Compiled in, so that no archive of theirs is linked.
HEADER_PACKAGES = ["nlohmann-json3-dev", "libmsgpack-cxx-dev"]
TARGET = "terraform-provider-certwright"
LARGEST = 20_000_000
HARDENING = ["-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-fPI"]


def commit_time():
    return datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)


def write_zip(path, name, binary, bridge_folder):
    """The binary and the folder `bridge`: executable entries whose date is the commit's."""
    programs = {name: pathlib.Path(binary)} | {f"bridge/{one.name}": one for one in sorted(pathlib.Path(bridge_folder).iterdir())}
    with zipfile.ZipFile(path, "w") as archive:
        for name_inside, program in programs.items():
            entry = zipfile.ZipInfo(name_inside, date_time=commit_time().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: the mode below counts
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, program.read_bytes(), compresslevel=9)


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


def candidate_of(policy):
    """The version that apt would install, from what `apt-cache policy` prints; empty if it knows none."""
    found = re.search(r"^  Candidate: (\S+)$", policy, re.MULTILINE)
    return "" if found is None or found.group(1) == "(none)" else found.group(1)


def is_older(version, candidate):
    # A rebuild of the same source for one architecture is no update.
    strip = [re.sub(r"\+b[0-9]+$", "", one) for one in (version, candidate)]
    return subprocess.run(["dpkg", "--compare-versions", strip[0], "lt", strip[1]], check=False).returncode == 0


def outdated(parts, policy):
    """A line for each linked package of which the archive has a newer version, as it has after a security update."""
    lines = []
    for part in parts:
        # libcurl is built from the source package, so that the binary packages made of the same source tell its version.
        name = "libcurl4-openssl-dev" if part["name"] == "libcurl" else part["name"]
        candidate = candidate_of(policy(name))
        if not candidate:
            lines.append(f"{part['name']} {part['version']}: the archive does not have it")
        elif is_older(part["version"], candidate):
            lines.append(f"{part['name']} {part['version']} is linked, and the archive has {candidate}")
    return lines


def check_current(build):
    """Fails when something is linked of which the archive has a newer version. The caller has updated apt's lists."""
    link = Link(build)
    parts = link.packages() + [link.curl_package()]
    lines = outdated(parts, lambda name: output_of("apt-cache", "policy", name))
    if lines:
        sys.exit("\n".join([f"{build}: what is linked is not up to date; upgrade, and build again:"] + lines))
    print(f"{build}: {len(parts)} packages are linked, all as the archive has them")


def verify(dist, public_key):
    """What a user does before an install: the signature of the checksums by a key that came another way, then the checksums."""
    dist = pathlib.Path(dist)
    sums, = dist.glob("*_SHA256SUMS")
    signature = pathlib.Path(f"{sums}.sig")
    if not signature.exists():
        sys.exit(f"{sums} is not signed: set CERTWRIGHT_GPG_KEY for scripts/package")
    with tempfile.TemporaryDirectory() as home:
        gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--no-autostart"]
        subprocess.run([*gpg, "--import", public_key], check=True)
        checked = subprocess.run([*gpg, "--status-fd", "1", "--verify", signature, sums], check=False, capture_output=True, text=True)
    if checked.returncode != 0 or "[GNUPG:] VALIDSIG" not in checked.stdout:
        sys.exit(f"the signature of {sums} is wrong:\n{checked.stderr}")
    listed = dict(reversed(line.split("  ", 1)) for line in sums.read_text().splitlines())
    for path in sorted([*dist.glob("*.zip"), *dist.glob("*_manifest.json"), *dist.glob("*_sbom.spdx.json")]):
        if listed.pop(path.name, "") != hashlib.sha256(path.read_bytes()).hexdigest():
            sys.exit(f"{path} is not what {sums} lists")
    if listed:
        sys.exit(f"{sums} lists what is not there: {', '.join(listed)}")
    print(f"{sums}: signature and checksums are right")


if __name__ == "__main__":
    action, *arguments = sys.argv[1:]
    {"zip": write_zip, "sbom": write_sbom, "check": check, "current": check_current, "verify": verify}[action](*arguments)
