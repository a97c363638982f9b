# SPDX-License-Identifier: MPL-2.0
"""Policies in Rego, judged by Microsoft's rego-cpp, and by Open Policy Agent as well where the matrix has built it."""

import json
import pathlib
import subprocess

from .go import open_policy_agent
from .venv import venv

_EVALUATE = """
import json, sys
from regopy import Interpreter
policy, query = sys.argv[1:]
rego = Interpreter()
rego.add_module("policy", open(policy).read())
rego.set_input(json.load(sys.stdin))
print(rego.query(query))
"""


def find_rego() -> pathlib.Path:
    return venv("rego", "regopy==1.5.2")


def denied(policy: pathlib.Path, query: str, plan: str) -> set[str]:
    """What a set of texts says of a plan (`terraform show -json`)."""
    python = find_rego() / "bin" / "python"
    done = subprocess.run([python, "-c", _EVALUATE, policy, query], input=plan, capture_output=True, text=True, check=True)
    said = set(json.loads(done.stdout)["expressions"][0])
    if agent := open_policy_agent():
        outcome = subprocess.run([agent, "eval", "--format", "json", "--data", policy, "--stdin-input", query], input=plan,
                                 capture_output=True, text=True, check=True)
        assert set(json.loads(outcome.stdout)["result"][0]["expressions"][0]["value"]) == said, outcome
    return said
