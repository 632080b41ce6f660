"""Pictures to send: good ones in every format, and files that only pretend. Made here, none is kept."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin

pillow_heif.register_heif_opener()
# What must never be found in anything stored.
SECRETS = (b"SECRET-SERIAL-4711", b"<script>alert", b"<?php", b"PK\x03\x04", b"%PDF", b"GPS-TAIL-SECRET")


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red above, blue below, a white corner at the top left: turning it wrong shows."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 2, width, height), fill=(30, 30, 200))
    draw.rectangle((0, 0, width // 4, height // 4), fill=(255, 255, 255))
    return picture.convert(mode)


def exif(orientation: int = 1) -> bytes:
    """EXIF with a place, a serial number and a note."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "SECRET-SERIAL-4711"
    data[0x9286] = b"ASCII\0\0\0<script>alert(1)</script>"
    place = data.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (42.0, 54.0, 25.2), "E", (23.0, 47.0, 30.0)
    return data.tobytes()


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    """A good picture of `kind` (JPEG PNG WEBP HEIF and whatever else Pillow writes)."""
    out = io.BytesIO()
    scene(*size, mode=mode).save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int, bits: int = 1, colour: int = 0) -> bytes:
    """A PNG header of that size and the smallest data that could follow."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def png_bomb() -> bytes:
    """30,000 × 30,000 in 109 kB."""
    rows = zlib.compressobj(9)
    row = b"\0" * (30_000 // 8 + 1)
    body = b"".join(rows.compress(row) for _line in range(30_000)) + rows.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_with(extra: bytes) -> bytes:
    """A good PNG with one more chunk after its header."""
    good = picture("PNG")
    return good[:33] + extra + good[33:]


def text_bomb() -> bytes:
    """200 MB of text in a PNG's compressed note."""
    return png_with(chunk(b"zTXt", b"note\0\0" + zlib.compress(b"x" * 200_000_000, 9)))


def profile_bomb() -> bytes:
    """200 MB of colour profile."""
    return png_with(chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"x" * 200_000_000, 9)))


def secretive(kind: str) -> bytes:
    """A picture with EXIF, GPS, notes and XMP, and a foreign file behind its end."""
    options: dict[str, Any] = {"exif": exif()}
    if kind == "JPEG":
        options |= {"comment": b"<script>alert(2)</script>", "xmp": b"<x:xmpmeta>SECRET-SERIAL-4711</x:xmpmeta>"}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("note", "<?php SECRET-SERIAL-4711")
        options["pnginfo"] = notes
    tail = b"PK\x03\x04 zip %PDF-1.7 <script>alert(3)</script> GPS-TAIL-SECRET" if kind in ("JPEG", "PNG") else b""
    return picture(kind, **options) + tail


def _gif_as(name: bytes) -> bytes:
    return name + picture("GIF")


def refused() -> list[tuple[str, bytes, str]]:
    """(name, bytes, code): none is a photo, or not one that may be opened."""
    return [*_no_photos(), *_broken(), *_claiming()]


def _no_photos() -> list[tuple[str, bytes, str]]:
    """Other kinds of files and of pictures."""
    return [
        ("nothing", b"", "empty"),
        ("one byte", b"\xff", "format"),
        ("text", b"hello", "format"),
        ("HTML", b"<!doctype html><script>alert(1)</script>", "format"),
        ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "format"),
        ("SVG after an XML line", b'<?xml version="1.0"?><svg/>', "format"),
        ("PDF", b"%PDF-1.7\n1 0 obj", "format"),
        ("PDF written by Pillow", picture("PDF"), "format"),
        ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n", "format"),
        ("EPS", picture("EPS"), "format"),
        ("GIF", picture("GIF"), "format"),
        ("BMP", picture("BMP"), "format"),
        ("TIFF", picture("TIFF"), "format"),
        ("ICO", picture("ICO", size=(64, 64)), "format"),
        ("JPEG 2000", picture("JPEG2000"), "format"),
        ("TGA", picture("TGA"), "format"),
        ("PCX", picture("PCX"), "format"),
        ("PPM", picture("PPM"), "format"),
        ("DDS", picture("DDS"), "format"),
        ("AVIF", picture("AVIF"), "format"),
        ("ZIP", b"PK\x03\x04" + b"\0" * 40, "format"),
        ("ELF", b"\x7fELF" + b"\0" * 60, "format"),
        ("MP4", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "format"),
        ("WAV", b"RIFF\x24\0\0\0WAVEfmt ", "format"),
    ]


def _broken() -> list[tuple[str, bytes, str]]:
    """What begins as a photo and is none, or no longer a whole one."""
    jpeg, png, webp, heif = (picture(kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF"))
    damaged = bytearray(png)
    damaged[60:90] = b"\0" * 30
    return [
        ("GIF behind a JPEG's mark", _gif_as(b"\xff\xd8\xff"), "broken"),
        ("GIF behind a PNG's mark", _gif_as(b"\x89PNG\r\n\x1a\n"), "broken"),
        ("script behind a JPEG's mark", b"\xff\xd8\xff\xe0<script>alert(1)</script>", "broken"),
        ("JPEG's mark alone", b"\xff\xd8\xff", "broken"),
        ("WebP's mark alone", b"RIFF\x10\0\0\0WEBPVP8 ", "broken"),
        ("HEIC's mark alone", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "broken"),
        ("JPEG cut at half", jpeg[: len(jpeg) // 2], "broken"),
        ("JPEG with a place, cut", picture("JPEG", exif=exif())[:1200], "broken"),
        ("PNG cut at half", png[: len(png) // 2], "broken"),
        ("WebP cut at half", webp[: len(webp) // 2], "broken"),
        ("HEIC cut at half", heif[: len(heif) // 2], "broken"),
        ("PNG with a hole", bytes(damaged), "broken"),
        ("PNG without pixels", png_claiming(4000, 4000), "broken"),
        ("PNG of no width", png_claiming(0, 100), "broken"),
    ]


def _claiming() -> list[tuple[str, bytes, str]]:
    """What says that it is larger than anything that is opened."""
    return [
        ("PNG of 2³¹ columns", png_claiming(2**31 - 1, 2**31 - 1), "pixels"),
        ("PNG of 51 megapixels", png_claiming(10_000, 5_100), "pixels"),
        ("PNG far too narrow", png_claiming(20_000, 3), "shape"),
        ("JPEG of 65500 × 65500", _jpeg_claiming(65_500, 65_500), "pixels"),
        ("13 MB", picture("JPEG") + b"\0" * (12 * 1024 * 1024), "bytes"),
    ]


def _jpeg_claiming(width: int, height: int) -> bytes:
    """A good JPEG whose frame header says another size."""
    jpeg = bytearray(picture("JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(jpeg)


def opened_heif_size(sent: bytes) -> tuple[int, int]:
    """The size in which the HEIF decoder shows the picture, turned as its own instructions say."""
    return Image.open(io.BytesIO(sent)).size
