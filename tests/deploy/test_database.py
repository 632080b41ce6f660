"""What `make run` says of a database of one's own that lacks something."""

import database
import place
import pytest
from django.db import connection


@pytest.fixture
def plain_role(db):
    """The tests' database, used by a role that may do nothing but look; both end with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_role")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM public")
        cursor.execute("SET LOCAL ROLE plain_role")


def test_a_role_that_may_not_make_extensions_is_told_what_its_superuser_runs(plain_role, monkeypatch):
    monkeypatch.setattr(database.cluster, "EXTENSIONS", ("postgis", "pageinspect", "lo"))
    with pytest.raises(place.Refused) as refused:
        database.make_extensions()
    words = str(refused.value)
    assert "\n" not in words
    assert words.endswith("CREATE EXTENSION IF NOT EXISTS pageinspect; CREATE EXTENSION IF NOT EXISTS lo;")


def test_a_role_that_may_not_make_tables_is_told_so(plain_role):
    with pytest.raises(place.Refused, match=r'GRANT CREATE ON SCHEMA public TO "plain_role";$'):
        database.make_extensions()


def test_a_database_that_has_everything_is_left_alone(db):
    database.make_extensions()
