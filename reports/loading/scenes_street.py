"""Sample photos of streets: surfaces, lamps, parking, water and snow."""

from __future__ import annotations

import math

from reports.loading.canvas import Canvas, Colour

WALLS: tuple[Colour, ...] = ((201, 186, 158), (188, 178, 164), (206, 196, 176), (176, 164, 150), (194, 170, 148))
ASPHALT: Colour = (112, 113, 112)
SLAB: Colour = (168, 165, 156)


def street(seed: str, *, horizon: float = 0.36, road: Colour = ASPHALT, wet: bool = False, shift: float = 0) -> Canvas:
    """An ordinary street by day: houses far off, trees, a lane and two pavements."""
    c = Canvas(seed, horizon=horizon, shift=shift)
    c.sky((150, 178, 204), (222, 228, 226)) if not wet else c.sky((138, 146, 152), (196, 200, 200))
    c.ground((126, 138, 104))
    c.blocks(46, WALLS)
    for x in (-13, -9.5, 10.5, 14):
        c.tree(x, 30 + abs(x), 7, (86, 116, 66))
    c.haze((214, 220, 220), 70)
    c.strip(-5.4, 5.4, SLAB, grain=9)
    c.strip(-3.4, 3.4, road, grain=11)
    for side in (-3.4, 3.4):
        c.strip(side - 0.09, side + 0.09, (196, 194, 186))
    return c


def crater(c: Canvas, x: float, away: float, wide: float, deep: float, inside: Colour = (58, 56, 53)) -> None:
    """A hole in the surface: rim, crumbs, wall and bottom."""

    def ring(scale: float, drop: float, colour: Colour, rough: float) -> None:
        points = []
        for step in range(26):
            angle = step / 26 * math.tau
            reach = scale * (1 + c.random.uniform(-rough, rough))
            points.append(c.at(x + math.cos(angle) * wide / 2 * reach, -drop, away + math.sin(angle) * deep / 2 * reach))
        c.draw.polygon(points, fill=colour)
        c.texture(points, 12)

    ring(1.16, 0, (134, 131, 125), 0.1)
    ring(1.0, 0.0, (84, 82, 79), 0.12)
    ring(0.86, 0.05, inside, 0.12)
    ring(0.5, 0.07, (44, 43, 41), 0.2)
    for _number in range(46):
        angle, reach = c.random.uniform(0, math.tau), c.random.uniform(0.9, 1.55)
        c.blob(x + math.cos(angle) * wide / 2 * reach, 0.01, away + math.sin(angle) * deep / 2 * reach,
               c.random.uniform(0.008, 0.026), c.jitter((126, 122, 116), 22))  # fmt: skip


def pothole(seed: str) -> bytes:
    c = street(seed, horizon=0.24)
    for away in (7.0, 11.0, 15.0, 19.0):
        c.plane([(-0.07, 0, away), (0.07, 0, away), (0.07, 0, away + 2), (-0.07, 0, away + 2)], (214, 212, 204))
    crater(c, c.random.uniform(-0.35, 0.35), 3.5, 1.25, 1.1)
    for start in (-1.5, -0.9, 1.2):
        x, away = start, 2.7
        for _number in range(9):
            to = x + c.random.uniform(-0.16, 0.16), away + c.random.uniform(0.15, 0.4)
            c.bar((x, 0, away), (to[0], 0, to[1]), 0.014, (80, 80, 79))
            x, away = to
    return c.jpeg()


def patched(seed: str) -> bytes:
    c = street(seed, horizon=0.24)
    for away in (7.0, 11.0, 15.0, 19.0):
        c.plane([(-0.07, 0, away), (0.07, 0, away), (0.07, 0, away + 2), (-0.07, 0, away + 2)], (214, 212, 204))
    c.plane([(-0.95, 0, 2.75), (1.0, 0, 2.7), (0.98, 0, 4.6), (-0.9, 0, 4.55)], (52, 53, 54), grain=13)
    c.plane([(-0.85, 0, 2.85), (0.9, 0, 2.8), (0.89, 0, 4.5), (-0.82, 0, 4.45)], (62, 63, 64), grain=13)
    return c.jpeg()


def pavement(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.16)
    c.sky((168, 190, 206), (214, 220, 216))
    c.ground((112, 128, 86))
    c.blocks(20, WALLS)
    c.haze((206, 212, 208), 60)
    c.grass([(-9, 0, 1.6), (-2.4, 0, 1.6), (-2.4, 0, 14), (-9, 0, 14)])
    c.strip(2.6, 9, ASPHALT, far=18, grain=11)
    c.slabs(-2.3, 2.2, 0.5, SLAB, far=18)
    c.strip(2.25, 2.6, (186, 184, 178), far=18, grain=6)
    crater(c, 0.15, 3.1, 1.15, 0.85, (66, 58, 48))
    for x, away, turn in ((-0.75, 2.75, 0.2), (0.95, 3.7, -0.25), (-0.5, 3.95, 0.3)):
        tilt = [
            (x, 0.02, away),
            (x + 0.48, 0.09, away + turn * 0.5),
            (x + 0.42, 0.12, away + 0.5),
            (x - 0.06, 0.04, away + 0.46),
        ]
        c.plane(tilt, c.jitter((178, 175, 166), 6), grain=8)
    return c.jpeg()


def mud(seed: str) -> bytes:
    c = street(seed, horizon=0.3, wet=True)
    for track in (-1.5, -0.2, 1.3):
        for away in range(2, 24):
            wide = c.random.uniform(0.35, 0.75)
            left, right = c.at(track - wide, 0, away * 1.0 + 1), c.at(track + wide, 0, away)
            c.soft([left, right], (116, 88, 58), blur=7, alpha=170, round_=True)
    for _number in range(70):
        c.blob(
            c.random.uniform(-2.6, 2.6),
            0.02,
            c.random.uniform(2.2, 9),
            c.random.uniform(0.02, 0.07),
            c.jitter((92, 68, 44), 12),
        )
    c.box(-5.6, 9, (0.1, 2.1, 20), (178, 172, 150))
    return c.jpeg()


def road(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.4)
    c.sky((146, 176, 206), (220, 226, 222))
    hills(c)
    c.ground((118, 132, 76))
    c.haze((206, 216, 216), 80)
    c.strip(-2.8, 2.6, ASPHALT, grain=11)
    for edge in (-2.7, 2.5):
        c.strip(edge - 0.05, edge + 0.05, (214, 212, 204))
    washed = [(2.7, 0, 3), (1.9, 0, 4.2), (2.0, 0, 5.6), (1.5, 0, 7), (2.1, 0, 9), (2.6, 0, 11), (5, 0, 11), (5, 0, 3)]
    c.plane(washed, (132, 106, 74), grain=18)
    c.plane(
        [(2.7, -0.3, 3.4), (2.2, -0.3, 4.6), (2.3, -0.3, 7), (2.6, -0.3, 9), (5, -0.5, 9), (5, -0.5, 3.4)],
        (96, 76, 52),
        grain=16,
    )
    for away in (4.6, 7, 9.6):
        cone(c, 1.35, away)
    return c.jpeg()


def cone(c: Canvas, x: float, away: float) -> None:
    c.shadow(x, away, 0.5, 0.4)
    c.plane([(x - 0.16, 0, away), (x + 0.16, 0, away), (x + 0.03, 0.6, away), (x - 0.03, 0.6, away)], (214, 92, 34))
    c.plane([(x - 0.12, 0.2, away), (x + 0.12, 0.2, away), (x + 0.085, 0.36, away), (x - 0.085, 0.36, away)], (236, 232, 224))


def hills(c: Canvas) -> None:
    """Two ridges behind everything."""
    for level, colour in ((120, (132, 150, 158)), (58, (112, 136, 116))):
        points = [(0.0, c.horizon)]
        for step in range(13):
            points.append((step * 100, c.horizon - level * (0.5 + c.random.random() * 0.7)))
        c.draw.polygon([*points, (1200, c.horizon)], fill=colour)


def flood(seed: str) -> bytes:
    c = street(seed, horizon=0.34, wet=True)
    c.strip(-3.3, 3.3, (84, 86, 86), grain=9)
    for away, wide in ((3.4, 2.6), (5.5, 3.4), (8.5, 3.0)):
        left, right = c.at(-wide, 0, away + 1.6), c.at(wide, 0, away - 1.2)
        c.soft([left, right], (128, 140, 146), blur=16, alpha=225, round_=True)
        c.soft(
            [(left[0] + 90, left[1] + 10), (right[0] - 120, right[1] - 40)], (186, 196, 200), blur=22, alpha=150, round_=True
        )
    for _number in range(46):
        x, away = c.random.uniform(-2.2, 2.2), c.random.uniform(2.6, 9)
        cx, cy = c.at(x, 0, away)
        r = 46 / away
        c.draw.arc((cx - r * 1.8, cy - r * 0.6, cx + r * 1.8, cy + r * 0.6), 0, 360, fill=(164, 175, 180), width=2)
    c.box(-3.1, 5, (0.6, 0.02, 0.5), (58, 58, 58))
    return c.jpeg(dark=0.94)


def snow(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.36)
    c.sky((176, 188, 200), (226, 230, 232))
    hills(c)
    c.ground((226, 231, 236), grain=7)
    for x in (-9, -6.5, 7.5, 11):
        c.tree(x, 18 + abs(x), 7, (96, 108, 100))
    c.haze((224, 228, 232), 90)
    c.strip(-2.4, 2.2, (176, 184, 192), grain=10)
    for track in (-1.1, 0.9):
        c.strip(track - 0.22, track + 0.22, (138, 146, 152), grain=10)
    for away in (3.2, 4.6, 6.6):
        left, right = c.at(-1.7, 0, away + 0.8), c.at(1.5, 0, away - 0.5)
        c.soft([left, right], (206, 220, 232), blur=14, alpha=170, round_=True)
    return c.jpeg()


def night(seed: str, *, lit: float = 0.2) -> Canvas:
    """A street after dark."""
    c = Canvas(seed, horizon=0.5)
    c.sky((34, 42, 68), (112, 108, 128))
    c.ground((50, 54, 52), grain=6)
    c.blocks(62, ((82, 82, 96), (90, 86, 96), (76, 78, 92)), lit=lit)
    for x in (-15, -11, 12, 17):
        c.tree(x, 34, 7, (44, 56, 50))
    c.haze((70, 70, 92), 50)
    c.strip(-5.4, 5.4, (86, 86, 94), grain=5)
    c.strip(-3.3, 3.3, (64, 65, 72), grain=6)
    for side in (-3.3, 3.3):
        c.strip(side - 0.08, side + 0.08, (112, 112, 118))
    return c


def post(c: Canvas, x: float, away: float, colour: Colour = (24, 26, 32)) -> None:
    c.bar((x, 0, away), (x, 5.6, away), 0.13, colour)
    reach = -1.4 if x > 0 else 1.4
    c.bar((x, 5.6, away), (x + reach, 5.85, away), 0.09, colour)
    c.box(x + reach, away, (0.66, 0.13, 0.3), colour, up=5.78)


def glow(c: Canvas, x: float, up: float, away: float, wide: float) -> None:
    """A lamp that is on, and its light on the street."""
    cx, cy = c.at(x, up, away)
    c.soft([(cx - wide, cy - wide), (cx + wide, cy + wide)], (246, 206, 130), blur=wide * 0.45, alpha=170, round_=True)
    c.soft([(cx - 9, cy - 6), (cx + 9, cy + 6)], (255, 240, 206), blur=3, alpha=255, round_=True)
    left, right = c.at(x - 3.5, 0, away + 5), c.at(x + 3, 0, away - 4)
    c.soft([left, right], (196, 166, 112), blur=18, alpha=110, round_=True)


def lamp(seed: str) -> bytes:
    c = night(seed, lit=0.25)
    post(c, 4.3, 34)
    glow(c, 2.9, 5.8, 34, 60)
    post(c, -4.3, 21)
    post(c, 4.3, 13)
    return c.jpeg()


def lamp_far(seed: str) -> bytes:
    c = night(seed, lit=0.12)
    for away in (13, 19, 27):
        post(c, -4.2, away)
    for side in (-3.6, 3.6):
        c.bar((side, 1.0, 7), (side, 1.0, 24), 0.07, (30, 32, 38))
        for away in (7, 9, 12, 16, 24):
            c.bar((side, 0, away), (side, 1.0, away), 0.05, (30, 32, 38))
    post(c, 4.4, 44)
    glow(c, 3.0, 5.8, 44, 46)
    return c.jpeg()


def parking(seed: str) -> bytes:
    c = street(seed, horizon=0.36, shift=2.6)
    c.slabs(3.5, 6.2, 0.5, SLAB, near=2.2, far=24)
    c.box(7.6, 6, (0.2, 2.4, 26), (196, 178, 150), grain=6)
    for away, colour in ((19.0, (150, 32, 34)), (13.0, (208, 208, 204)), (7.2, (52, 76, 112))):
        c.car(4.3, away, colour)
    c.bar((3.1, 0, 5), (3.1, 2.3, 5), 0.06, (150, 152, 152))
    c.blob(3.1, 2.3, 5, 0.3, (196, 42, 40))
    c.blob(3.1, 2.3, 5, 0.22, (38, 76, 150))
    return c.jpeg()


def wreck(seed: str) -> bytes:
    c = street(seed, horizon=0.38)
    c.grass([(-7, 0, 2.4), (6, 0, 2.4), (6, 0, 9), (-7, 0, 9)], (112, 124, 74))
    c.car(-0.2, 4.6, (126, 112, 96))
    for _number in range(60):
        c.blob(
            c.random.uniform(-1.0, 0.6),
            c.random.uniform(0.34, 0.9),
            4.58,
            c.random.uniform(0.012, 0.06),
            c.jitter((118, 66, 36), 18),
        )
    for x in (-1.2, 0.9, 1.4):
        c.crown(x, 0.2, 4.3, 0.3, (92, 112, 56), leaves=60)
    return c.jpeg()


def bike_path(seed: str) -> bytes:
    c = street(seed, horizon=0.4)
    c.ground((122, 136, 90))
    c.strip(-1.5, 1.4, (150, 88, 74), far=14, grain=9)
    c.strip(-0.05, 0.05, (226, 222, 214), far=13.5)
    c.grass([(-9, 0, 14), (9, 0, 14), (9, 0, 26), (-9, 0, 26)], (116, 126, 76), blades=200)
    c.plane([(-1.5, 0, 12.6), (1.4, 0, 12.6), (1.4, 0, 14), (-1.5, 0, 14)], (138, 122, 96), grain=16)
    for x in (-1.2, 0, 1.1):
        c.bar((x, 0, 13.4), (x, 0.9, 13.4), 0.08, (196, 60, 40))
    c.bar((-1.3, 0.75, 13.4), (1.2, 0.75, 13.4), 0.12, (232, 228, 220))
    for x in (-3.2, 3.4):
        c.tree(x, 9, 4.6)
    return c.jpeg()
