"""The process that opens a stranger's picture: bounded, without Django, database, environment or files.

Bytes come in on stdin; one JSON line and the finished JPEGs go out on stdout. Run only by `photos.sanitise`, with
{"sizes": {name: longest edge}, "most_pixels": …, "memory": bytes, "seconds": CPU seconds, "boxes": what to cover} as its one argument.
Every size is encoded anew from raw pixels, so nothing of the file's metadata, tail or hidden parts survives.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from typing import Any

# Which picture formats a file may begin with; anything else is never handed to a decoder.
QUALITY = 82
ORIENTATION = 0x0112


class Refused(Exception):
    """args[0]: the code that `photos` has a sentence for."""


def limit(memory: int, seconds: int) -> None:
    """Address space, CPU time, no files, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def format_of(head: bytes) -> str:
    """The one format that the first bytes name; Refused("format") for every other."""
    if head[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
        return "HEIF"
    raise Refused("format")


def opened(data: bytes, most_pixels: int) -> Any:
    """The picture with its header read and its size accepted; no pixel is decoded yet."""
    kind = format_of(data[:16])
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = most_pixels
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    picture = Image.open(io.BytesIO(data), formats=(kind,))
    width, height = picture.size
    if width * height > most_pixels:
        raise Refused("pixels")
    if min(width, height) < 1 or max(width, height) > 40 * min(width, height):
        raise Refused("shape")
    return picture


def fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """`size` scaled down so that its longer edge is at most `edge`."""
    factor = min(1.0, edge / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def upright(picture: Any, orientation: int) -> Any:
    """Turned as the camera was held (EXIF orientation 1 to 8); the HEIF decoder has turned already."""
    from PIL.Image import Transpose as T

    turn = {
        2: T.FLIP_LEFT_RIGHT,
        3: T.ROTATE_180,
        4: T.FLIP_TOP_BOTTOM,
        5: T.TRANSPOSE,
        6: T.ROTATE_270,
        7: T.TRANSVERSE,
        8: T.ROTATE_90,
    }.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def coloured(picture: Any, profile: bytes | None) -> Any:
    """RGB on white, in sRGB where the file's colour profile can be followed."""
    from PIL import Image, ImageCms

    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # an unusable profile: the plain numbers are near enough
    return picture.convert("RGB")


def covered(picture: Any, boxes: list[list[int]]) -> Any:
    """Black over each [left, top, width, height] in percent of the picture; what lay below is gone."""
    from PIL import ImageDraw

    drawing = ImageDraw.Draw(picture)
    across, down = picture.width / 100, picture.height / 100
    for left, top, width, height in boxes:
        right, bottom = (left + width) * across, (top + height) * down
        drawing.rectangle((int(left * across), int(top * down), int(right + 0.999), int(bottom + 0.999)), fill="black")
    return picture


def encoded(picture: Any) -> bytes:
    """A JPEG of the bare pixels."""
    from PIL import Image

    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, progressive=True, subsampling="4:2:0")
    return out.getvalue()


def sanitised(
    data: bytes, sizes: dict[str, int], most_pixels: int, boxes: list[list[int]] | None = None
) -> tuple[dict[str, Any], list[bytes]]:
    """The answer's head and the JPEGs in the order of `sizes`, largest first."""
    from PIL.Image import Resampling

    picture = opened(data, most_pixels)
    orientation = 1 if picture.format == "HEIF" else int(picture.getexif().get(ORIENTATION, 1))
    profile = picture.info.get("icc_profile")
    largest = max(sizes.values())
    # The JPEG decoder scales by eighths while decoding, when the target keeps the picture's own aspect.
    picture.draft(None, fitted(picture.size, largest))
    picture.load()
    picture.thumbnail(fitted(picture.size, largest), Resampling.BICUBIC, reducing_gap=3.0)
    picture = covered(upright(coloured(picture, profile), orientation), boxes or [])
    width, height = picture.size
    head: dict[str, Any] = {"width": width, "height": height, "sizes": []}
    bodies: list[bytes] = []
    for name, edge in sorted(sizes.items(), key=lambda item: -item[1]):
        picture.thumbnail(fitted(picture.size, edge), Resampling.BICUBIC, reducing_gap=3.0)
        bodies.append(encoded(picture))
        head["sizes"].append([name, len(bodies[-1])])
    return head, bodies


def answer_to(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """As `sanitised`; whatever a decoder throws at us becomes a refusal."""
    try:
        return sanitised(data, order["sizes"], order["most_pixels"], order.get("boxes"))
    except Refused as refused:
        return {"refused": refused.args[0]}, []
    except MemoryError:
        return {"refused": "pixels"}, []
    except Exception as failed:  # Pillow raises SyntaxError, IndexError and struct.error too
        bomb = type(failed).__name__ in ("DecompressionBombError", "DecompressionBombWarning")
        return {"refused": "pixels" if bomb else "broken"}, []


def main() -> None:
    order = json.loads(sys.argv[1])
    limit(order["memory"], order["seconds"])
    warnings.simplefilter("error")
    head, bodies = answer_to(sys.stdin.buffer.read(), order)
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for body in bodies:
        out.write(body)
    out.flush()


if __name__ == "__main__":
    main()
