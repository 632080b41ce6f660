"""Who wished to be named with what they promised. Rows of the timeline keep no names: names are erased, rows are not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from discussion.models import TimelineRow

Source = Callable[[Collection[int]], Mapping[int, str]]
_source: Source = lambda promises: {}  # noqa: E731


def names_from(source: Source) -> None:
    """The app that owns promises says here how names are found: keys of promises → {key: name}."""
    global _source
    _source = source


def of_rows(rows: Collection[TimelineRow]) -> Mapping[int, str]:
    """{key of a promise: name}; nothing is asked where nobody promised for themselves."""
    keys = {row.data["pledge"] for row in rows if row.code == "pledged" and not row.data.get("organisation")}
    return _source(keys) if keys else {}
