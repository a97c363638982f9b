# SPDX-License-Identifier: MPL-2.0
"""What a user reads: words that are never right, in the documentation and in the text of the sources; groups of the registry's menu."""

import pathlib
import re
import subprocess
import unittest

GROUPS = {"Getting started", "Guides", "DNS providers", "Sync destinations", "Migration", "Operations", "Security"}
ROOT = pathlib.Path(__file__).resolve().parents[2]
WORDS = {
    r"anew": "again",
    r"gone on with": "resumed",
    r"no more": "no longer",
    r"is none": "is not, has no, contains no",
    r"to the letter": "exactly as given",
    r"look(?:s|ed)? after": "manages, managed",
    r"shall": "must",
    r"sub-domain": "subdomain",
    r"e-mail": "email",
    r"time-out": "timeout",
}
# Where the words are right.
ALLOWED = re.compile(r"no more (?:than|rights than)|there is none", re.IGNORECASE)
WRONG = re.compile(r"\b(?:" + "|".join(WORDS) + r")\b", re.IGNORECASE)
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def files(*patterns: str) -> list[pathlib.Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def findings(text: str) -> list[str]:
    return WRONG.findall(ALLOWED.sub("", text))


class English(unittest.TestCase):
    def test_the_list_finds_what_it_names(self):
        self.assertEqual(findings("It is sealed anew, no more than once; if there is none, the e-mail shall time out."), ["anew", "e-mail", "shall"])

    def test_documentation(self):
        pages = [one for one in files("*.md", "examples/*.tf") if "docs/developers" not in str(one)]
        self.assertGreater(len(pages), 50)
        wrong = [f"{page.relative_to(ROOT)}:{number}: {word}" for page in pages
                 for number, line in enumerate(page.read_text().splitlines(), 1) for word in findings(line)]
        self.assertEqual(wrong, [])

    def test_each_guide_is_in_a_group_of_the_menu(self):
        guides = files("docs/guides/*.md")
        groups = {guide.name: re.search(r'^subcategory: "(.*)"$', guide.read_text(), re.MULTILINE) for guide in guides}
        self.assertEqual([name for name, group in groups.items() if not group or group[1] not in GROUPS], [])

    def test_text_in_the_sources(self):
        sources = files("base/*.cc", "base/*.h", "engine/*.cc", "engine/*.h", "schema/*.cc", "resources/*.cc", "resources/*.h", "provider/*.cc")
        self.assertGreater(len(sources), 300)
        wrong = [f"{source.relative_to(ROOT)}: {text}" for source in sources
                 for text in TEXT.findall(source.read_text()) if findings(text)]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
