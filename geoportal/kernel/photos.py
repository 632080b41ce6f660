"""Photos from outside: the one way in. Pixels stay, everything else of the file is thrown away.

`sanitise` hands the bytes to a bounded child process (`photo_child`) and gives back new JPEGs; whatever goes wrong there
is a PhotoRefused that names the remedy. `store` writes so that a file that a row names is whole on the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from geoportal.kernel import child, metrics, photo_child

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIZES = {"large": 1600, "small": 480}
MEMORY = 1024**3
CPU_SECONDS = 10
WALL_SECONDS = 20
# Each child may take a gigabyte; who comes third waits for a place.
_places = threading.BoundedSemaphore(2)

MESSAGES = {
    "empty": _("The file is empty. Choose the photo again."),
    "bytes": _("The photo is larger than 12 MB. Send a smaller one."),
    "format": _("This is not a photo that can be read. Send it as JPEG, PNG, WebP or HEIC."),
    "pixels": _("The photo has too many pixels. Send one of at most 50 megapixels."),
    "shape": _("The photo is far too narrow. Send one in ordinary proportions."),
    "broken": _("The photo is damaged and cannot be read. Send another one or take it again."),
    "effort": _("The photo could not be read in reasonable time. Send another one or take it again."),
    "busy": _("Many photos are being sent right now. Send yours again in a minute."),
    "no_room": _("There is no room for photos right now. Send the report without them; they can be added later."),
}


class PhotoRefused(ValidationError):
    """`code` says why, the message what to do; `status` is what an API answers."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code], code=code)
        self.status = {"busy": 503, "no_room": 507}.get(code, 400)
        metrics.PHOTO_REFUSED.labels(code).inc()


class Readable(Protocol):
    """A file or an upload."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Sanitised:
    """New JPEGs by name of size; `width` and `height` in pixels are those of the largest."""

    sizes: dict[str, bytes]
    width: int
    height: int


Box = tuple[int, int, int, int]
"""Left, top, width, height in percent of the upright picture."""


def sanitise(source: bytes | Readable, boxes: Sequence[Box] = ()) -> Sanitised:
    """The photo without anything but its picture, at most 1600 and 480 pixels on its longer edge, black over `boxes`.

    Raises PhotoRefused.
    """
    data = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
    if not data:
        raise PhotoRefused("empty")
    if len(data) > MOST_BYTES:
        raise PhotoRefused("bytes")
    try:
        photo_child.format_of(data[:16])
    except photo_child.Refused:
        raise PhotoRefused("format") from None
    return _received(_child(data, boxes))


def _child(data: bytes, boxes: Sequence[Box]) -> bytes:
    """What the child process answers; it has no settings of ours and a time limit."""
    order = {
        "sizes": SIZES,
        "most_pixels": MOST_PIXELS,
        "memory": MEMORY,
        "seconds": CPU_SECONDS,
        "boxes": [list(box) for box in boxes],
    }
    try:
        return child.answer(photo_child.__file__, data, json.dumps(order), seconds=WALL_SECONDS, places=_places)
    except child.Unanswered as failed:
        # Killed by a limit or by its decoder, or ended by us: the picture is too much work.
        raise PhotoRefused({"busy": "busy", "failed": "broken"}.get(failed.why, "effort")) from None


def _received(answer: bytes) -> Sanitised:
    """The answer taken apart and not trusted further than its shape."""
    head_line, _newline, rest = answer.partition(b"\n")
    try:
        head = json.loads(head_line)
        if code := head.get("refused"):
            raise PhotoRefused(code if code in MESSAGES else "broken")
        sizes: dict[str, bytes] = {}
        for name, length in head["sizes"]:
            sizes[name], rest = rest[:length], rest[length:]
        whole = not rest and all(body[:3] == b"\xff\xd8\xff" and body[-2:] == b"\xff\xd9" for body in sizes.values())
        if sizes.keys() != SIZES.keys() or not whole:
            raise PhotoRefused("broken")
        return Sanitised(sizes, int(head["width"]), int(head["height"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PhotoRefused("broken") from None


def store(folder: Path, sizes: dict[str, bytes]) -> None:
    """Writes `<folder>/<size>.jpg` for each size; when it returns, they outlive a power cut. Raises as `store_files`."""
    store_files(folder, {f"{name}.jpg": body for name, body in sizes.items()})


def store_files(folder: Path, files: dict[str, bytes]) -> None:
    """Writes the files into a folder of their own; when it returns, they outlive a power cut.

    Raises PhotoRefused("no_room") and leaves nothing behind when the disk is full or cannot be written to.
    """
    try:
        _check_room(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            _write(folder / name, body)
        _sync(folder)
        _sync(folder.parent)
    except OSError:
        discard(folder)
        raise PhotoRefused("no_room") from None


def discard(folder: Path) -> None:
    """Removes the folder of one photo; no error when it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)


def _check_room(folder: Path) -> None:
    """Photos stop before the disk is full, so that reports go on: a tenth, at most 2 GiB, stays free."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    if usage.free < min(usage.total // 10, 2 * 1024**3):
        raise OSError("reserve reached")


def _write(path: Path, body: bytes) -> None:
    """Temporary file in the same folder, its bytes on the disk, then its name."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
