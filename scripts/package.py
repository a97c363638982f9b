# SPDX-License-Identifier: MPL-2.0
"""The two artifacts of scripts/package that need more than a line of shell: the zip and the list of what is linked.

Usage: package.py zip ZIP NAME BINARY | package.py sbom FILE VERSION BUILD_FOLDER
"""

import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import zipfile

# Compiled in, so that no archive of theirs is linked.
HEADER_PACKAGES = ["nlohmann-json3-dev", "libmsgpack-cxx-dev"]
TARGET = "terraform-provider-certwright"


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


def linked_archives(build):
    """Every .a file of the link that lies outside the build folder."""
    link = output_of("ninja", "-C", build, "-t", "commands", TARGET).splitlines()[-1]
    words = link.replace(",", " ").split()
    return sorted({word for word in words if word.endswith(".a") and word.startswith("/") and "/build/deps/" not in word})


def packages_of(archives):
    names = {line.split(":")[0] for line in output_of("dpkg", "--search", *archives).splitlines()}
    compiler = output_of("g++", "-print-file-name=libstdc++.a").strip()
    names.add(output_of("dpkg", "--search", os.path.realpath(compiler)).split(":")[0])
    return sorted(names | set(HEADER_PACKAGES))


def describe(package):
    version, source = output_of("dpkg-query", "--show", "--showformat=${Version}|${source:Package}", package).split("|")
    return {"name": package, "version": version, "source": source}


def curl_package(build):
    version = pathlib.Path(build).parent.joinpath("deps/curl-minimal.stamp").read_text().split()[0]
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
    parts = [describe(name) for name in packages_of(linked_archives(build))] + [curl_package(build)]
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


if __name__ == "__main__":
    action, *arguments = sys.argv[1:]
    {"zip": write_zip, "sbom": write_sbom}[action](*arguments)
