"""Sample photos of places: bins, benches, playgrounds, buildings, water and trails."""

from __future__ import annotations

import math

from reports.loading.canvas import Canvas, Colour, shade
from reports.loading.scenes_street import ASPHALT, SLAB, WALLS, hills, street


def yard(seed: str, *, horizon: float = 0.36) -> Canvas:
    """Between blocks: a wall of houses, trees, a lawn and an asphalt apron."""
    c = Canvas(seed, horizon=horizon)
    c.sky((158, 184, 206), (220, 226, 224))
    c.ground((116, 130, 86))
    c.blocks(24, WALLS)
    for x in (-9, 8.5):
        c.tree(x, 17, 6.4)
    c.haze((212, 218, 216), 55)
    return c


def bag(c: Canvas, x: float, away: float, radius: float, colour: Colour, up: float = 0) -> None:
    """A tied rubbish bag."""
    c.shadow(x, away, radius * 2.4, radius, alpha=90)
    c.blob(x, up + radius * 0.8, away, radius, colour)
    c.blob(x - radius * 0.25, up + radius * 1.05, away, radius * 0.5, shade(colour, 1.14))
    c.bar((x, up + radius * 1.5, away), (x + radius * 0.2, up + radius * 1.95, away), radius * 0.3, shade(colour, 0.85))


def container(c: Canvas, x: float, away: float, colour: Colour) -> None:
    c.shadow(x, away + 0.5, 1.7, 1.6)
    for wheel in (-0.5, 0.5):
        c.blob(x + wheel, 0.1, away, 0.1, (30, 30, 32))
    c.box(x, away, (1.3, 1.0, 1.0), colour, up=0.16, grain=5)
    for rib in (-0.4, -0.13, 0.13, 0.4):
        c.bar((x + rib, 0.22, away), (x + rib, 1.1, away), 0.03, shade(colour, 0.8))
    lid = [
        (x - 0.68, 1.16, away - 0.02),
        (x + 0.68, 1.16, away - 0.02),
        (x + 0.66, 1.3, away + 0.9),
        (x - 0.66, 1.3, away + 0.9),
    ]
    c.plane(lid, shade(colour, 1.12))


def bins(seed: str) -> bytes:
    c = yard(seed)
    c.strip(-8, 8, ASPHALT, near=2, far=9, grain=10)
    for x, colour in ((1.75, (186, 150, 36)), (0.1, (40, 92, 58)), (-1.55, (40, 92, 58))):
        container(c, x, 5.2, colour)
        for _number in range(4):
            tone = c.random.choice([(46, 48, 54), (208, 208, 202), (58, 84, 122), (120, 40, 42)])
            bag(c, x + c.random.uniform(-0.45, 0.45), 5.3, c.random.uniform(0.16, 0.24), tone, up=1.2)
    for _number in range(9):
        tone = c.random.choice([(44, 46, 52), (206, 206, 200), (60, 88, 126), (96, 104, 70)])
        bag(c, c.random.uniform(-2.6, 2.7), c.random.uniform(4.0, 4.9), c.random.uniform(0.17, 0.28), tone)
    litter(c, 60, 3.0, 5.2)
    return c.jpeg()


def litter(c: Canvas, count: int, near: float, far: float) -> None:
    for _number in range(count):
        x, away = c.random.uniform(-2.8, 2.8), c.random.uniform(near, far)
        size, tone = (
            c.random.uniform(0.03, 0.09),
            c.random.choice([(222, 222, 214), (188, 160, 120), (70, 98, 140), (170, 60, 50)]),
        )
        turn = c.random.uniform(-0.05, 0.05)
        c.plane(
            [(x, 0.005, away), (x + size, 0.005, away + turn), (x + size, 0.01, away + size), (x - turn, 0.01, away + size)],
            tone,
        )


def bulky(seed: str) -> bytes:
    c = yard(seed)
    c.strip(-8, 8, ASPHALT, near=2, far=10, grain=10)
    container(c, 2.5, 6.4, (40, 92, 58))
    c.plane([(-2.3, 0.05, 5.6), (-0.6, 0.12, 5.9), (-0.5, 1.9, 6.2), (-2.2, 1.85, 5.9)], (206, 198, 182), grain=8)
    c.shadow(0.0, 4.7, 2.6, 1.4)
    sofa: Colour = (122, 74, 62)
    c.box(0.0, 4.9, (2.0, 0.85, 0.3), shade(sofa, 0.85), grain=8)
    c.box(0.0, 4.2, (2.0, 0.42, 0.75), sofa, grain=8)
    for arm in (-1.05, 1.05):
        c.box(arm, 4.2, (0.22, 0.62, 0.85), shade(sofa, 0.92), grain=8)
    c.box(0.5, 4.2, (0.9, 0.14, 0.7), shade(sofa, 1.1), up=0.42, grain=8)
    litter(c, 24, 3.2, 5.5)
    return c.jpeg()


def dump(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.36)
    c.sky((150, 176, 200), (216, 222, 218))
    hills(c)
    c.ground((112, 122, 72))
    for x in (-8.0, -5.0, 6.0, 9.0):
        c.tree(x, 14 + abs(x), 6, (78, 104, 58))
    c.haze((206, 214, 208), 60)
    c.grass([(-8, 0, 2), (8, 0, 2), (8, 0, 12), (-8, 0, 12)], (118, 122, 72))
    c.strip(-5, -3.2, (150, 136, 108), grain=14)
    for number in range(170):
        spread = 1 - number / 200
        x, away = c.random.gauss(0.6, 1.15 * spread), 5.6 - number * 0.008 + c.random.uniform(-0.3, 0.3)
        up = max(0.0, 0.75 * spread - abs(x - 0.6) * 0.35) * c.random.random()
        tone = c.random.choice([(176, 168, 158), (150, 84, 62), (196, 192, 184), (130, 124, 116), (110, 96, 80)])
        size = c.random.uniform(0.12, 0.34)
        c.box(x, away, (size, size * 0.6, size * 0.5), c.jitter(tone, 12), up=up)
    for x, away in ((-0.9, 4.0), (2.2, 4.3), (1.6, 3.8)):
        cx, cy = c.at(x, 0.3, away)
        r = 230 / away
        c.draw.ellipse((cx - r, cy - r * 0.9, cx + r, cy + r * 0.9), fill=(36, 36, 38))
        c.draw.ellipse((cx - r * 0.5, cy - r * 0.45, cx + r * 0.5, cy + r * 0.45), fill=(92, 90, 74))
    return c.jpeg()


def park(seed: str, *, horizon: float = 0.38) -> Canvas:
    c = Canvas(seed, horizon=horizon)
    c.sky((158, 188, 212), (224, 230, 222))
    c.ground((104, 132, 70))
    for x in range(-22, 24, 4):
        c.tree(x + c.random.uniform(-1, 1), 24 + c.random.uniform(0, 8), c.random.uniform(6, 9), c.jitter((82, 118, 62), 14))
    c.haze((206, 220, 204), 50)
    c.grass([(-10, 0, 2.2), (10, 0, 2.2), (10, 0, 18), (-10, 0, 18)])
    return c


def bench(seed: str) -> bytes:
    c = park(seed)
    c.plane([(-10, 0, 3.1), (10, 0, 2.5), (10, 0, 4.6), (-10, 0, 5.4)], (186, 176, 154), grain=10)
    c.shadow(0.1, 4.7, 2.2, 0.8)
    wood: Colour = (138, 92, 54)
    for leg in (-0.8, 0.8):
        c.bar((leg, 0, 4.5), (leg, 0.46, 4.5), 0.07, (48, 52, 52))
        c.bar((leg, 0.44, 4.85), (leg + 0.02, 0.98, 5.0), 0.06, (48, 52, 52))
    for back in (0.62, 0.92):
        c.bar((-0.98, back, 4.95), (0.98, back, 4.95), 0.12, c.jitter(wood, 10))
    for away in (4.45, 4.85):
        c.plane([(-1, 0.46, away), (1, 0.46, away), (1, 0.46, away + 0.13), (-1, 0.46, away + 0.13)], c.jitter(wood, 12))
    c.plane([(-1, 0.46, 4.62), (-0.25, 0.46, 4.62), (-0.12, 0.44, 4.76), (-1, 0.46, 4.76)], shade(wood, 0.9))
    c.bar((0.1, 0.03, 4.2), (0.95, 0.06, 3.85), 0.09, shade(wood, 0.95))
    c.bar((-0.15, 0.45, 4.68), (0.02, 0.36, 4.6), 0.05, shade(wood, 1.2))
    return c.jpeg()


def fountain(seed: str) -> bytes:
    c = park(seed)
    c.slabs(-2.6, 2.6, 0.5, SLAB, near=2.6, far=7)
    stone: Colour = (150, 146, 136)
    c.shadow(0, 5.2, 2.6, 1.4)
    c.box(0, 5.4, (1.5, 2.0, 0.5), stone, grain=10)
    c.box(0, 5.3, (1.8, 0.2, 0.7), shade(stone, 1.1), up=2.0, grain=8)
    c.box(0, 5.36, (0.7, 0.5, 0.02), shade(stone, 0.86), up=1.25)
    c.box(0, 4.5, (1.5, 0.42, 0.9), shade(stone, 0.95), grain=10)
    c.plane([(-0.6, 0.43, 4.6), (0.6, 0.43, 4.6), (0.6, 0.43, 5.3), (-0.6, 0.43, 5.3)], (92, 88, 78), grain=12)
    c.bar((0, 0.95, 5.38), (0, 0.95, 5.1), 0.06, (96, 92, 84))
    c.bar((0, 0.95, 5.1), (0, 0.86, 5.1), 0.05, (110, 106, 96))
    for _number in range(26):
        c.blob(c.random.uniform(-0.55, 0.55), 0.44, c.random.uniform(4.65, 5.2), 0.04, c.jitter((128, 96, 46), 24))
    return c.jpeg()


def tree(seed: str) -> bytes:
    c = street(seed, horizon=0.56, shift=-3.2)
    c.slabs(-5.2, -3.4, 0.5, SLAB, near=2.4, far=22)
    c.bar((-4.6, 0, 6.5), (-4.3, 4.4, 6.5), 0.42, (84, 70, 56))
    c.bar((-4.35, 3.2, 6.5), (-2.6, 4.3, 6.4), 0.2, (90, 76, 60))
    c.crown(-4.6, 5.1, 6.5, 1.7, (84, 112, 60), leaves=220)
    c.bar((-2.7, 4.25, 6.4), (-1.9, 2.2, 6.2), 0.15, (104, 86, 66))
    for end in ((-2.4, 1.6), (-1.6, 1.5), (-1.2, 2.0)):
        c.bar((-1.9, 2.2, 6.2), (*end, 6.2), 0.06, (112, 94, 72))
    c.crown(-1.8, 1.7, 6.2, 0.42, (128, 106, 62), leaves=46)
    c.blob(-2.68, 4.25, 6.38, 0.13, (198, 172, 130))
    return c.jpeg()


def swings(c: Canvas, *, broken: bool) -> None:
    frame: Colour = (178, 60, 44)
    for x in (-1.9, 1.9):
        c.bar((x - 0.5, 0, 6.2), (x, 2.5, 6.6), 0.1, frame)
        c.bar((x + 0.5, 0, 7.0), (x, 2.5, 6.6), 0.1, shade(frame, 0.8))
    c.bar((-1.95, 2.5, 6.6), (1.95, 2.5, 6.6), 0.11, shade(frame, 1.1))
    c.shadow(0.9, 6.6, 0.9, 0.5)
    for x in (-1.15, -0.6):
        c.bar((x, 2.46, 6.6), (x, 0.55, 6.6), 0.03, (70, 72, 74))
    c.box(-0.88, 6.5, (0.7, 0.06, 0.22), (42, 44, 46), up=0.5)
    c.bar((0.6, 2.46, 6.6), (0.6, 0.55, 6.6), 0.03, (70, 72, 74))
    if broken:
        c.bar((1.15, 2.46, 6.6), (1.2, 1.7, 6.6), 0.03, (150, 140, 118))
        c.bar((0.56, 0.55, 6.6), (0.84, 0.05, 6.5), 0.07, (42, 44, 46))
        return
    c.bar((1.15, 2.46, 6.6), (1.15, 0.55, 6.6), 0.03, (70, 72, 74))
    c.box(0.88, 6.5, (0.7, 0.06, 0.22), (42, 44, 46), up=0.5)


def slide(c: Canvas) -> None:
    c.box(5.1, 10, (1.1, 1.5, 1.1), (196, 160, 60))
    c.plane([(4.6, 1.5, 10), (4.6, 1.5, 11), (2.6, 0.1, 10.6), (2.6, 0.1, 9.8)], (60, 104, 156))


def playground(seed: str, *, broken: bool = True) -> bytes:
    c = yard(seed, horizon=0.4)
    c.plane([(-6, 0, 4), (6, 0, 4), (6, 0, 12), (-6, 0, 12)], (206, 186, 142), grain=14)
    slide(c)
    swings(c, broken=broken)
    return c.jpeg()


def playground_fixed(seed: str) -> bytes:
    return playground(seed, broken=False)


def bus_stop(seed: str) -> bytes:
    c = street(seed, horizon=0.42, wet=True, shift=3.0)
    c.grass([(3.6, 0, 2.2), (10, 0, 2.2), (10, 0, 20), (3.6, 0, 20)], (106, 120, 74))
    c.slabs(3.5, 6.6, 0.5, SLAB, near=3.5, far=12)
    c.bar((4.0, 0, 6), (4.0, 2.7, 6), 0.08, (120, 122, 122))
    c.box(4.0, 5.98, (0.62, 0.46, 0.03), (36, 82, 152), up=2.25)
    c.box(4.0, 5.96, (0.34, 0.2, 0.02), (228, 230, 230), up=2.4)
    c.box(4.02, 5.97, (0.4, 0.5, 0.02), (222, 218, 206), up=1.25)
    c.box(5.7, 8.2, (1.4, 0.08, 0.4), (128, 92, 60), up=0.42)
    for leg in (5.2, 6.2):
        c.bar((leg, 0, 8.3), (leg, 0.42, 8.3), 0.07, (86, 88, 88))
    return c.jpeg(dark=0.95)


def graffiti(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.42)
    c.sky((164, 186, 206), (216, 220, 218))
    c.ground((150, 146, 138), grain=10)
    c.slabs(-7, 7, 0.5, SLAB, near=2.2, far=6)
    c.box(0, 6, (14, 3.4, 1), (206, 196, 176), grain=9)
    c.box(0, 5.98, (14, 0.5, 0.05), (128, 122, 112), grain=8)
    for colour, start, up, wide in (
        ((42, 62, 140), -2.7, 1.55, 20),
        ((158, 38, 46), -0.9, 1.2, 16),
        ((34, 36, 38), 1.0, 1.7, 12),
    ):
        points = []
        for step in range(64):
            turn = step * 0.42
            points.append(
                c.at(start + step * 0.026 + 0.13 * math.cos(turn), up + 0.3 * math.sin(turn) * (1 - step / 150), 5.95)
            )
        c.draw.line(points, fill=colour, width=wide, joint="curve")
        for px, py in points[4::11]:
            c.draw.line([(px, py), (px, py + c.random.uniform(20, 90))], fill=shade(colour, 0.95), width=4)
    return c.jpeg()


def building(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.62, focal=720)
    c.sky((156, 180, 204), (218, 222, 220))
    c.ground((140, 138, 132), grain=9)
    c.slabs(-9, 9, 0.6, SLAB, near=4, far=9)
    wall: Colour = (198, 176, 140)
    c.box(0, 9, (9, 6.6, 6), wall, grain=10)
    c.plane([(-4.9, 6.6, 8.8), (4.9, 6.6, 8.8), (4.3, 9.4, 11), (-4.3, 9.4, 11)], (132, 74, 56), grain=12)
    for up in (1.0, 3.9):
        for x in (-3.2, -1.0, 1.2, 3.4):
            c.box(x, 8.98, (1.06, 1.5, 0.02), shade(wall, 1.2), up=up)
            c.box(x, 8.96, (0.86, 1.3, 0.02), (64, 60, 58) if (x, up) != (1.2, 1.0) else (146, 118, 84), up=up + 0.1)
    for cx, cy, wide in ((-2.1, 2.9, 1.4), (0.2, 5.7, 1.0), (2.3, 3.1, 1.1)):
        points = []
        for step in range(16):
            angle = step / 16 * math.tau
            reach = wide * c.random.uniform(0.32, 0.6)
            points.append(c.at(cx + math.cos(angle) * reach, cy + math.sin(angle) * reach * 0.8, 8.95))
        c.draw.polygon(points, fill=(150, 92, 68))
        c.texture(points, 16)
    for _number in range(40):
        c.box(c.random.uniform(-3, 3), c.random.uniform(7.6, 8.8), (0.16, 0.08, 0.1), c.jitter((192, 172, 140), 14))
    return c.jpeg()


def ramp(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.44)
    c.sky((170, 190, 206), (216, 220, 216))
    c.ground((158, 154, 146), grain=9)
    c.slabs(-6, 6, 0.5, SLAB, near=2.2, far=7)
    c.box(0, 7, (14, 4, 1), (188, 178, 162), grain=8)
    c.box(1.0, 6.9, (1.5, 2.4, 0.05), (70, 86, 92), up=1.0)
    for step in range(5):
        c.box(1.0, 5.4 + step * 0.3, (2.2, 0.2, 1.8), (170, 166, 158), up=step * 0.2, grain=6)
    c.plane([(-2.6, 0, 4.9), (-1.2, 0, 4.9), (-0.3, 1.0, 6.6), (-1.5, 1.0, 6.6)], (150, 146, 140), grain=9)
    c.plane([(-1.2, 0, 4.9), (-1.2, 0, 5.3), (-0.3, 0.0, 6.6), (-0.3, 1.0, 6.6)], (112, 108, 102), grain=8)
    for x0, x1 in ((-2.6, -1.5), (-1.2, -0.3)):
        c.bar((x0, 0.9, 4.9), (x1, 1.9, 6.6), 0.05, (96, 104, 108))
        c.bar((x0, 0, 4.9), (x0, 0.9, 4.9), 0.05, (96, 104, 108))
        c.bar((x1, 1.0, 6.6), (x1, 1.9, 6.6), 0.05, (96, 104, 108))
    return c.jpeg()


def smoke(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.56)
    c.sky((92, 100, 124), (212, 170, 142))
    hills(c)
    c.ground((70, 74, 66), grain=7)
    c.blocks(60, ((92, 88, 92), (104, 98, 98)), lit=0.15)
    c.box(-4, 46, (24, 5, 8), (96, 96, 102))
    c.bar((-9, 0, 45), (-9, 11, 45), 1.1, (124, 110, 106))
    cx, cy = c.at(-9, 11, 45)
    for step in range(26):
        r = 16 + step * 7
        x, y = cx + step * 26 + c.random.uniform(-14, 14), cy - step * 4 + c.random.uniform(-12, 12)
        c.soft(
            [(x - r, y - r * 0.7), (x + r, y + r * 0.7)],
            (88, 84, 90),
            blur=16 + step,
            alpha=max(30, 150 - step * 4),
            round_=True,
        )
    return c.jpeg()


def river(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.34, eye=3.2)
    c.sky((156, 182, 204), (218, 226, 220))
    hills(c)
    c.ground((96, 118, 64))
    c.haze((206, 216, 208), 70)
    c.plane([(-2.6, 0, 3.0), (3.0, 0, 3.0), (2.4, 0, 60), (-1.4, 0, 60)], (104, 118, 108), grain=12)
    for _number in range(40):
        x, away = c.random.uniform(-1.8, 2.0), c.random.uniform(4, 20)
        left, right = c.at(x - 0.5, 0, away), c.at(x + 0.5, 0, away - 0.1)
        c.soft([left, right], (170, 184, 186), blur=3, alpha=120, round_=True)
    for away in (26, 20, 15, 11.5, 9, 7, 5.6):
        for x in (-3.6, -2.5, 0.1, 2.6, 3.9):
            if c.random.random() < (0.3 if x == 0.1 else 0.85):
                c.crown(
                    x + c.random.uniform(-0.5, 0.5),
                    0.4,
                    away,
                    c.random.uniform(0.5, 0.95),
                    c.jitter((86, 112, 54), 14),
                    leaves=70,
                )
    c.bar((-1.6, 0.3, 7), (1.0, 0.1, 8), 0.16, (98, 84, 66))
    return c.jpeg()


def trail(seed: str) -> bytes:
    c = Canvas(seed, horizon=0.4)
    c.sky((176, 200, 206), (216, 228, 206))
    c.ground((112, 116, 66))
    for place in range(-18, 20, 3):
        c.tree(
            place + c.random.uniform(-0.8, 0.8),
            17 + c.random.uniform(0, 9),
            c.random.uniform(7, 11),
            c.jitter((92, 116, 58), 16),
        )
    c.haze((196, 208, 172), 60)
    c.strip(-0.9, 0.8, (156, 136, 102), far=30, grain=15)
    for x in (-3.4, 3.6):
        c.bar((x, 0, 7), (x + 0.1, 7, 7), 0.4, (86, 72, 56))
    for _number in range(260):
        c.blob(
            c.random.uniform(-6, 6), 0.01, c.random.uniform(2.2, 10), c.random.uniform(0.02, 0.05), c.jitter((150, 112, 56), 26)
        )
    c.shadow(0, 5.6, 6, 0.8)
    c.bar((-3.6, 0.35, 5.4), (3.0, 0.75, 5.9), 0.46, (96, 80, 62))
    c.bar((-3.6, 0.46, 5.38), (3.0, 0.86, 5.88), 0.1, (122, 104, 82))
    for x in (-1.6, -0.2, 1.3):
        c.bar((x, 0.6, 5.6), (x + 0.5, 1.7, 5.5), 0.09, (100, 84, 64))
        c.crown(x + 0.55, 1.7, 5.5, 0.4, (108, 118, 62), leaves=40)
    return c.jpeg()
