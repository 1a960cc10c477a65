"""What the tests of account lean on."""

from datetime import datetime

import pytest
from account_desk import AccountDesk

from ringfence.store import Store
from ringfence.terms import Area


@pytest.fixture
def desk(staffed: Store, areas: dict[str, Area], now: datetime) -> AccountDesk:
    return AccountDesk(staffed, areas, now)
