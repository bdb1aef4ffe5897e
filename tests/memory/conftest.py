"""What a store of user words reported, kept to be looked at."""

from __future__ import annotations

import pytest


class Told(list[str]):
    """The codes that were reported."""

    def __call__(self, code: str, detail: str) -> None:
        assert detail
        self.append(code)


@pytest.fixture
def told() -> Told:
    return Told()
