from typing import Any

import pytest

from tests import factories


@pytest.fixture
def town(db: None) -> Any:
    return factories.town()
