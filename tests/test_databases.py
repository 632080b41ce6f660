"""A database that several share is made by the first and taken away by the last."""

import pytest

from tests.databases import connected, made, once


def there(name: str) -> bool:
    with connected() as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def test_the_first_makes_it_and_the_last_takes_it_away(tmp_path):
    filled = []

    def fill(name: str) -> None:
        made(name)
        filled.append(name)

    with once(tmp_path / "shared", fill) as first:
        with once(tmp_path / "shared", fill) as second:
            assert (first, second) == (filled[0], filled[0])
        assert there(first)
    assert (len(filled), there(first)) == (1, False)


def test_what_broke_half_way_is_begun_again(tmp_path):
    def broken(name: str) -> None:
        raise OSError

    with pytest.raises(OSError), once(tmp_path / "broken", broken):
        pass
    with once(tmp_path / "broken", made) as name:
        assert there(name)
    assert not there(name)
