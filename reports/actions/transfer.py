"""A file or an endpoint of another system on its way: read by the worker, mapped by a person, checked, carried out, taken back."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.models import User
from geoportal.kernel.text import clean
from reports.actions import take_over
from reports.taking_over import mapping, open311
from reports.taking_over.checking import Checked
from reports.taking_over.rows import Transfer
from reports.taking_over.sources import Endpoint, File, Rows, Words
from reports.taking_over.taken import Said

log = logging.getLogger("reports")
State = Transfer.State
TASK = "reports.transfer"
MOST_BYTES = 60 * 1024 * 1024
MOST_READ = 500 * 1024 * 1024
"""Of the rows of an endpoint, as they are kept."""
MOST_TOLD = 2000
PIECE = 1000
"""Rows between two signs of progress."""
KEPT_DAYS = 14
"""What nobody carried out, and the rows of what was carried out."""


def begin_file(name: str, pieces: Iterable[bytes], *, by: User | None, photos: bool, language: str) -> Transfer:
    """Keeps the file and has it read. Raises ValidationError where it is empty, too large or has a name that cannot be shown."""
    made = Transfer(by=by, photos=photos, language=language)
    made.name = clean(name.replace("\\", "/").rpartition("/")[2])[-200:] or "?"
    made.sent.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    try:
        with made.sent.open("xb") as file:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise ValidationError(_("The file is larger than 60 MB. Divide it."))
                file.write(piece)
        if not size:
            raise ValidationError(_("The file is empty."))
        _kept(made)
    except BaseException:
        made.sent.unlink(missing_ok=True)
        raise
    return made


def begin_endpoint(endpoint: str, since: datetime.date | None, *, by: User | None, photos: bool, language: str) -> Transfer:
    """Has an endpoint of Open311 read. Raises ValidationError for an address that is not asked."""
    open311.place(endpoint)
    made = Transfer(by=by, photos=photos, language=language, name=endpoint[:200], endpoint=endpoint, since=since)
    made.path.parent.mkdir(parents=True, exist_ok=True)
    _kept(made)
    return made


@transaction.atomic
def _kept(made: Transfer) -> None:
    made.save(force_insert=True)
    jobs.configure_task(TASK).defer(transfer_id=str(made.pk))


@transaction.atomic
def name_columns(pk: Any, asked: dict[str, Any]) -> None:
    """`source`, `language` and `columns` of the map; words that were mapped before stay. Raises ValidationError where it came too late."""
    found = _locked(pk, State.ASKING, State.CHECKED)
    found.asked = {**found.asked, **asked}
    found.state, found.refused = State.ASKING, ""
    found.save(update_fields=["asked", "state", "refused"])


@transaction.atomic
def name_words(pk: Any, categories: dict[str, str | None], statuses: dict[str, str | None]) -> None:
    """What the words mean; then everything is checked. Raises ValidationError for a map that cannot be used."""
    found = _locked(pk, State.ASKING, State.CHECKED)
    found.asked = {**found.asked, "categories": categories, "statuses": statuses}
    mapping.of(found.asked)
    _go_on(found, State.CHECKING)


@transaction.atomic
def start(pk: Any, *, seen: str) -> None:
    """Has what was checked carried out. `seen`: `checking` of what the person looked at. Raises ValidationError where that is over."""
    found = _locked(pk, State.CHECKED)
    if seen != found.checking:
        raise ValidationError(_("The rows were checked again meanwhile. Look at them, then carry it out."), code="stale")
    _go_on(found, State.CARRYING)


def _go_on(found: Transfer, state: str) -> None:
    found.state, found.refused, found.done, found.of = state, "", 0, found.found.get("rows", 0)
    found.save(update_fields=["asked", "state", "refused", "done", "of"])
    jobs.configure_task(TASK).defer(transfer_id=str(found.pk))


@transaction.atomic
def drop(pk: Any) -> None:
    """Nobody wants it any more. Raises ValidationError while it is being worked on."""
    found = _locked(pk, State.ASKING, State.CHECKED, State.FAILED)
    found.state, found.found, found.asked, found.report = State.DROPPED, {}, {}, []
    found.save(update_fields=["state", "found", "asked", "report"])
    transaction.on_commit(lambda: _forget(found))


def _locked(pk: Any, *states: str) -> Transfer:
    found = Transfer.objects.select_for_update().get(pk=pk)
    if found.state not in states:
        raise ValidationError(_("Somebody has gone on with this file meanwhile. Look at it again."), code="stale")
    return found


def _forget(found: Transfer) -> None:
    for path in (found.sent, found.path):
        path.unlink(missing_ok=True)


def work(pk: Any, *, last: bool = True) -> str:
    """What the worker has to do with it now; answers the state. Can be repeated: what was taken over is known.

    Unless this is the `last` try it raises OperationalError where the database had no time for it.
    """
    found = Transfer.objects.filter(pk=pk).first()
    step = {State.READING: _read, State.CHECKING: _check, State.CARRYING: _carry}.get(found.state) if found else None  # type: ignore[call-overload]
    if found is None or step is None:
        return "gone"
    before = State.CHECKED if found.state == State.CARRYING else State.ASKING if found.state == State.CHECKING else State.FAILED
    with translation.override(found.language):
        try:
            step(found)
        except ValidationError as refused:
            _stop(found, before, " ".join(refused.messages))
        except Exception as wrong:
            if isinstance(wrong, OperationalError) and not last:
                raise
            log.exception("transfer was not finished")
            _stop(found, before, _("Something broke; it is on record. Try again."))
    return found.state


def _stop(found: Transfer, state: str, why: str) -> None:
    found.state, found.refused = state, why[:400]
    found.save(update_fields=["state", "refused"])


def _progress(found: Transfer, rows: Iterable[Any]) -> Iterator[Any]:
    """The rows, with a sign every now and then of how far it is."""
    for count, row in enumerate(rows, 1):
        yield row
        if count % PIECE == 0:
            Transfer.objects.filter(pk=found.pk).update(done=count)


def _read(found: Transfer) -> None:
    """The rows are put aside as they are, so that check and taking over read the very same ones."""
    source = Endpoint(found.endpoint, found.since) if found.endpoint else File(found.sent)
    words, size, count = Words(source.columns), 0, 0
    with found.path.open("wb") as file:
        for row, cells in _progress(found, source.rows()):
            line = orjson.dumps([row, cells], option=orjson.OPT_APPEND_NEWLINE)
            size, count = size + len(line), count + 1
            if size > MOST_READ:
                raise ValidationError(_("The other system sends more at once than is read."))
            file.write(line)
            words.add(cells)
    if not count:
        raise ValidationError(_("There is not one row in it."))
    found.found = {"columns": source.columns, "words": words.few(), "rows": count}
    guessed = source.known or mapping.guess(source.columns)
    found.asked = {"columns": {name: column for name, column in guessed.items() if column}}
    found.state = State.ASKING
    found.save(update_fields=["found", "asked", "state"])
    found.sent.unlink(missing_ok=True)


def rows_of(found: Transfer) -> Rows:
    """(row, cells by column) as they were read. Raises ValidationError when they are kept no more."""
    if not found.path.exists():
        raise ValidationError(_("The rows are kept no longer. Send the file again."))
    with found.path.open("rb") as file:
        for line in file:
            row, cells = orjson.loads(line)
            yield row, cells


def _check(found: Transfer) -> None:
    checked = Checked()
    for _taken in checked.rows(_progress(found, rows_of(found)), mapping.of(found.asked)):
        pass
    _told(found, checked, [])
    found.state, found.checked_at = State.CHECKED, timezone.now()
    found.save(update_fields=["counts", "report", "state", "checked_at"])


def _told(found: Transfer, checked: Checked, more: list[Said]) -> None:
    """Refused rows first, at most MOST_TOLD; the counts count all."""
    said = sorted([*checked.said, *more], key=lambda one: not one.refuses)
    found.report = [[one.row, one.code, one.about, one.refuses] for one in said[:MOST_TOLD]]
    kinds = [[category, status, rows] for (category, status), rows in sorted(checked.counts.items())]
    refused = checked.refused + sum(one.refuses for one in more)
    codes = sorted(Counter(one.code for one in said).items())
    found.counts = {"read": checked.read, "good": checked.read - refused, "refused": refused, "kinds": kinds, "codes": codes}


def _carry(found: Transfer) -> None:
    """In blocks, each whole or not at all; taken up again after a killed worker it goes on in the same import, unless that was
    taken back meanwhile or has another short name."""
    by = mapping.of(found.asked)
    if found.run is None or found.run.undone_at is not None or found.run.source != by.source:
        found.run = take_over.begin(by.source, found.name)
        found.save(update_fields=["run"])
    checked, more, counts, run = Checked(), list[Said](), Counter[str](), found.run.pk
    pictured = None if not found.photos else open311.place(found.endpoint) if found.endpoint else ""
    try:
        rows = checked.rows(rows_of(found), by)
        for done, left in take_over.carry(run, rows, pictured):
            counts, more = counts + done, more + left
            Transfer.objects.filter(pk=found.pk).update(done=checked.read)
    finally:
        found.run = take_over.finish(run)
        found.save(update_fields=["run"])
    _told(found, checked, more)
    found.counts |= {name: counts[name] for name in ("new", "changed", "same")}
    found.state = State.DONE
    found.save(update_fields=["counts", "report", "state"])


def drop_old() -> int:
    """What nobody carried out in KEPT_DAYS goes, and the rows of what was; how many. A worker that was lost a day ago comes no more."""
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=KEPT_DAYS)
    working = [State.READING, State.CHECKING, State.CARRYING]
    lost = Transfer.objects.filter(state__in=working, created_at__lt=long_ago)
    lost.update(state=State.FAILED)
    old = Transfer.objects.filter(created_at__lt=long_ago)
    dropped = old.filter(state__in=[State.ASKING, State.CHECKED, State.FAILED]).update(state=State.DROPPED)
    old.exclude(found={}).update(found={}, asked={}, report=[])  # words of people may stand in them
    kept = {
        str(pk)
        for pk in Transfer.objects.exclude(state=State.DROPPED).filter(created_at__gte=long_ago).values_list("pk", flat=True)
    }
    for path in (Path(settings.MEDIA_ROOT) / "taking-over").glob("*"):
        with contextlib.suppress(OSError):
            if path.stem not in kept and path.stat().st_mtime < now.timestamp() - 86_400:
                path.unlink()
    return dropped


def wrong_rows(found: Transfer) -> Iterator[tuple[list[Any], dict[str, str]]]:
    """([row, code, about, whether it is left out], its cells) of each line of the report, in the file's order."""
    if not found.report:
        return
    told: dict[str, list[list[Any]]] = {}
    for line in found.report:
        told.setdefault(line[0], []).append(line)
    rows = rows_of(found) if found.path.exists() else iter(())
    for row, cells in itertools.chain(rows, ((row, None) for row in list(told))):
        for line in told.pop(row, ()):
            yield line, cells or {}
