"""Two requests of one session at once: what each changed is kept, what it only read is not written back."""

import pytest
from django.contrib.sessions.backends.base import UpdateError

from accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    first = SessionStore()
    first["kept"], first["gone"] = "1", "1"
    first.save()
    return first.session_key


def test_what_two_requests_write_is_both_there(key):
    one, other = SessionStore(key), SessionStore(key)
    assert one["kept"] == other["kept"] == "1"
    one["a"] = "one"
    other["b"] = "other"
    del other["gone"]
    one.save()
    other.save()
    assert dict(SessionStore(key).items()) == {"kept": "1", "a": "one", "b": "other"}


def test_the_later_of_two_writes_of_one_name_stands(key):
    one, other = SessionStore(key), SessionStore(key)
    one["kept"], other["kept"] = "2", "3"
    one.save()
    other.save()
    assert SessionStore(key)["kept"] == "3"


def test_what_one_wrote_is_not_deleted_by_who_had_read_it_before(key):
    one, other = SessionStore(key), SessionStore(key)
    one["kept"] = "2"
    del other["kept"]
    one.save()
    other.save()
    assert SessionStore(key)["kept"] == "2"


def test_a_second_save_of_one_request_undoes_nothing(key):
    one, other = SessionStore(key), SessionStore(key)
    one["a"] = "one"
    one.save()
    other["a"] = "other"
    other.save()
    one["c"] = "later"
    one.save()
    assert SessionStore(key)["a"] == "other"


def test_a_session_under_a_new_key_keeps_what_it_held(key):
    """As at signing in."""
    one = SessionStore(key)
    one["a"] = "one"
    one.cycle_key()
    one["b"] = "two"
    one.save()
    assert dict(SessionStore(one.session_key).items()) == {"kept": "1", "gone": "1", "a": "one", "b": "two"}
    assert not SessionStore().exists(key)


def test_a_session_that_was_ended_is_not_made_anew(key):
    one = SessionStore(key)
    one["a"] = "one"
    SessionStore(key).flush()
    with pytest.raises(UpdateError):
        one.save()
    assert not SessionStore().exists(key)
