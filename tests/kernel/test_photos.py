"""Photos from outside (T-20 to T-28 as far as they are about this module): pixels stay, nothing else."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from PIL import Image

from geoportal.kernel import photo_child, photos
from geoportal.kernel.photos import PhotoRefused, sanitise, store
from tests.kernel import pictures

REFUSED = pictures.refused()
KINDS = ("JPEG", "PNG", "WEBP", "HEIF")


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_every_listed_format_becomes_two_jpegs(kind: str) -> None:
    done = sanitise(pictures.picture(kind, size=(2400, 1800)))
    assert (done.width, done.height) == (1600, 1200)
    assert {name: (opened(body).format, opened(body).size) for name, body in done.sizes.items()} == {
        "large": ("JPEG", (1600, 1200)),
        "small": ("JPEG", (480, 360)),
    }


def test_small_pictures_are_not_blown_up() -> None:
    done = sanitise(pictures.picture("PNG", size=(30, 20)))
    assert {opened(body).size for body in done.sizes.values()} == {(30, 20)}


def test_a_file_object_is_read_no_further_than_the_limit() -> None:
    class Endless:
        asked = 0

        def read(self, size: int, /) -> bytes:
            self.asked += size
            return b"\xff\xd8\xff" + b"\0" * (size - 3)

    source = Endless()
    with pytest.raises(PhotoRefused) as refused:
        sanitise(source)
    assert refused.value.code == "bytes"
    assert source.asked == photos.MOST_BYTES + 1


@pytest.mark.parametrize(
    ("name", "sent", "code"), pictures.refused(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_t20_others_are_refused_and_the_remedy_is_named(name: str, sent: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        sanitise(sent)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert len(refused.value.messages[0]) > 20


@pytest.mark.parametrize("kind", KINDS)
def test_t21_t22_nothing_of_the_file_but_its_pixels_is_stored(kind: str, tmp_path: Path) -> None:
    sent = pictures.secretive(kind)
    done = sanitise(sent)
    store(tmp_path / "one", done.sizes)
    for path in (tmp_path / "one").iterdir():
        body = path.read_bytes()
        for secret in pictures.SECRETS:
            assert secret not in body
        image = opened(body)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        # Only the segments that a picture needs: no APP1 to APP15, no comment.
        assert {marker for marker, _data in image.applist} == {"APP0"}  # type: ignore[attr-defined]
        metadata = pictures.exif()
        runs = {metadata[at : at + 16] for at in range(len(metadata) - 16)}
        assert not [run for run in runs if len(set(run)) > 4 and run in body]


def test_the_phone_knows_the_same_limits():
    script = (Path(settings.BASE_DIR) / "static/js/photo_kind.js").read_text()
    assert f"MOST_PIXELS = {photos.MOST_PIXELS:_};" in script
    assert f"MOST_BYTES = {photos.MOST_BYTES // 1024**2} * 1024 * 1024;" in script


def test_t23_damaged_with_a_place_is_refused_not_kept_as_it_is() -> None:
    sent = pictures.picture("JPEG", size=(1000, 800), exif=pictures.exif())
    with pytest.raises(PhotoRefused):
        sanitise(sent[: len(sent) * 2 // 3])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_the_camera_is_followed(orientation: int) -> None:
    """The white corner lies at the top left of the scene; the sensor saw it turned."""
    back = {2: 0, 3: 1, 4: 2, 5: 3, 6: 4, 7: 5, 8: 6}
    turns = [
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.ROTATE_180,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_270,
    ]
    seen = pictures.scene()
    if orientation in back:
        seen = seen.transpose(turns[back[orientation]])
    out = io.BytesIO()
    seen.save(out, "JPEG", quality=95, exif=pictures.exif(orientation))
    done = sanitise(out.getvalue())
    assert (done.width, done.height) == (640, 480)
    picture = opened(done.sizes["large"])
    assert min(picture.getpixel((20, 20))) > 240  # type: ignore[type-var, arg-type]
    assert picture.getpixel((620, 460))[2] > 180  # type: ignore[index]


def test_heic_is_not_turned_twice() -> None:
    done = sanitise(pictures.picture("HEIF", exif=pictures.exif(6)))
    again = pictures.opened_heif_size(pictures.picture("HEIF", exif=pictures.exif(6)))
    assert (done.width, done.height) == again


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")] + [("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")],
)
def test_every_mode_of_colour_becomes_rgb(kind: str, mode: str) -> None:
    done = sanitise(pictures.picture(kind, mode=mode))
    assert opened(done.sizes["large"]).mode == "RGB"


def test_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(sanitise(out.getvalue()).sizes["small"]).getpixel((25, 25)) == (255, 255, 255)


def test_t25_bombs_are_refused() -> None:
    for bomb, codes in (
        (pictures.png_bomb(), {"pixels"}),
        (pictures.text_bomb(), {"broken"}),
        (pictures.profile_bomb(), {"broken"}),
    ):
        assert len(bomb) < 500_000
        with pytest.raises(PhotoRefused) as refused:
            sanitise(bomb)
        assert refused.value.code in codes


def test_t26_mutated_files_are_refused_or_sound() -> None:
    """Bytes of good files overwritten at fixed places: never another exception than PhotoRefused."""
    outcomes = {"kept": 0, "refused": 0}
    for kind in KINDS:
        good = pictures.picture(kind, size=(120, 90))
        for step in range(1, 6):
            bad = bytearray(good)
            place = len(good) * step // 6
            bad[place : place + 4] = bytes((place * 7 + offset * 13) % 256 for offset in range(4))
            try:
                done = sanitise(bytes(bad))
            except PhotoRefused:
                outcomes["refused"] += 1
            else:
                outcomes["kept"] += 1
                assert opened(done.sizes["large"]).size == (done.width, done.height)
    assert sum(outcomes.values()) == 20
    assert outcomes["refused"] > 0


def _child_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    script = tmp_path / "child.py"
    script.write_text(body)
    monkeypatch.setattr(photo_child, "__file__", str(script))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "effort"),
        ("raise SystemExit(3)", "broken"),
        ("print('nonsense')", "broken"),
        ("print('[]')", "broken"),
        ("print('{}')", "broken"),
        ('print(\'{"refused": "unheard of"}\')', "broken"),
        ('print(\'{"refused": "pixels"}\')', "pixels"),
        ('print(\'{"width": 1, "height": 1, "sizes": [["large", 5], ["small", 5]]}\\n<scr<scr\', end="")', "broken"),
        ("import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass", "effort"),
    ],
)
def test_whatever_the_child_does_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, code: str) -> None:
    _child_is(monkeypatch, tmp_path, body)
    with pytest.raises(PhotoRefused) as refused:
        sanitise(pictures.picture())
    assert refused.value.code == code


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _child_is(monkeypatch, tmp_path, "import signal; signal.pause()")
    monkeypatch.setattr(photos, "WALL_SECONDS", 0.3)
    with pytest.raises(PhotoRefused) as refused:
        sanitise(pictures.picture())
    assert refused.value.code == "effort"


def test_when_all_places_are_taken_the_next_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "WALL_SECONDS", 0.05)
    with photos._places, photos._places, pytest.raises(PhotoRefused) as refused:
        sanitise(pictures.picture())
    assert (refused.value.code, refused.value.status) == ("busy", 503)


def test_the_child_is_bounded_and_knows_nothing_of_us(tmp_path: Path) -> None:
    probe = (
        "import resource, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import photo_child\n"
        "photo_child.limit(2**30, 10)\n"
        "limits = [resource.getrlimit(of)[0] for of in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]\n"
        "print(*limits, 'django' in sys.modules)\n"
        "try: bytearray(2**30)\n"
        "except MemoryError: print('no memory')\n"
        "try: open(sys.argv[2], 'wb', 0).write(b'x')\n"
        "except OSError: print('no file')\n"
    )
    command = [sys.executable, "-I", "-c", probe, str(Path(photo_child.__file__).parent), str(tmp_path / "file")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{2**30} 10 False", "no memory", "no file"]


def test_stored_whole_under_our_own_names(tmp_path: Path) -> None:
    folder = tmp_path / "media" / "abc"
    store(folder, {"large": b"one", "small": b"two"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"large.jpg": b"one", "small.jpg": b"two"}
    store(folder, {"large": b"three"})
    assert (folder / "large.jpg").read_bytes() == b"three"
    photos.discard(folder)
    photos.discard(folder)
    assert not folder.exists()


def test_bytes_are_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), real_fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, target: (order.append("name"), real_replace(self, target))[1])
    store(tmp_path / "one", {"large": b"x"})
    assert order == ["fsync", "name", "fsync", "fsync"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_f5_a_full_disk_is_507_and_leaves_nothing(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(PhotoRefused) as refused:
        store(tmp_path / "one", {"large": b"x", "small": b"y"})
    assert (refused.value.code, refused.value.status) == ("no_room", 507)
    assert list(tmp_path.iterdir()) == []


def test_a_reserve_stays_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.shutil, "disk_usage", lambda _path: _Usage(100, 91, 9))
    with pytest.raises(PhotoRefused):
        store(tmp_path / "one", {"large": b"x"})
