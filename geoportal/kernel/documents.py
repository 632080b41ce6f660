"""Documents from outside: the one way in. A PDF of at most 10 MB that opens without a key and does nothing by itself.

The bytes stay as they are: a signed decision must not be changed. They are handed out as a download, in a sandbox.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.photos import PhotoRefused, Readable, store_files

MOST_BYTES = 10 * 1024 * 1024
NAME = "document.pdf"
# Names of PDF objects that act when the file is opened, or carry other files (ISO 32000-1, 12.6 and 7.11.4).
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_LOCKED = re.compile(rb"/Encrypt\b")
# Objects may stand packed in a stream (7.5.7): its dictionary says how many and where the first begins.
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n?|\n)")
_PACKED = re.compile(rb"/(?:ObjStm|First)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# What objects are packed with beside Flate: said in the stream's dictionary, or in an object of its own.
_FORETOLD = re.compile(rb"/Predictor\b|/DecodeParms[\s\[]*\d+\s+\d+\s+R\b")
_DECODERS = re.compile(rb"/\w+Decode\b")
# An object stream begins with the numbers of its objects; pixels and drawings seldom do.
_NUMBERS = re.compile(rb"[\s\0%\d]|\Z")
MOST_UNPACKED = 64 * 1024 * 1024
"""Of all object streams of a document together."""
_PIECE = 64 * 1024

MESSAGES = {
    "empty": _("The file is empty. Choose the document again."),
    "bytes": _("The document is larger than 10 MB. Send a smaller one, or give a link to it."),
    "format": _("This is not a PDF. Save the document as PDF and choose it again."),
    "broken": _("The PDF is not whole. Save it anew and choose it again."),
    "locked": _("The PDF is locked with a password. Save it without one."),
    "acts": _("The PDF holds a program or another file. Print it to PDF again and choose that."),
    "no_room": _("There is no room for documents right now. Give a link instead; the document can be added later."),
}


class DocumentRefused(ValidationError):
    """`code` says why, the message what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code], code=code)


def checked(source: bytes | Readable) -> bytes:
    """The bytes of an acceptable PDF. Raises DocumentRefused."""
    data = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
    if not data:
        raise DocumentRefused("empty")
    if len(data) > MOST_BYTES:
        raise DocumentRefused("bytes")
    if not data.startswith(b"%PDF-"):
        raise DocumentRefused("format")
    if b"%%EOF" not in data[-2048:]:
        raise DocumentRefused("broken")
    said = _plain(data)
    if _LOCKED.search(said):
        raise DocumentRefused("locked")
    if _ACTS.search(said) or any(_ACTS.search(_plain(part)) for part in _packed(data)):
        raise DocumentRefused("acts")
    return data


def _plain(data: bytes) -> bytes:
    """Names may be written with numbers of their letters: „/Java#53cript“ (7.3.5)."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _packed(data: bytes) -> Iterator[bytes]:
    """What stands in object streams. Raises DocumentRefused where they are packed as no common program packs them."""
    before = unpacked = 0
    for begins in _STREAM.finditer(data):
        # All since the last stream began: where an object begins is only told for sure by who reads the file as a viewer does.
        said = _plain(data[before : begins.start()])
        before = begins.end()
        if not _PACKED.search(said) or b"/Filter" not in said:
            continue
        surely = b"/ObjStm" in said or _PACKED.search(said.rpartition(b"obj")[2])
        if surely and (_FORETOLD.search(said) or len(_DECODERS.findall(said)) > 1):
            raise DocumentRefused("acts")
        found, cost = _inflated(data, before, MOST_UNPACKED - unpacked)
        unpacked += cost
        if (found is None and surely) or unpacked > MOST_UNPACKED:
            raise DocumentRefused("acts")
        yield found or b""


def _inflated(data: bytes, begins: int, most: int) -> tuple[bytes | None, int]:
    """The stream that begins there, and how many bytes were unpacked for it, whatever came of that; one more than `most` are
    unpacked at most. None for a stream that is packed otherwise, is not whole, or begins as no objects do."""
    reader, ends = zlib.decompressobj(), data.find(b"endstream", begins)
    found, rest = bytearray(), data[begins : ends if ends > 0 else None]
    while len(found) <= most:
        try:
            piece = reader.decompress(rest, min(_PIECE, most + 1 - len(found)))
        except zlib.error:
            return None, len(found) + _PIECE
        rest = reader.unconsumed_tail
        found += piece
        if not _NUMBERS.match(found):
            return None, len(found)
        if reader.eof:
            return bytes(found), len(found)
        if not piece:
            break
    return None, len(found)


def store(folder: Path, data: bytes) -> None:
    """Writes `<folder>/document.pdf`; when it returns, it outlives a power cut. Raises DocumentRefused("no_room")."""
    try:
        store_files(folder, {NAME: data})
    except PhotoRefused:
        raise DocumentRefused("no_room") from None
