# SPDX-License-Identifier: MPL-2.0
"""Three fixed sequences of the life-cycle fuzzer, see lifecycle/__init__.py; lifecycle_fuzz.py draws others."""

import concurrent.futures
import unittest

from lab.testing import main
from lifecycle.worker import Job, work

_SEEDS = {"local_files": 6, "vault_kv": 2, "kubernetes_secret": 5}
_STEPS = 10


class Lifecycle(unittest.TestCase):

    def test_sequences_of_fixed_seeds_hold(self):
        jobs = [Job(destination, (seed,), _STEPS, frozenset()) for destination, seed in _SEEDS.items()]

        with concurrent.futures.ProcessPoolExecutor(len(jobs)) as pool:
            results = [result for found in pool.map(work, jobs) for result in found]

        for result in results:
            with self.subTest(destination=result.destination, seed=result.seed):
                self.assertEqual(result.rule, "", "\n".join([result.fact, *result.notes, result.output]))
                self.assertGreaterEqual(len(result.taken), _STEPS)


if __name__ == "__main__":
    main("chattr")
