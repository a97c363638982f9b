# SPDX-License-Identifier: MPL-2.0
"""Many issuances in one provider process, against Pebble: what it holds in memory, descriptors and threads as they go on.

Usage: python3 bench/soak.py [ISSUANCES]     2,000 when not given, in one apply."""

import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "bench")]

from issuing import NO_SYNC, Issuing  # noqa: E402
from lab import Lab, exit_on_signals, find_provider  # noqa: E402
from lab.resident import Resident  # noqa: E402
from state_server import StateServer  # noqa: E402

STEP = 200


def soak(lab: Lab, issuances: int, provider: Resident, states: StateServer):
    issuing = Issuing(lab)
    terraform = issuing.prepare(
        "soak", {"count": str(issuances), "dns_names": '["n${count.index}.example.test"]'}, sync=NO_SYNC,
        env={"TF_REATTACH_PROVIDERS": provider.reattach})
    (terraform.directory / "backend.tf").write_text(states.backend())
    terraform.run("init", "-input=false", "-migrate-state", "-force-copy", check=True)
    print(f"| 0 | {provider.figures()} |", flush=True)
    apply = terraform.start("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=50",
                            "-target=certwright_certificate.web", show=True)
    said = 0
    while apply.poll() is None:
        time.sleep(1)
        done = issuing.pebble.requests().get("certificate", 0)
        if done // STEP > said // STEP or done > 0 == said:
            print(f"| {done:,} | {provider.figures()} |", flush=True)
            said = done
    if apply.returncode != 0:
        raise RuntimeError(f"terraform apply ended with {apply.returncode}")
    time.sleep(30)  # connections and threads that nobody uses end on their own time
    print(f"| all, 30 s later | {provider.figures()} |", flush=True)


def main() -> int:
    exit_on_signals()
    issuances = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="certwright-soak-") as home, Lab(pathlib.Path(home)) as lab:
        provider, states = Resident(find_provider(), pathlib.Path(home) / "provider"), StateServer()
        try:
            print("| issuances in one process | the process |\n|---|---|", flush=True)
            soak(lab, issuances, provider, states)
        finally:
            provider.stop()
            states.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
