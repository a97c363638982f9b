# SPDX-License-Identifier: MPL-2.0
"""Certificates and keys as they were found at a destination."""

import functools
import hashlib
import pathlib
import ssl
import subprocess
import tempfile

_END = "-----END CERTIFICATE-----"
_P384 = bytes.fromhex("2b81040022")  # the curve as an object identifier in DER, 1.3.132.0.34


def first_certificate(text: str) -> str | None:
    """The first certificate of a chain, as PEM."""
    start = text.find("-----BEGIN CERTIFICATE-----")
    end = text.find(_END, start)
    return None if start < 0 or end < 0 else text[start:end + len(_END)] + "\n"


def count_certificates(text: str) -> int:
    return text.count(_END)


@functools.cache
def fingerprint(certificate: str) -> str | None:
    """SHA-256 in lower-case hex; None for what is no certificate."""
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
    except ValueError:
        return None


def names(certificate: str, name: str) -> bool:
    """Whether the certificate has that DNS name: it is in the DER as it is written."""
    try:
        return name.encode() in ssl.PEM_cert_to_DER_cert(certificate)
    except ValueError:
        return False


@functools.cache
def is_pair(certificate: str, key: str) -> bool:
    """Whether the key is the certificate's."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(certificate + key)
        file.flush()
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file.name)
        except (ssl.SSLError, OSError):
            return False
    return True


def is_p384(certificate: str) -> bool:
    return _P384 in ssl.PEM_cert_to_DER_cert(certificate)


def make_pair(directory: pathlib.Path, curve: str = "P-256") -> tuple[str, str]:
    """A certificate of nobody that Certwright knows, and its key."""
    directory.mkdir(parents=True, exist_ok=True)
    certificate, key = directory / "foreign.pem", directory / "foreign.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-days", "30",
         "-subj", "/CN=foreign", "-addext", "subjectAltName=DNS:foreign.test", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate.read_text(), key.read_text()
