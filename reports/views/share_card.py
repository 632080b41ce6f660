"""What the picture of a shared report shows: the photo cut to its proportions, or a card with the report's words. With Pillow."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import display
from municipality.site import installation, support_needed
from reports.models import Photo, Report
from reports.querysets import today
from reports.wording import status_sentence

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
BRAND, GROUND, INK, QUIET = "#14532D", "#FFFFFF", "#17211B", "#4A5750"
FONTS = settings.BASE_DIR / "node_modules/@fontsource-variable/noto-sans/files"
WEIGHT = 600
CYRILLIC = re.compile("([\u0400-\u04ff\u2116]+)")


def of_photo(photo: Photo) -> bytes | None:
    """The photo cut to the proportions that others show; None when its file is missing."""
    path = Path(settings.MEDIA_ROOT) / str(photo.pk) / "large.jpg"
    if not path.exists():
        return None
    with Image.open(path, formats=("JPEG",)) as image:
        scale = max(WIDTH / image.width, HEIGHT / image.height)
        size = (max(WIDTH, round(image.width * scale)), max(HEIGHT, round(image.height * scale)))
        left, top = (size[0] - WIDTH) // 2, (size[1] - HEIGHT) // 2
        cut = image.convert("RGB").resize(size).crop((left, top, left + WIDTH, top + HEIGHT))
    return _jpeg(cut)


@lru_cache(maxsize=16)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The site's own typeface, one file for each script; Pillow's where it is missing."""
    try:
        found = ImageFont.truetype(FONTS / f"noto-sans-{name}-wght-normal.woff2", size)
        found.set_variation_by_axes([WEIGHT])
    except OSError:
        return ImageFont.load_default(size)
    return found


def _runs(text: str) -> list[tuple[str, str]]:
    """(file of the typeface, piece of the text): Cyrillic letters lie in another file than all else."""
    return [("cyrillic" if CYRILLIC.match(piece) else "latin", piece) for piece in CYRILLIC.split(text) if piece]


def _length(text: str, size: int) -> float:
    return sum(_font(name, size).getlength(piece) for name, piece in _runs(text))


def _write(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, fill: str) -> None:
    for name, piece in _runs(text):
        draw.text((x, y), piece, font=_font(name, size), fill=fill, anchor="ls")
        x += _font(name, size).getlength(piece)


def drawn(report: Report) -> bytes:
    """Words on a plain card: title, place, state, number, whose site."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 20), fill=BRAND)
    y = MARGIN + 60
    for line in _lines(report.subject.title, 58, 3):
        _write(draw, MARGIN, y, line, 58, INK)
        y += 78
    for text in (report.where, _state(report)):
        _write(draw, MARGIN, y + 6, _lines(text, 34, 1)[0], 34, QUIET)
        y += 58
    bottom, number = HEIGHT - MARGIN, display(report.subject.reference)
    _write(draw, MARGIN, bottom, text_in(installation().name), 34, BRAND)
    _write(draw, WIDTH - MARGIN - _length(number, 34), bottom, number, 34, QUIET)
    return _jpeg(image)


def _state(report: Report) -> str:
    return status_sentence(
        report.kind, report.status, report.due_on, today(), expected=report.expected_on is not None,
        support=report.subject.support_count, threshold=support_needed(report.area_id),
    )  # fmt: skip


def _lines(text: str, size: int, most: int) -> list[str]:
    """The text broken at blanks into at most `most` lines that fit; what does not fit ends with „…“."""
    lines, current = [], ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and _length(longer, size) > WIDTH - 2 * MARGIN:
            lines.append(current)
            current = word
        else:
            current = longer
    lines.append(current)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()
