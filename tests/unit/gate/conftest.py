"""A laboratory that may sign tests and nothing else."""

from datetime import datetime

import pytest
from gate_lab import Laboratory, found_laboratory

from ringfence.gate.key_usage import TEST_USAGE


@pytest.fixture
def laboratory(now: datetime) -> Laboratory:
    return found_laboratory(now, TEST_USAGE)
