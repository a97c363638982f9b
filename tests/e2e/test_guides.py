# SPDX-License-Identifier: MPL-2.0
"""Every piece of configuration in the guides and on the front page is accepted by `terraform validate` and is formatted as `terraform fmt` would.

Each fenced block becomes a module of its own. What it refers to but does not declare is taken from the other blocks of its guide,
else from examples/resources.
"""

import re
import subprocess
import unittest

from lab import Lab
from lab.terraform import ROOT
from lab.testing import main

DOCS = ROOT / "docs"
IMPORT = re.compile(r"^import \{.*?^\}\n", re.MULTILINE | re.DOTALL)  # belongs to root modules
FOREIGN = re.compile(r'^resource "(?!certwright_)|^removed \{\n  from = (?!certwright_)', re.MULTILINE)
DECLARED = re.compile(r'^resource "(\w+)" "(\w+)"', re.MULTILINE)
VARIABLE = re.compile(r'^variable "(\w+)"', re.MULTILINE)
REFERRED = re.compile(r"\b(certwright_\w+)\.(\w+)\.")
TOP_LEVEL = re.compile(r"^(?=\w)", re.MULTILINE)
NEEDS_PROVIDER = 'terraform {\n  required_providers {\n    certwright = {\n      source = "certwright/certwright"\n    }\n  }\n}\n'


def guides():
    return [DOCS / "index.md", *sorted((DOCS / "guides").glob("*.md"))]


def blocks_of(guide):
    """Those in lists, which are indented, too."""
    found = re.findall(r"^( *)```(?:hcl|terraform)\n(.*?)^ *```", guide.read_text(), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def resources_in(text):
    """Each resource that is declared at the top level, by its address."""
    return {DECLARED.match(part).groups(): part for part in TOP_LEVEL.split(text) if DECLARED.match(part)}


def whole(text):
    """A resource ends with the first line that is a lone brace."""
    return text[:text.index("\n}\n") + 3]


def completed(block, others):
    """The block with what it refers to, directly or not, and with its variables."""
    wanted = set(REFERRED.findall(block)) - set(resources_in(block))
    for address in sorted(wanted):
        if address in others and address not in resources_in(block):
            block += "\n" + whole(others[address])
    if set(REFERRED.findall(block)) - set(resources_in(block)) - wanted:
        return completed(block, others)
    for name in sorted(set(re.findall(r"\bvar\.(\w+)", block)) - set(VARIABLE.findall(block))):
        block += f'\nvariable "{name}" {{\n  default = null\n}}\n'
    return block if "required_providers" in block else block + "\n" + NEEDS_PROVIDER


def module(name, text):
    """A call of the module with this text."""
    values = "".join(f"  {variable} = null\n" for variable in VARIABLE.findall(text))
    return f'module "{name}" {{\n  source = "./{name}"\n{values}}}\n'


class Guides(unittest.TestCase):

    def test_configuration_in_guides_is_valid(self):
        examples = {}
        for path in (ROOT / "examples" / "resources").glob("*/resource.tf"):
            examples.update(resources_in(path.read_text()))
        with Lab() as lab:
            terraform = lab.terraform()
            pem = subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=ca", "-keyout", "/dev/null"],
                                 check=True, capture_output=True, text=True).stdout
            modules = []
            for guide in guides():
                blocks = blocks_of(guide)
                own = {address: text for block in blocks for address, text in resources_in(block).items()}
                for number, block in enumerate(blocks):
                    if FOREIGN.search(block):
                        continue  # other providers are not installed here; their blocks are checked for form alone
                    name = re.sub(r"\W", "_", guide.stem) + f"_{number}"
                    folder = terraform.directory / name
                    folder.mkdir()
                    text = completed(IMPORT.sub("", block), {**examples, **own})
                    (folder / "main.tf").write_text(text)
                    for file in re.findall(r'file\("\$\{path.module\}/(.+?)"\)', text):
                        (folder / file).write_text(pem)
                    modules.append(module(name, text))
            self.assertTrue(modules)
            (terraform.directory / "main.tf").write_text("".join(modules) + NEEDS_PROVIDER)
            terraform.run("get", check=True)
            terraform.init()
            outcome = terraform.run("validate", "-no-color")
        self.assertEqual(outcome.code, 0, outcome)

    def test_configuration_in_guides_is_formatted(self):
        with Lab() as lab:
            terraform = lab.terraform()
            for guide in guides():
                for number, block in enumerate(blocks_of(guide)):
                    (terraform.directory / f"{guide.stem}_{number}.tf").write_text(block)
            outcome = terraform.run("fmt", "-check", "-diff", str(terraform.directory))
        self.assertEqual(outcome.code, 0, outcome)


if __name__ == "__main__":
    main()
