# SPDX-License-Identifier: MPL-2.0
"""What the programs that stand for SDKs share: a list of cases on stdin, a list of errors, empty for none, on stdout. Each case has a
process of its own, with its environment."""

import json
import os
import sys
import tempfile


def run(log_in):
    """`log_in`: called with a case, to log in and show who one is; its exception is the error."""
    cases = json.load(sys.stdin)
    json.dump([_run_alone(log_in, case) for case in cases], sys.stdout)


def _run_alone(log_in, case: dict) -> str:
    with tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if child == 0:
            # Nobody can be asked for anything.
            os.setsid()
            os.environ.clear()
            os.environ.update(case["environment"])
            try:
                log_in(case)
            except BaseException as error:  # what a refusal is, is the SDK's matter
                said.write(f"{type(error).__name__}: {error}")
            said.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return said.read() or ("" if status == 0 else f"status {status}")
