"""What the workers of a run are given as a whole, and what first."""

from django.conf import settings

from tests.sharing import FIRST, TOGETHER, turn, unit


def test_what_stands_on_one_site_stays_together_and_other_tests_stand_alone():
    assert unit("tests/browser/test_map.py::test_a[1]") == unit("tests/browser/test_axe.py::test_b") == "tests/browser/"
    assert unit("tests/loading/test_demo.py::test_a") == "tests/loading/test_demo.py"
    assert unit("tests/loading/test_demo_data.py::test_a") == "tests/loading/test_demo_data.py::test_a"


def test_the_longest_begin_first():
    assert [turn(f"{path}::test_a") for path in (*FIRST, "tests/accounts/test_people.py")] == [*range(len(FIRST)), len(FIRST)]


def test_the_paths_are_there():
    assert [path for path in (*FIRST, *TOGETHER) if not (settings.BASE_DIR / path).exists()] == []
