from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from geoportal.kernel.references import check_digit, display, new_reference, parse


def test_new_references_are_ten_digits_and_differ() -> None:
    made = [new_reference() for _ in range(2_000)]
    assert len(set(made)) == 2_000
    assert {len(one) for one in made} == {10}
    assert all(parse(one) == one for one in made)
    assert min(Counter(one[4] for one in made).values()) > 100  # random in every place
    assert {one[0] for one in made} == set("123456789")


def test_the_published_example() -> None:
    """572 gets 4 in Damm's own example."""
    assert check_digit("572") == "4"


@given(st.integers(0, 8), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(place: int, shift: int) -> None:
    good = new_reference()
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert parse(wrong) is None


@given(st.integers(0, 8))
def test_every_swap_of_neighbours_is_noticed(place: int) -> None:
    good = new_reference()
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    assert parse(swapped) == (good if swapped == good else None)


def test_any_spacing_is_read() -> None:
    good = new_reference()
    for typed in (
        display(good),
        f" {good} ",
        f"№ {good}",
        "-".join(good),
        display(good).replace(" ", "\u00a0"),
        f"{good[:5]}–{good[5:]}",
    ):
        assert parse(typed) == good


def test_what_is_no_reference() -> None:
    good = new_reference()
    arabic = "".join(chr(0x0660 + int(digit)) for digit in good)
    for typed in (
        "",
        "123",
        good + "1",
        good[:-1],
        "a" * 10,
        arabic,
        good.replace(good[0], "О", 1),
        " " * 60 + good,
        "\x00" + good,
    ):
        assert parse(typed) is None


def test_display() -> None:
    assert display("1234567890") == "123 456 7890"
