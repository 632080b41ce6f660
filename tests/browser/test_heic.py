"""What stands beside the picture of a HEIC is blanked where the file tells it; a crafted file costs nothing and is not destroyed."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
SECRET = b"SECRET-PLACE-471"
BLANKED = """async (bytes) => {
  const { asides, blanked } = await import("/static/js/heic.js");
  const whole = new Uint8Array(bytes);
  const found = asides(new DataView(whole.buffer)).length;
  const left = await blanked(new File([whole], "a.heic"));
  return [found, left && [...new Uint8Array(await left.arrayBuffer())]];
}"""


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def crafted(locations: Callable[[int], bytes], *, more: bytes = b"", sizes: int = 0x4400, items: int = 1) -> bytes:
    """A HEIC without a picture: EXIF items whose places `locations(offset of the secret)` says, in version 1 of the box `iloc`."""
    head = box(b"ftyp", b"heic\0\0\0\0heic")
    entries = [box(b"infe", b"\x02\0\0\0", struct.pack(">HH", each + 1, 0), b"Exif\0") for each in range(items)]
    described = box(b"iinf", b"\0\0\0\0", struct.pack(">H", items), *entries)

    def meta(offset: int) -> bytes:
        located = box(b"iloc", b"\x01\0\0\0", struct.pack(">HH", sizes, items), locations(offset))
        return box(b"meta", b"\0\0\0\0", described, located, more)

    return head + meta(len(head) + len(meta(0))) + SECRET


def item(method: int, offset: int, length: int) -> bytes:
    """One item with one extent, its offset and length of four bytes."""
    return struct.pack(">HHHH", 1, method, 0, 1) + struct.pack(">II", offset, length)


def test_what_stands_in_the_file_or_in_its_own_box_is_blanked(open_page: Open) -> None:
    page = open_page("/about/")
    plain = crafted(lambda offset: item(0, offset, len(SECRET)))
    assert page.evaluate(BLANKED, list(plain)) == [1, list(plain.replace(SECRET, bytes(len(SECRET))))]
    boxed = crafted(lambda _offset: item(1, 4, 6), more=box(b"idat", b"1234SECRET5678"))
    assert page.evaluate(BLANKED, list(boxed)) == [1, list(boxed.replace(b"SECRET5678", bytes(6) + b"5678"))]


@pytest.mark.parametrize(
    "locations",
    [lambda _offset: item(2, 0, 8), lambda offset: item(0, offset, 0), lambda _offset: item(1, 0, 8)],
    ids=["another item's bytes", "to the end", "a box that is missing"],
)
def test_a_file_that_does_not_tell_where_stays_as_it_is(locations: Callable[[int], bytes], open_page: Open) -> None:
    assert open_page("/about/").evaluate(BLANKED, list(crafted(locations))) == [1, None]


def test_extents_without_bytes_are_not_counted_one_by_one(open_page: Open) -> None:
    many = 200
    said = b"".join(struct.pack(">HHHH", each + 1, 0, 0, 65535) for each in range(many))
    bomb = crafted(lambda _offset: said, sizes=0, items=many)
    assert open_page("/about/").evaluate(BLANKED, list(bomb)) == [many, None]
