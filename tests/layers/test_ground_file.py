"""The ground of the map as one file: what stands in it, and how it is asked for."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.core.management import call_command
from django.test import Client
from pmtiles.reader import MemorySource, Reader

from layers import ground_file, jobs
from layers.models import Feature, Layer
from municipality.models import Area
from municipality.site import installation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    factories.town()
    lon, lat = factories.CENTRE
    # Some sixty tiles: the invented town has over a thousand.
    Area.objects.filter(parent=None).update(polygon=factories.box(lon - 0.05, lat - 0.04, lon + 0.05, lat + 0.04))
    layer = Layer.objects.create(slug="roads", name=factories.texts("Пътища"), ground=True)
    line = MultiLineString(LineString((lon - 0.02, lat), (lon + 0.02, lat)), srid=4326)
    Feature.objects.create(layer=layer, slug="one", name=factories.texts("Първи"), line=line)


def tile_at(zoom: int) -> bytes:
    """The tile over the middle of the town, as it is before it is packed."""
    lon, lat = factories.CENTRE
    [tile] = ground_file._of_zoom((lon, lat, lon, lat), zoom)
    path = ground_file.there()
    assert path
    found = Reader(MemorySource(path.read_bytes())).get(tile.z, tile.x, tile.y)
    return gzip.decompress(found)


@pytest.mark.usefixtures("roads")
class TestFile:
    def test_every_zoom_holds_the_layers(self):
        made = ground_file.make()
        assert made
        header = Reader(MemorySource(made.path.read_bytes())).header()
        assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (8, 14, True)
        assert header["addressed_tiles_count"] == made.tiles > 20
        for zoom in (8, 14):
            assert all(name in tile_at(zoom) for name in (b"outline", b"lines", b"roads"))
        assert b"towns" in tile_at(12)

    def test_it_is_the_same_each_time_and_the_old_one_goes(self):
        first = ground_file.make()
        assert first
        content = first.path.read_bytes()
        stale = first.path.with_name("0.pmtiles")
        stale.write_bytes(b"old")
        again = ground_file.make()
        assert again
        assert again.path.read_bytes() == content
        assert list(first.path.parent.iterdir()) == [first.path]
        assert not stale.exists()

    def test_the_command_says_what_it_made(self, capsys: pytest.CaptureFixture[str]):
        call_command("make_ground")
        assert f"{installation().edition}.pmtiles: " in capsys.readouterr().out

    def test_without_an_outline_there_is_none_and_a_wide_one_stays_few(self):
        Area.objects.update(polygon=None)
        assert ground_file.make() is None
        world = (-180.0, -85.0, 180.0, 85.0)
        first, last = ground_file._zooms(world)
        assert first <= last
        assert ground_file._count(world, last) <= ground_file.MOST_TILES < ground_file._count(world, last + 1)

    def test_a_layer_that_is_not_published_is_not_in_it(self):
        Layer.objects.update(published=False)
        ground_file.make()
        assert b"roads" not in tile_at(14)


@pytest.mark.usefixtures("roads")
class TestAddress:
    @property
    def address(self) -> str:
        return f"/ground/{installation().edition}.pmtiles"

    def test_whole_or_in_ranges(self):
        assert Client().get(self.address).status_code == 404  # a request does not make it
        jobs.ground(timestamp=0)
        assert not ground_file.is_due()
        whole = b"".join(Client().get(self.address).streaming_content)
        assert whole[:7] == b"PMTiles"
        part = Client().get(self.address, headers={"Range": "bytes=0-6"})
        assert (part.status_code, part.content, part["Content-Range"]) == (206, b"PMTiles", f"bytes 0-6/{len(whole)}")
        rest = Client().get(self.address, headers={"Range": "bytes=7-"})
        assert rest.content == whole[7:]
        beyond = Client().get(self.address, headers={"Range": f"bytes={len(whole)}-"})
        assert Client().get(self.address, headers={"Range": "bytes=20-10"}).status_code == 200
        assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")

    def test_an_older_edition_is_gone(self):
        assert Client().get(f"/ground/{installation().edition + 1}.pmtiles").status_code == 404

    def test_maps_hear_of_it_where_the_ground_has_shapes(self):
        assert Client().get("/ground.json").json()["tiles"] == ""
        ground_file.make()
        assert Client().get("/ground.json").json()["tiles"] == self.address
