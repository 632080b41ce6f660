"""Gi* against esda, false-discovery control against scipy, hexagons against plain geometry."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from reports.planning import hexagons
from reports.planning.gi_star import false_discovery, gi_star, two_sided

WIDTH = 250.0


def grid(seed: int, side: float = 4000) -> tuple[np.ndarray, np.ndarray]:
    """(keys of hexagons with holes and a ragged edge, values with one thick place)."""
    chance = np.random.default_rng(seed)
    key = np.unique(hexagons.covering((-side / 2, -side / 2, side / 2, side / 2), WIDTH))
    key = key[chance.random(len(key)) > 0.1]
    x, y = hexagons.centres(key, WIDTH)
    thick = 6 * np.exp(-((x - 700) ** 2 + (y + 300) ** 2) / 400**2)
    return key, chance.poisson(0.8 + thick).astype(float)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_gi_star_of_esda(seed):
    from esda.getisord import G_Local
    from libpysal.weights import W

    key, values = grid(seed)
    near = hexagons.neighbours(key)
    weights = W({at: [int(other) for other in row if other >= 0] for at, row in enumerate(near)}, silence_warnings=True)
    theirs = G_Local(values, weights, transform="B", star=True, permutations=0)
    mine = gi_star(values, near)
    assert np.abs(mine - theirs.Zs).max() < 1e-9
    assert np.abs(two_sided(mine) / 2 - theirs.p_norm).max() < 1e-9  # esda's are one-sided


def test_false_discovery_is_that_of_scipy():
    from scipy.stats import false_discovery_control

    chance = np.random.default_rng(3)
    for p in (chance.random(500) ** 3, np.repeat([0.001, 0.01, 0.5], 4), np.array([0.03])):
        assert np.abs(false_discovery(p) - false_discovery_control(p)).max() < 1e-12
    assert len(false_discovery(np.zeros(0))) == 0


def test_normal_tails():
    assert two_sided(np.array([0, 1.959963984540054, -2.5758293035489004])) == pytest.approx([1, 0.05, 0.01])


def test_the_thick_place_is_found_and_nothing_among_noise():
    key, values = grid(1)
    z = gi_star(values, hexagons.neighbours(key))
    x, y = hexagons.centres(key, WIDTH)
    found = false_discovery(two_sided(z)) <= 0.05
    assert 5 < found.sum() < 40
    assert np.hypot(x[found] - 700, y[found] + 300).max() < 1000
    flat = np.random.default_rng(9).poisson(2.0, len(key)).astype(float)
    assert (false_discovery(two_sided(gi_star(flat, hexagons.neighbours(key)))) <= 0.05).sum() <= 2


def test_where_all_are_alike_nothing_stands_out():
    key, _values = grid(1)
    assert not gi_star(np.full(len(key), 3.0), hexagons.neighbours(key)).any()


def test_every_point_lies_in_its_hexagon():
    chance = np.random.default_rng(4)
    x, y = chance.uniform(-5000, 5000, 3000), chance.uniform(-5000, 5000, 3000)
    key = hexagons.keys_at(x, y, WIDTH)
    corners = np.stack(hexagons.corners(key, WIDTH), axis=2)
    shapes = shapely.polygons(corners)
    assert shapely.intersects_xy(shapely.buffer(shapes, 1e-6), x, y).all()
    assert shapely.area(shapes) == pytest.approx(np.full(len(shapes), hexagons.area(WIDTH)))
    assert (hexagons.keys(*hexagons.coordinates(key)) == key).all()


def test_neighbours_are_one_width_away_and_mutual():
    key, _values = grid(6)
    near = hexagons.neighbours(key)
    x, y = hexagons.centres(key, WIDTH)
    for at, row in enumerate(near):
        touching = np.flatnonzero(np.abs(np.hypot(x - x[at], y - y[at]) - WIDTH) < 1e-6)
        assert sorted(row[row >= 0].tolist()) == touching.tolist()


def test_a_box_is_covered_and_counted_before_it_is_made():
    bounds = (-1234.0, 77.0, 4321.0, 2222.0)
    key = hexagons.covering(bounds, WIDTH)
    assert len(np.unique(key)) == len(key)
    assert len(key) <= hexagons.number_in(bounds, WIDTH) <= len(key) * 1.5
    chance = np.random.default_rng(5)
    inside = hexagons.keys_at(chance.uniform(-1000, 4100, 2000), chance.uniform(300, 2000, 2000), WIDTH)
    assert np.isin(inside, key).all()


def test_geojson_goes_round_against_the_clock():
    lon, lat = hexagons.corners(np.array([0]), 1.0)
    shape = shapely.geometry.shape(hexagons.geojson(lon, lat)[0])
    assert shape.is_valid
    assert shape.exterior.is_ccw
