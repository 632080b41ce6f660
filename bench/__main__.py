"""`python -m bench`: fills the database of ROWS reports and measures."""

from __future__ import annotations

import os

from bench.target import Target, place

DEFAULT_ROWS = 1_000_000


def wanted_rows() -> int:
    """ROWS as a whole number; 1e6 and 1_000_000 are understood."""
    given = os.environ.get("ROWS") or str(DEFAULT_ROWS)
    try:
        number = float(given)
    except ValueError:
        raise place.Refused(f"ROWS={given} is not a number: say how many reports, as in ROWS=1000000") from None
    return int(number) if number == number and abs(number) < 1e12 else 0


def prepare_django(target: Target) -> None:
    """The product in this process works on the benchmark's database from here on."""
    os.environ.update(target.environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    import django

    django.setup()


def run(arguments: list[str]) -> int:
    """`fill` only makes the data, `drop` removes them, without a word everything is measured."""
    target = Target(wanted_rows())
    prepare_django(target)
    from bench.fill import fill

    if arguments == ["drop"]:
        target.drop()
        return 0
    seconds = fill(target)
    place.say(f"{target.name}: " + (", ".join(f"{name} {value} s" for name, value in seconds.items()) or "complete"))
    return 0


if __name__ == "__main__":
    place.main(run)
