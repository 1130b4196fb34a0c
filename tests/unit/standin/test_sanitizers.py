"""The same server under the compiler's sanitizers: threads, pumps, faults and bad frees at once."""

import os
import re
import subprocess
from typing import Any, Final

import pytest

_LONG: Final = pytest.mark.skipif(not os.environ.get("LONG_TRIALS"), reason="a build of its own: LONG_TRIALS=1")


@pytest.mark.parametrize("product", ["exercise", pytest.param("races", marks=(pytest.mark.long, _LONG))])
def test_threads_pumps_and_faults_at_once_are_clean(raw: Any, product: str) -> None:
    program = str(raw.built(product))

    run = subprocess.run([program], capture_output=True, text=True, check=False, timeout=300)

    assert (run.returncode, run.stderr) == (0, "")
    assert re.fullmatch(r"\d+ calls, \d+ rows, \d+ callbacks\n", run.stdout)
