"""`python -m bench`: fills the database of ROWS reports, measures it, prints and stores the table."""

from __future__ import annotations

import os

from bench.target import Target, place

DEFAULT_ROWS = 1_000_000


def wanted_rows() -> int:
    """ROWS as a whole number; 1e6 and 1_000_000 are understood."""
    given = os.environ.get("ROWS") or str(DEFAULT_ROWS)
    try:
        number = float(given)
        return int(number)
    except (ValueError, OverflowError):
        raise place.Refused(f"ROWS={given} is not a number: say how many reports, as in ROWS=1000000") from None


def prepare_django(target: Target) -> None:
    """The product in this process works on the benchmark's database from here on."""
    from bench.site import LIMITS

    os.environ.update(target.environment() | {"LIMITS": LIMITS, "TRUSTED_PROXIES": "1"})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    import django

    django.setup()


def measure(target: Target, seconds: dict[str, float]) -> int:
    """All rows, or those that ONLY names (words of their names with commas); prints, stores, answers 0."""
    from bench import clients, document, peers, results, rounds
    from bench.rows import ROWS

    only = [word for word in os.environ.get("ONLY", "").split(",") if word]
    rows = tuple(row for row in ROWS if not only or any(word in row.name for word in only))
    tools = clients.require()
    import run as site_run  # of deploy/

    site_run.collect_static()
    wanted = os.environ.get("PEERS", "") not in ("", "0")
    about = {
        "size": target.rows,
        "commit": results.commit(),
        "machine": results.machine(target),
        "tools": tools,
        "made": seconds,
    }
    with peers.running(target, wanted=wanted) as (servers, errors, versions):
        found = rounds.run(target, rows, servers, errors)
    results.judge(rows, found, target.rows, results.newest(target.rows // 10))
    run = {**about, "rounds": rounds.ROUNDS, "seconds": rounds.SECONDS, "peers": versions, "rows": found}
    print(results.table(run))
    if not only:
        place.say(f"stored in {results.store(run).relative_to(results.REPO)}, docs/performance.md tells it")
        document.write()
    return 0


def run(arguments: list[str]) -> int:
    """`fill` only makes the data, `drop` removes them, `document` writes docs/performance.md; without a word all is measured."""
    if arguments == ["document"]:
        from bench import document

        document.write()
        return 0
    target = Target(wanted_rows())
    prepare_django(target)
    from bench.fill import fill

    if arguments == ["drop"]:
        target.drop()
        return 0
    seconds = fill(target)
    place.say(f"{target.name}: " + (", ".join(f"{name} {value} s" for name, value in seconds.items()) or "complete"))
    return 0 if arguments == ["fill"] else measure(target, seconds)


if __name__ == "__main__":
    place.main(run)
