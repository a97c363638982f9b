# SPDX-License-Identifier: MPL-2.0
"""scripts/new-vendor on a copy of the tree: which files it writes, that they pass the contracts and the tests about the tree, and
what it refuses. NEW_VENDOR_TESTS is the program built from what it writes."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/new-vendor"
ARGUMENTS = ("sample_cloud", "--dns", "--destination", "object_store")
RECORDS = ("sample_records", "--records")
# One folder of sources, one of tests, one of examples, a guide for each part, and a line.
FOLDERS = ("engine/vendors/sample_cloud/", "tests/engine/vendors/sample_cloud/",
           "examples/resources/certwright_app_connection_sample_cloud/")
GUIDES = {"docs/guides/dns-sample_cloud.md", "docs/guides/sync-sample_cloud_object_store.md"}
VENDORS = "engine/vendors/vendors.def"
# UPDATE_GOLDEN writes these.
GENERATED = {"README.md", "docs/guides/app-connections.md", "docs/resources/app_connection_sample_cloud.md",
             "docs/resources/app_connection_sample_records.md", "docs/resources/certificate_sync.md"}
# The skeleton does not pass it before its marks are replaced.
MARKS = "Layering.NothingIsMarkedToBeDoneNow"


def read(tree: pathlib.Path) -> dict[str, str]:
    files = (file for file in tree.rglob("*") if file.is_file())
    return {str(file.relative_to(tree)): file.read_text(errors="replace") for file in files}


def written_files(done: subprocess.CompletedProcess) -> list[str]:
    return done.stdout.partition("\n\n")[0].splitlines()


def changes(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


class NewVendorTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="certwright-")
        self.addCleanup(directory.cleanup)
        self.tree = pathlib.Path(directory.name) / "tree"

    def copy_tree(self, *folders: str) -> dict[str, str]:
        for folder in folders:
            shutil.copytree(ROOT / folder, self.tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "README.md", self.tree)
        return read(self.tree)

    def run_script(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([SCRIPT, *arguments, "--root", self.tree], capture_output=True, text=True)

    def run_tests(self, pattern: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run([os.environ["NEW_VENDOR_TESTS"], f"--gtest_filter={pattern}", "--gtest_brief=1"], capture_output=True,
                              text=True, env=os.environ | {"CERTWRIGHT_SOURCE_DIR": str(self.tree)} | environment)

    def test_writes_a_folder_of_each_kind_the_guides_and_one_line(self):
        before = self.copy_tree("docs", "engine", "examples", "tests")

        done = self.run_script(*ARGUMENTS)

        after = read(self.tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(written_files(done), sorted(changes(before, after)))
        elsewhere = {path for path in changes(before, after) if not path.startswith(FOLDERS)}
        self.assertEqual(elsewhere, GUIDES | {VENDORS})
        self.assertEqual([line for line in after[VENDORS].splitlines() if line not in before[VENDORS].splitlines()],
                         ["CERTWRIGHT_VENDOR(sample_cloud)"])
        self.assertEqual(after[VENDORS].replace("CERTWRIGHT_VENDOR(sample_cloud)\n", ""), before[VENDORS])

    def test_writes_what_clang_format_and_the_names_of_its_options_ask_for(self):
        if not shutil.which("clang-format"):
            self.skipTest("no clang-format")
        self.copy_tree("engine")
        for options in (["--dns"], ["--records"], ["--destination", "a"]):
            name = "a_vendor_whose_name_is_rather_long" + options[0].replace("-", "_").replace("__", "_")

            done = self.run_script(name, *options)

            self.assertEqual(done.returncode, 0, done.stderr)
            files = [file for file in written_files(done) if file.endswith((".h", ".cc")) and name in file]
            style = f"--style=file:{ROOT / '.clang-format'}"
            checked = subprocess.run(["clang-format", "--dry-run", "--Werror", style, *files], cwd=self.tree, capture_output=True,
                                     text=True)
            self.assertEqual(checked.returncode, 0, checked.stderr)
            left = [file for file in written_files(done) if "@" in (self.tree / file).read_text().replace('"@"', "").replace(
                "ops@example.com", "")]
            self.assertEqual(left, [], "a placeholder is left")

    def test_what_it_writes_passes_the_contracts(self):
        suites = self.run_tests("*SampleCloud*:*SampleRecords*")

        self.assertEqual(suites.returncode, 0, suites.stdout + suites.stderr)
        for contract in ("DnsProviderContract", "DnsApiContract", "DestinationContract", "ApiDestinationContract"):
            listed = self.run_tests(f"*SampleCloud*/{contract}/*.*:*SampleCloud*/{contract}.*")
            self.assertNotIn("[  PASSED  ] 0 tests", listed.stdout, contract)
        for contract in ("DnsProviderContract", "DnsApiContract", "TokenConnectionContract"):
            listed = self.run_tests(f"*SampleRecords*/{contract}/*.*:*SampleRecords*/{contract}.*")
            self.assertNotIn("[  PASSED  ] 0 tests", listed.stdout, contract)

    def test_what_it_writes_passes_the_tests_about_the_tree(self):
        self.copy_tree("docs", "engine", "examples", "tests")
        self.run_script(*ARGUMENTS)
        self.run_script(*RECORDS)
        before = read(self.tree)

        self.run_tests("Docs*", UPDATE_GOLDEN="1")

        self.assertEqual(changes(before, read(self.tree)), GENERATED)
        checked = self.run_tests("Docs*:Vendors.*:DnsProviders.*")
        self.assertEqual(checked.returncode, 0, checked.stdout)

    # In a tree of nothing else: to read all sources again would take some seconds.
    def test_what_it_writes_follows_the_layering_table_and_is_marked(self):
        for folder in ("base", "engine/vendors", "provider", "resources", "schema"):
            (self.tree / folder).mkdir(parents=True)
        shutil.copy(ROOT / VENDORS, self.tree / "engine/vendors")
        self.run_script(*ARGUMENTS)
        self.run_script(*RECORDS)

        layered = self.run_tests(f"Layering.*:-{MARKS}")
        marked = self.run_tests(MARKS)

        self.assertEqual(layered.returncode, 0, layered.stdout)
        self.assertIn("engine/vendors/sample_cloud/connection.cc", marked.stdout)
        self.assertIn("docs/guides/dns-sample_cloud.md", marked.stdout)
        self.assertIn("engine/vendors/sample_records/dns.cc", marked.stdout)

    def test_refuses_what_exists_or_cannot_be_a_name(self):
        before = self.copy_tree("docs", "engine", "examples", "tests")
        for arguments, sentence in (
                (("digitalocean", "--dns"), 'The vendor "digitalocean" exists'),
                (("route53", "--dns"), "docs/guides/dns-route53.md exists"),
                (("google_cloud", "--dns"), "exists"),
                (("AcmeCloud", "--dns"), '"AcmeCloud" is not a valid name of a vendor'),
                (("acme__cloud", "--dns"), "is not a valid name"),
                (("../cloud", "--dns"), "is not a valid name"),
                (("new", "--dns"), '"new" has another meaning'),
                (("sync", "--dns"), '"sync" has another meaning'),
                (("acme_cloud", "--records", "--dns"), "--records stands alone"),
                (("acme_cloud", "--destination", "dns"), '"dns" has another meaning'),
                (("acme_cloud",), "Add --dns or --destination NAME.")):
            done = self.run_script(*arguments)

            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(sentence, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(read(self.tree), before)


if __name__ == "__main__":
    unittest.main()
