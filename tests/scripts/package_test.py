# SPDX-License-Identifier: MPL-2.0
"""What scripts/package refuses to publish, and what scripts/try-package verifies."""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import package  # noqa: E402

POLICY = """openssl:
  Installed: {0}
  Candidate: {0}
  Version table:
 *** {0} 500
"""


class Outdated(unittest.TestCase):
    def policy(self, name):
        return {"libssl-dev": POLICY.format("3.0.22-1~deb12u1"), "libc6-dev": POLICY.format("2.36-9+deb12u13+b1"),
                "libcurl4-openssl-dev": POLICY.format("7.88.1-10+deb12u14"), "gone": ""}[name]

    def linked(self, name, version):
        return package.outdated([{"name": name, "version": version, "source": name}], self.policy)

    def test_an_update_that_is_not_linked_is_named(self):
        self.assertEqual(self.linked("libssl-dev", "3.0.19-1~deb12u2"),
                         ["libssl-dev 3.0.19-1~deb12u2 is linked, and the archive has 3.0.22-1~deb12u1"])
        self.assertEqual(len(self.linked("libcurl", "7.88.1-10+deb12u12")), 1)

    def test_what_the_archive_has_is_fine(self):
        self.assertEqual(self.linked("libssl-dev", "3.0.22-1~deb12u1"), [])
        self.assertEqual(self.linked("libssl-dev", "3.0.23-1"), [])
        self.assertEqual(self.linked("libc6-dev", "2.36-9+deb12u13"), [])
        self.assertEqual(self.linked("libcurl", "7.88.1-10+deb12u14"), [])

    def test_what_the_archive_does_not_have_is_named(self):
        self.assertEqual(self.linked("gone", "1"), ["gone 1: the archive does not have it"])


class Zip(unittest.TestCase):
    def test_it_has_the_binary_and_the_bridges_as_programs(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        binary, archive = pathlib.Path(folder.name, "binary"), pathlib.Path(folder.name, "provider.zip")
        binary.write_bytes(b"the provider")
        bridges = pathlib.Path(package.__file__).parents[1] / "bridge"

        with unittest.mock.patch.dict("os.environ", SOURCE_DATE_EPOCH="1700000000"):
            package.write_zip(archive, "provider_v1", binary, bridges)

        with zipfile.ZipFile(archive) as content:
            names = content.namelist()
            self.assertEqual(names, ["provider_v1", "bridge/acme.sh", "bridge/lexicon"])
            self.assertEqual({entry.external_attr >> 16 for entry in content.infolist()}, {0o100755})
            self.assertEqual(content.read("bridge/lexicon"), (bridges / "lexicon").read_bytes())


class Verify(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.dist = self.folder / "dist"
        self.dist.mkdir()
        self.zip = self.dist / "provider_1_linux_amd64.zip"
        self.zip.write_bytes(b"the provider")
        self.sums = self.dist / "provider_1_SHA256SUMS"
        self.sums.write_text(f"{hashlib.sha256(b'the provider').hexdigest()}  {self.zip.name}\n")
        self.key = self.make_key("one")
        self.gpg("one", "--detach-sign", "--output", f"{self.sums}.sig", self.sums)

    def gpg(self, home, *arguments):
        return subprocess.run(["gpg", "--homedir", self.folder / home, "--batch", "--quiet", "--passphrase", "", *arguments], check=True,
                              capture_output=True).stdout

    def make_key(self, home):
        (self.folder / home).mkdir(mode=0o700)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", self.folder / home, "--kill", "all"], check=False)
        self.gpg(home, "--quick-generate-key", f"{home}@example.invalid", "ed25519", "sign", "1d")
        public = self.folder / f"{home}.asc"
        public.write_bytes(self.gpg(home, "--armor", "--export"))
        return public

    def refuses(self, key, reason):
        with self.assertRaisesRegex(SystemExit, reason):
            package.verify(self.dist, key)

    def test_what_was_published_is_accepted(self):
        package.verify(self.dist, self.key)

    def test_another_zip_is_refused(self):
        self.zip.write_bytes(b"another provider")
        self.refuses(self.key, "is not what")

    def test_a_zip_that_is_not_listed_is_refused(self):
        (self.dist / "provider_1_linux_arm64.zip").write_bytes(b"more")
        self.refuses(self.key, "is not what")

    def test_other_checksums_are_refused(self):
        self.sums.write_text(self.sums.read_text() + "\n")
        self.refuses(self.key, "the signature")

    def test_another_key_is_refused(self):
        self.refuses(self.make_key("two"), "the signature")

    def test_no_signature_is_refused(self):
        pathlib.Path(f"{self.sums}.sig").unlink()
        self.refuses(self.key, "is not signed")


if __name__ == "__main__":
    unittest.main()
