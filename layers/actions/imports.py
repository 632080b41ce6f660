"""A file for a layer: taken in, checked, carried out as a whole or not at all, undone."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.models import User
from geoportal.kernel.text import clean
from layers import contents, differences
from layers.actions.layers import new_edition
from layers.import_wording import OF_ROW
from layers.importing import FOLDER, MOST_BYTES, ImportRefused, Mapping, Naming, read
from layers.models import Import, ImportRow, Layer
from layers.progress import WHOLE, Told, reach, silent

log = logging.getLogger("layers")
State = Import.State
KEPT_DAYS = 14
"""A file that nobody carried out."""
UNDO_DAYS = 90
MOST_TOLD = 2000
"""Rows of a report, those that were refused first; what is counted counts all."""
PIECE = 10_000
"""Rows between two signs of progress."""
WRITTEN_PIECE = 50_000
"""The same while they are written: each piece compares with the whole layer anew."""
COPY = """COPY layers_importrow (imported_id, role, number, slug, key, name, icon, approximate, properties, point, line, polygon)
FROM STDIN"""


def begin(
    layer: Layer, name: str, pieces: Iterable[bytes], *, by: User | None, mapping: Mapping | None = None, job: bool = True
) -> Import:
    """Keeps a file and has it checked; read as the layer's last one where `mapping` is not given.

    Raises ImportRefused where it is empty or larger than any may be, ValidationError for a name that cannot be shown.
    """
    made = Import(layer=layer, by=by, file_name=clean(name.replace("\\", "/").rpartition("/")[2])[-200:] or "?")
    made.mapping = (mapping or Mapping.of(layer.mapping)).kept()
    made.path.parent.mkdir(parents=True, exist_ok=True)
    digest, made.size = hashlib.sha256(), 0
    try:
        with made.path.open("xb") as file:
            for piece in pieces:
                made.size += len(piece)
                if made.size > MOST_BYTES:
                    raise ImportRefused("too_large")
                digest.update(piece)
                file.write(piece)
        if not made.size:
            raise ImportRefused("empty")
        made.digest = digest.hexdigest()
        with transaction.atomic():
            made.save(force_insert=True)
            if job:
                jobs.configure_task("layers.check").defer(import_id=str(made.pk))
    except BaseException:
        made.path.unlink(missing_ok=True)
        raise
    return made


@transaction.atomic
def read_anew(pk: Any, mapping: Mapping) -> None:
    """The same file once more, read otherwise. Raises ValidationError where that came too late."""
    found = _locked(pk, State.CHECKED, State.FAILED)
    found.mapping, found.state, found.done, found.of = mapping.kept(), State.WAITING, 0, 0
    found.save()
    jobs.configure_task("layers.check").defer(import_id=str(pk))


def check(pk: Any, *, last: bool = True, told: Told = silent) -> str:
    """Reads the file and compares it with its layer; nothing of the layer changes. Answers the state; can be repeated.

    Unless this is the `last` try it raises OperationalError where the database had no time for it.
    """
    active = Import.objects.filter(pk=pk, state__in=[State.WAITING, State.CHECKING])
    if not active.update(
        state=State.CHECKING, begun_at=timezone.now(), done=0, of=0, refused="", about="", report=[], counts={}
    ):  # fmt: skip
        return "gone"
    imported = Import.objects.select_related("layer").get(pk=pk)
    try:
        imported.rows.all().delete()
        if not imported.path.exists():
            raise ImportRefused("gone")
        head, counts, report, said = _staged(imported, told)
        _compare(imported, counts, report, said)
    except ImportRefused as refused:
        imported.rows.all().delete()
        if refused.head:
            Import.objects.filter(pk=pk).update(found=refused.head)
        _fail(pk, refused.code or "failed", refused.about)
    except Exception as wrong:
        if isinstance(wrong, OperationalError) and not last:
            raise
        log.exception("import was not read")
        _fail(pk, "failed", "")
        imported.rows.all().delete()
    else:
        Import.objects.filter(pk=pk, state=State.CHECKING).update(
            state=State.CHECKED, checked_at=timezone.now(), found={**head, "said": said}, counts=counts, report=report
        )
    return str(Import.objects.values_list("state", flat=True).get(pk=pk))


def _fail(pk: Any, code: str, about: str) -> None:
    Import.objects.filter(pk=pk).update(state=State.FAILED, refused=code, about=about[:80])


def _staged(imported: Import, told_to: Told) -> tuple[dict[str, Any], dict[str, int], list[list[Any]], Counter[str]]:
    """Puts the file's rows aside: (head, counts, report, {code: rows}). In pieces, so that progress is seen. Raises ImportRefused."""
    mapping = Mapping.of(imported.mapping)
    with contextlib.closing(read(imported.path, mapping)) as told:
        head = next(told)
        if imported.layer.areas and not mapping.key:
            raise ImportRefused("needs_key", head=head)
        Import.objects.filter(pk=imported.pk).update(of=head["of"], found=head)
        codes = [code for code, _name in settings.LANGUAGES]
        naming = Naming(mapping, head, imported.pk, (codes[0], codes[-1]))
        counted, report, said, done = Counter[str](), list[list[Any]](), Counter[str](), 0
        rows = _lines(imported, naming, told, counted, report, said)
        while piece := list(islice(rows, PIECE)):
            with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY) as copy:  # type: ignore[attr-defined]
                for row in filter(None, piece):
                    copy.write_row(row)
            done += len(piece)
            Import.objects.filter(pk=imported.pk).update(done=done)
            told_to(done, head["of"])
    counts = {"rows": done, "usable": done - counted["refused"], "refused": counted["refused"], "mended": counted["mended"]}
    return head, counts, report, said


def _lines(
    imported: Import,
    naming: Naming,
    told: Iterator[dict[str, Any]],
    counted: Counter[str],
    report: list[list[Any]],
    said: Counter[str],
) -> Iterator[tuple[Any, ...] | None]:
    """What COPY takes of each row, None for one that cannot be used; both are counted and said."""
    for row in told:
        key, why = ("", row["why"]) if "why" in row else naming.key(row)
        if why:
            counted["refused"] += 1
            _say(report, said, row["n"], why, row.get("about", key))
            yield None
            continue
        if "m" in row:
            counted["mended"] += row["m"] == "crossing"
            _say(report, said, row["n"], row["m"], row.get("about", key))
        shapes = [row["e"] if row["k"] == kind else None for kind in ("point", "line", "polygon")]
        names, properties = (orjson.dumps(value).decode() for value in (naming.names(row), row["p"]))
        wide = row.get("wide", False)
        yield (imported.pk, "coming", row["n"], naming.slug(key, row["n"]), key, names, "", wide, properties, *shapes)


def _say(report: list[list[Any]], said: Counter[str], number: int, code: str, about: str) -> None:
    """Counted in any case. Of the refused rows MOST_TOLD are kept and as many of all others, until `_compare` cuts them."""
    said[code] += 1
    refused = sum(n for each, n in said.items() if each in OF_ROW)
    if (refused if code in OF_ROW else said.total() - refused) <= MOST_TOLD:
        report.append([number, code, about])


def _compare(imported: Import, counts: dict[str, int], report: list[list[Any]], said: Counter[str]) -> None:
    """Completes the counts, and the report with the rows outside the municipality; refused rows come first."""
    given: dict[str, Any] = {"import": imported.pk, "layer": imported.layer_id}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("ANALYZE layers_importrow")
        cursor.execute(differences.COUNT, given)
        counts |= dict(zip(("new", "changed", "same", "gone"), cursor.fetchone(), strict=True))
        if Mapping.of(imported.mapping).keeps:
            counts["gone"] = 0
        cursor.execute(differences.OUTSIDE, given)
        outside = [number for (number,) in cursor.fetchall()]
    counts["outside"] = len(outside)
    if outside:
        said["outside"] = len(outside)
    report.sort(key=lambda line: line[1] not in OF_ROW)
    del report[MOST_TOLD:]
    report += [[number, "outside", ""] for number in outside[: MOST_TOLD - len(report)]]


def carry_out(pk: Any, *, last: bool = True, told: Told = silent) -> str:
    """Writes what was checked into the layer, all of it or nothing. Answers the state; can be repeated.

    Unless this is the `last` try it raises OperationalError, as when somebody else writes into the layer for long; at the last
    one the file is a checked one again.
    """
    Import.objects.filter(pk=pk, state=State.CHECKED).update(
        state=State.CARRYING, refused="", about="", begun_at=timezone.now()
    )  # fmt: skip
    try:
        with transaction.atomic():
            # Whoever writes into a layer waits for the one before.
            found = Import.objects.select_related("layer").filter(pk=pk, state=State.CARRYING).first()
            if found is None:
                return "gone"
            layer = Layer.objects.select_for_update().get(pk=found.layer_id)
            found = _locked(pk, State.CARRYING)
            _write(found, layer, told)
    except IntegrityError:
        log.warning("import clashes with its layer")
        _fail(pk, "clash", "")
    except ImportRefused as refused:
        _fail(pk, refused.code or "failed", "")
    except ValidationError:
        return "gone"
    except Exception as wrong:
        if isinstance(wrong, OperationalError) and not last:
            raise
        log.exception("import was not written")
        Import.objects.filter(pk=pk, state=State.CARRYING).update(state=State.CHECKED, refused="not_written")
    else:
        found.path.unlink(missing_ok=True)
    return str(Import.objects.values_list("state", flat=True).get(pk=pk))


def _write(imported: Import, layer: Layer, told: Told) -> None:
    """Inside a transaction. Raises ImportRefused where rows that were put aside are no longer there."""
    mapping = Mapping.of(imported.mapping)
    if layer.areas and not mapping.key:
        raise ImportRefused("needs_key")
    if imported.rows.filter(role=ImportRow.Role.COMING).count() != imported.counts["usable"]:
        raise ImportRefused("gone")
    given: dict[str, Any] = {"import": imported.pk, "layer": layer.pk, "keeps": mapping.keeps}
    changed, gone, new = _written(imported, given, told)[:3]
    usable = imported.counts["usable"]
    imported.counts |= {"new": new, "changed": changed, "gone": gone, "same": usable - new - changed}
    imported.state, imported.carried_at = State.DONE, timezone.now()
    imported.save(update_fields=["counts", "state", "carried_at"])
    said = str(imported.found.get("crs", ""))
    layer.source_srid = int(said[5:]) if said.startswith("EPSG:") else None
    layer.mapping = {**mapping.kept(), "layer": "" if imported.found.get("format") == "gpx" else mapping.layer}
    layer.save(update_fields=["source_srid", "mapping"])
    contents.keep(layer.pk)
    new_edition()


def _written(imported: Import, given: dict[str, Any], told: Told) -> list[int]:
    """Rows of each of the statements; what is done is said as it is done."""
    of = imported.counts["rows"]
    pieces = [{"first": first, "last": first + WRITTEN_PIECE - 1} for first in range(1, of + 1, WRITTEN_PIECE)]
    steps = [(number, piece) for number, statement in enumerate(differences.CARRY_OUT)
             for piece in (pieces if "%(first)s" in statement else [{}])]  # fmt: skip
    done = [0] * len(differences.CARRY_OUT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        # What was just written is in no statistics: taken for a few rows, the layer would be read anew for each row of the file.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for at, (number, piece) in enumerate(steps, start=1):
            cursor.execute(differences.CARRY_OUT[number], given | piece)
            done[number] += cursor.rowcount
            reach(imported.pk, WHOLE * at // len(steps))
            told(WHOLE * at // len(steps), WHOLE)
        cursor.execute("SET LOCAL enable_nestloop = on")
    return done


@transaction.atomic
def start(pk: Any, *, seen: str) -> None:
    """Has what was checked carried out. `seen`: `reading` of what the person looked at.

    Raises ValidationError where that is not possible any more, or where the file was read once more since.
    """
    found = _locked(pk, State.CHECKED)
    if seen != found.reading:
        raise ValidationError(
            _("The file was checked again meanwhile. Look at what it would change now, then carry it out."), code="stale"
        )
    found.state, found.refused, found.about, found.begun_at = State.CARRYING, "", "", timezone.now()
    found.save(update_fields=["state", "refused", "about", "begun_at"])
    jobs.configure_task("layers.carry_out").defer(import_id=str(pk))


@transaction.atomic
def undo(pk: Any) -> None:
    """The layer as it was before. Raises ValidationError unless this is the last file that was carried out there."""
    layer = Layer.objects.select_for_update().get(imports=pk)
    found = _locked(pk, State.DONE)
    if found != may_be_undone(layer):
        raise ValidationError(_("A later file was taken in. Undo that one first."), code="later")
    given: dict[str, Any] = {"import": found.pk, "layer": layer.pk}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")
            for statement in differences.UNDO:
                cursor.execute(statement, given)
    except IntegrityError:
        raise ValidationError(
            _("The layer was changed since by other means; this file can no longer be undone."), code="clash"
        ) from None
    found.state, found.undone_at = State.UNDONE, timezone.now()
    found.save(update_fields=["state", "undone_at"])
    contents.keep(layer.pk)
    new_edition()


def may_be_undone(layer: Layer) -> Import | None:
    """The last file that was carried out there, unless it is older than UNDO_DAYS: how things were before is then forgotten."""
    last = layer.imports.filter(state=State.DONE).order_by("-carried_at").first()
    since = timezone.now() - datetime.timedelta(days=UNDO_DAYS)
    return last if last and last.carried_at and last.carried_at > since else None


@transaction.atomic
def drop(pk: Any) -> None:
    """Nobody wants this file any more. Raises ValidationError while it is being worked on."""
    found = _locked(pk, State.CHECKED, State.FAILED, State.WAITING)
    found.rows.all().delete()
    found.state = State.DROPPED
    found.save(update_fields=["state"])
    transaction.on_commit(lambda: found.path.unlink(missing_ok=True))


def drop_old() -> int:
    """Files that nobody carried out in KEPT_DAYS go; how many. What has been at work for a day has lost its worker."""
    now = timezone.now()
    active = Import.objects.filter(state__in=[State.CHECKING, State.CARRYING])
    lost = active.annotate(at=Coalesce("begun_at", "created_at")).filter(at__lt=now - datetime.timedelta(days=1))
    lost.update(state=State.FAILED, refused="failed")
    since = now - datetime.timedelta(days=KEPT_DAYS)
    old = Import.objects.filter(created_at__lt=since, state__in=[State.CHECKED, State.FAILED, State.WAITING])
    keys = list(old.values_list("pk", flat=True))
    dropped = 0
    for pk in keys:
        with contextlib.suppress(ValidationError, OperationalError):  # somebody works on it now
            drop(pk)
            dropped += 1
    _forget(now)
    return dropped


def _forget(now: datetime.datetime) -> None:
    """What a killed process left on the disk goes, and the way back of files that were carried out long ago."""
    long_ago = now - datetime.timedelta(days=UNDO_DAYS)
    ImportRow.objects.filter(imported__in=Import.objects.filter(state=State.DONE, carried_at__lt=long_ago)).delete()
    yesterday = now.timestamp() - 86_400
    known = {
        str(pk)
        for pk in Import.objects.exclude(state__in=[State.DONE, State.UNDONE, State.DROPPED]).values_list("pk", flat=True)
    }
    left = [each for each in (Path(settings.MEDIA_ROOT) / "imports").glob("*") if each.name not in known]
    for each in [*left, *Path(tempfile.gettempdir()).glob(f"{FOLDER}*")]:
        with contextlib.suppress(OSError):
            if each.stat().st_mtime < yesterday:
                shutil.rmtree(each) if each.is_dir() else each.unlink()


def _locked(pk: Any, *states: str) -> Import:
    """Inside a transaction: the import, locked. Raises ValidationError where it is in none of the states."""
    found = Import.objects.select_for_update().select_related("layer").get(pk=pk)
    if found.state not in states:
        raise ValidationError(_("Somebody has gone on with this file meanwhile. Look at it again."), code="stale")
    return found
