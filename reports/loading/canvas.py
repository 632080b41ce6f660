"""A small camera for drawn sample photos: a street in metres, seen from eye height, with light, texture and grain."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
Colour = tuple[int, int, int]
XY = tuple[float, float]
XYZ = tuple[float, float, float]


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above it."""
    if factor <= 1:
        return tuple(int(part * factor) for part in colour)  # type: ignore[return-value]
    return tuple(int(part + (255 - part) * (factor - 1)) for part in colour)  # type: ignore[return-value]


@lru_cache(maxsize=8)
def _corners(dark: float) -> Image.Image:
    """What a lens keeps of the light: all in the middle, less towards the corners."""
    y, x = np.ogrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    fall = Image.fromarray(((1 - 0.1 * (x * x + y * y)) * dark * 255).astype("uint8"))
    return Image.merge("RGB", (fall, fall, fall))


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    """Of a sensor in ordinary light."""
    values = np.random.default_rng(7).normal(128, 3.2, (HEIGHT, WIDTH)).astype("uint8")
    return Image.merge("RGB", [Image.fromarray(values)] * 3)


class Canvas:
    """Metres right of the camera, up from the ground and away from it become pixels.

    `horizon` is the share of the picture above the horizon, `eye` the camera's height in metres, `focal` its length in
    pixels, `shift` how far right of the street's middle it stands. The same seed draws the same picture.
    """

    def __init__(self, seed: str, *, horizon: float = 0.42, eye: float = 1.6, focal: float = 1000, shift: float = 0) -> None:
        self.random = random.Random(seed)  # noqa: S311  a drawing, not a secret
        self.noise = np.random.default_rng(self.random.randrange(2**32))
        self.horizon, self.eye, self.focal, self.shift = horizon * HEIGHT, eye, focal, shift
        self.image = Image.new("RGB", (WIDTH, HEIGHT), (200, 205, 205))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, x: float, up: float, away: float) -> XY:
        """The pixel of a place."""
        away = max(away, 0.3)
        return WIDTH / 2 + self.focal * (x - self.shift) / away, self.horizon + self.focal * (self.eye - up) / away

    def jitter(self, colour: Colour, amount: int) -> Colour:
        by = self.random.randint(-amount, amount)
        return tuple(max(0, min(255, part + by)) for part in colour)  # type: ignore[return-value]

    # surfaces
    def sky(self, top: Colour, bottom: Colour, until: float | None = None) -> None:
        """A gradient from the top down to the horizon, with a few soft clouds of its own colours."""
        until = until if until is not None else self.horizon
        steps = np.linspace(0, 1, int(until) + 1)[:, None, None]
        rows = np.array(top)[None, None, :] * (1 - steps) + np.array(bottom)[None, None, :] * steps
        cloud = self.noise.random((5, 9))
        veil = Image.fromarray((cloud * 255).astype("uint8")).resize((WIDTH, len(rows)), Image.Resampling.BICUBIC)
        light = (np.asarray(veil, dtype="float32")[:, :, None] / 255 - 0.5) * 16
        self.image.paste(Image.fromarray(np.clip(rows + light, 0, 255).astype("uint8")), (0, 0))

    def ground(self, colour: Colour, *, grain: int = 14) -> None:
        """Everything below the horizon."""
        self.draw.rectangle((0, self.horizon, WIDTH, HEIGHT), fill=colour)
        self.texture([(0, self.horizon), (WIDTH, self.horizon), (WIDTH, HEIGHT), (0, HEIGHT)], grain)

    def plane(self, corners: Iterable[XYZ], colour: Colour, *, grain: int = 0) -> None:
        points = [self.at(*corner) for corner in corners]
        self.draw.polygon(points, fill=colour)
        if grain:
            self.texture(points, grain)

    def strip(self, left: float, right: float, colour: Colour, *, near: float = 1.2, far: float = 90, grain: int = 0) -> None:
        """A lane of the ground that runs away from the camera."""
        self.plane([(left, 0, near), (right, 0, near), (right, 0, far), (left, 0, far)], colour, grain=grain)

    def texture(self, points: Sequence[XY], amount: int, *, cell: int = 3) -> None:
        """Uneven light over a polygon: fine grain and broad patches."""
        box = self._box(points, 0)
        if box is None:
            return
        width, height = box[2] - box[0], box[3] - box[1]
        if width * height < 400:
            return
        fine = self._noise((width // cell + 1, height // cell + 1), amount, (width, height), Image.Resampling.BILINEAR)
        broad = self._noise((width // 90 + 2, height // 90 + 2), amount * 0.3, (width, height), Image.Resampling.BICUBIC)
        light = ImageChops.add(fine, broad, 1, -128)
        lit = ImageChops.add(self.image.crop(box), Image.merge("RGB", (light, light, light)), 1, -128)
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in points], fill=255)
        self.image.paste(lit, box[:2], mask)

    def _noise(self, cells: tuple[int, int], amount: float, size: tuple[int, int], how: Image.Resampling) -> Image.Image:
        """Light and dark around 128, one value a cell, spread over `size` pixels."""
        values = np.clip(self.noise.normal(128, amount, (cells[1], cells[0])), 0, 255).astype("uint8")
        return Image.fromarray(values).resize(size, how)

    def _box(self, points: Sequence[XY], margin: float) -> tuple[int, int, int, int] | None:
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        box = (
            max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin)),
            min(WIDTH, int(max(xs) + margin) + 1), min(HEIGHT, int(max(ys) + margin) + 1),
        )  # fmt: skip
        return box if box[2] > box[0] and box[3] > box[1] else None

    def soft(self, points: Sequence[XY], colour: Colour, *, blur: float = 8, alpha: int = 120, round_: bool = False) -> None:
        """A polygon (or the ellipse in the box of two points) with soft edges: shadow, glow, wet patch, smoke."""
        box = self._box(points, blur * 3)
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        scale = 4 if blur > 6 and min(size) > 16 else 1  # what is blurred anyway is drawn small
        mask = Image.new("L", (size[0] // scale, size[1] // scale), 0)
        moved = [((x - box[0]) / scale, (y - box[1]) / scale) for x, y in points]
        pen = ImageDraw.Draw(mask)
        if round_:
            pen.ellipse((*moved[0], *moved[1]), fill=alpha)
        else:
            pen.polygon(moved, fill=alpha)
        mask = mask.filter(ImageFilter.GaussianBlur(blur / scale)).resize(size, Image.Resampling.BILINEAR)
        self.image.paste(Image.new("RGB", size, colour), box[:2], mask)

    def shadow(self, x: float, away: float, wide: float, deep: float, *, alpha: int = 110) -> None:
        """On the ground under something."""
        (left, top), (right, bottom) = self.at(x - wide / 2, 0, away + deep / 2), self.at(x + wide / 2, 0, away - deep / 2)
        blur = max(3.0, (right - left) / 22)
        self.soft([(left, top), (right, bottom)], (18, 22, 20), blur=blur, alpha=alpha, round_=True)

    # things
    def box(self, x: float, away: float, size: XYZ, colour: Colour, *, up: float = 0, grain: int = 0) -> None:
        """A cuboid that stands at `x` (its middle) and `away` (its front); `size` is width, height, depth."""
        wide, high, deep = size
        left, right, back = x - wide / 2, x + wide / 2, away + deep
        if up + high < self.eye:
            top = [(left, up + high, away), (right, up + high, away), (right, up + high, back), (left, up + high, back)]
            self.plane(top, shade(colour, 1.18))
        side = left if left > self.shift else right if right < self.shift else None
        if side is not None:
            self.plane(
                [(side, up, away), (side, up + high, away), (side, up + high, back), (side, up, back)], shade(colour, 0.68)
            )
        front = [(left, up, away), (right, up, away), (right, up + high, away), (left, up + high, away)]
        self.plane(front, colour, grain=grain)

    def bar(self, start: XYZ, end: XYZ, thick: float, colour: Colour) -> None:
        """A rod of `thick` metres."""
        near = (start[2] + end[2]) / 2
        self.draw.line([self.at(*start), self.at(*end)], fill=colour, width=max(1, round(self.focal * thick / near)))

    def blob(self, x: float, up: float, away: float, radius: float, colour: Colour) -> None:
        cx, cy = self.at(x, up, away)
        r = self.focal * radius / away
        self.draw.ellipse((cx - r, cy - r * 0.86, cx + r, cy + r * 0.86), fill=colour)

    def crown(self, x: float, up: float, away: float, radius: float, colour: Colour, *, leaves: int = 140) -> None:
        """Leaves: dark below, light above."""
        for number in range(leaves):
            angle, reach = self.random.uniform(0, 6.283), radius * self.random.random() ** 0.5
            dx, dy = reach * np.cos(angle), reach * np.sin(angle) * 0.8
            light = 0.72 + 0.3 * number / leaves + 0.22 * dy / radius
            self.blob(x + dx, up + dy, away, radius * self.random.uniform(0.1, 0.24), self.jitter(shade(colour, light), 9))

    def tree(self, x: float, away: float, high: float, colour: Colour = (74, 112, 58)) -> None:
        self.shadow(x, away, high * 0.7, high * 0.3, alpha=80)
        self.bar((x, 0, away), (x + 0.1, high * 0.6, away), 0.28, (82, 66, 50))
        self.crown(x, high * 0.72, away, high * 0.36, colour)

    def grass(self, points: Sequence[XYZ], colour: Colour = (98, 128, 66), *, blades: int = 900) -> None:
        """A lawn: a plane and single blades that grow towards the camera."""
        self.plane(points, colour, grain=16)
        xs, zs = [point[0] for point in points], [point[2] for point in points]
        for _number in range(blades):
            away = min(zs) + (max(zs) - min(zs)) * self.random.random() ** 2.4
            x = self.random.uniform(min(xs), max(xs))
            lean = self.random.uniform(-0.04, 0.04)
            high = self.random.uniform(0.04, 0.11)
            self.bar((x, 0, away), (x + lean, high, away), 0.012, self.jitter(colour, 26))

    def blocks(self, away: float, colours: Sequence[Colour], *, lit: float = 0.0, left: float = -40, right: float = 40) -> None:
        """A row of apartment blocks with windows; `lit` is the share of lit ones."""
        x = left
        while x < right:
            wide, floors = self.random.uniform(9, 17), self.random.randint(3, 7)
            high, colour = floors * 2.9 + 1.2, self.random.choice(list(colours))
            self.box(x + wide / 2, away, (wide - 0.6, high, 10), colour, grain=5)
            for floor in range(floors):
                for place in range(int(wide // 2.6)):
                    self._window(x + 1.3 + place * 2.6, 1.4 + floor * 2.9, away, colour, lit)
            x += wide + self.random.uniform(0.2, 5)

    def _window(self, x: float, up: float, away: float, wall: Colour, lit: float) -> None:
        glass = (245, 205, 120) if self.random.random() < lit else self.jitter(shade(wall, 0.5), 10)
        frame = [(x - 0.1, up - 0.1), (x + 1.3, up - 0.1), (x + 1.3, up + 1.5), (x - 0.1, up + 1.5)]
        self.plane([(px, py, away) for px, py in frame], shade(wall, 1.3))
        pane = [(x, up), (x + 1.2, up), (x + 1.2, up + 1.4), (x, up + 1.4)]
        self.plane([(px, py, away) for px, py in pane], glass)

    def slabs(self, left: float, right: float, size: float, colour: Colour, *, near: float = 1.2, far: float = 26) -> None:
        """Paving of single slabs, each of its own tone, with dark joints."""
        self.strip(left, right, shade(colour, 0.72), near=near, far=far)
        away = near
        while away < far:
            x = left
            while x < right - 0.01:
                edge, gap = min(x + size, right), 0.012
                corners = [
                    (x + gap, 0, away + gap),
                    (edge - gap, 0, away + gap),
                    (edge - gap, 0, away + size),
                    (x + gap, 0, away + size),
                ]
                self.plane([(px, py, pz) for px, py, pz in corners], self.jitter(colour, 9))
                x += size
            away += size
        self.texture([self.at(left, 0, near), self.at(right, 0, near), self.at(right, 0, far), self.at(left, 0, far)], 9)

    def car(self, x: float, away: float, colour: Colour) -> None:
        """Seen from behind."""
        self.shadow(x, away + 1.6, 2.4, 3.6)
        for wheel in (-0.62, 0.62):
            self.box(x + wheel, away + 0.05, (0.24, 0.5, 0.5), (28, 28, 30))
        self.box(x, away, (1.72, 0.62, 3.6), colour, up=0.28)
        roof = [
            (x - 0.78, 0.88, away + 0.2),
            (x + 0.78, 0.88, away + 0.2),
            (x + 0.62, 1.42, away + 0.7),
            (x - 0.62, 1.42, away + 0.7),
        ]
        self.plane(roof, shade(colour, 0.9))
        glass = [
            (x - 0.66, 0.93, away + 0.2),
            (x + 0.66, 0.93, away + 0.2),
            (x + 0.54, 1.35, away + 0.6),
            (x - 0.54, 1.35, away + 0.6),
        ]
        self.plane(glass, (52, 62, 70))
        for light in (-0.7, 0.7):
            self.box(x + light, away - 0.01, (0.24, 0.2, 0.02), (150, 28, 26), up=0.6)
        self.box(x, away - 0.02, (0.52, 0.12, 0.02), (232, 232, 226), up=0.42)
        self.box(x, away - 0.02, (1.72, 0.12, 0.05), shade(colour, 0.55), up=0.26)

    def haze(self, colour: Colour, alpha: int = 90) -> None:
        """Air between the camera and what stands at the horizon, and a lens that is sharp in front; thinner higher up."""
        bottom = int(self.horizon + 26)
        far = self.image.crop((0, 0, WIDTH, bottom)).filter(ImageFilter.BoxBlur(1.8))
        rows = np.linspace(0.35, 1, bottom)[:, None] * np.ones((1, WIDTH)) * alpha
        veil = Image.composite(Image.new("RGB", far.size, colour), far, Image.fromarray(rows.astype("uint8")))
        self.image.paste(veil, (0, 0))

    def jpeg(self, *, dark: float = 1.0) -> bytes:
        """The finished picture: softened, with grain and darker corners, as a phone would take it."""
        picture = self.image.filter(ImageFilter.BoxBlur(0.75))
        picture = ImageChops.multiply(picture, _corners(dark))
        grain = ImageChops.offset(_grain(), self.random.randrange(WIDTH), self.random.randrange(HEIGHT))
        out = io.BytesIO()
        ImageChops.add(picture, grain, 1, -128).save(out, "JPEG", quality=84)
        return out.getvalue()


__all__ = ["Canvas", "Colour", "shade"]
