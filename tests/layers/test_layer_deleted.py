"""A layer is deleted for good: what goes is said, what others lean on stays, reports keep their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from layers import actions
from layers.models import Feature, Import, ImportRow, Layer
from reports.at_objects import chosen
from reports.freshness import data_version
from reports.models import PickedObject
from tests import factories
from tests.layers.files import LAT, LON, checked, geojson, layer, point, read_here, taken

pytestmark = pytest.mark.django_db
PAGE = "/planning/layers/lamps/delete/"
FILE = geojson((point(), {"no": "12"}), (point(LON + 0.001), {"no": "13"}))


@pytest.fixture(autouse=True)
def town(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    factories.town()
    cache.clear()


def test_it_goes_with_its_features_and_files_when_its_name_is_typed(
    planner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    into, other = layer("lamps", pickable=True), layer("posts")
    taken(into, FILE, key="no", name="no")
    taken(other, FILE, key="no")
    kept = checked(into, FILE, key="no").path
    report = factories.report(point=Point(LON, LAT, srid=4326), object=chosen("lamps.12"))
    assert f'href="{PAGE}"' in planner.get("/planning/layers/lamps/").content.decode()
    page = planner.get(PAGE).content.decode()
    assert "Изтриват се 2 обекта" in page and "1 сигнал е за обект от слоя" in page and page.count("<h1") == 1
    for typed in ({}, {"slug": "posts"}):
        answer = planner.post(PAGE, typed)
        assert (answer.status_code, set(answer.context["form"].errors)) == (400, {"slug"})
    assert (Feature.objects.filter(layer=into).count(), kept.exists()) == (2, True)
    with django_capture_on_commit_callbacks(execute=True):
        answer = planner.post(PAGE, {"slug": "Lamps "}, follow=True)
    assert answer.redirect_chain == [("/planning/layers/", 302)] and "Слоят „Стълбове“ е изтрит." in answer.content.decode()
    assert list(Layer.objects.values_list("slug", flat=True)) == ["posts"]
    assert (Feature.objects.count(), Import.objects.get().layer, kept.exists()) == (2, other, False)
    assert set(ImportRow.objects.values_list("imported__layer", flat=True)) <= {other.pk}
    assert planner.post(PAGE, {"slug": "lamps"}).status_code == 404
    with pytest.raises(Layer.DoesNotExist):
        actions.delete_layer(Layer(pk=into.pk))
    # The report says in words what it was about, without a link.
    assert PickedObject.objects.get().address == "lamps.12"
    data_version.forget()
    said = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert ("/objects/lamps/12/" in said, "слой „Стълбове“" in said) == (False, True)


def test_what_maps_filters_and_running_files_need_stays_and_the_page_says_why(planner: Client) -> None:
    into = layer("lamps")
    found = checked(into, FILE, key="no")
    running = [Import.State.WAITING, Import.State.CHECKING, Import.State.CARRYING]
    said = {}
    for ground, areas, state in (
        (True, False, "checked"),
        (False, True, "checked"),
        *((False, False, each) for each in running),
    ):
        Layer.objects.filter(pk=into.pk).update(ground=ground, areas=areas)
        Import.objects.filter(pk=found.pk).update(state=state)
        answer = planner.post(PAGE, {"slug": "lamps"})
        assert answer.status_code == 400 and '<form method="post" class="stack"' not in answer.content.decode()
        said[ground, areas, state] = answer.context["why"].split()[0]
        with pytest.raises(ValidationError):
            actions.delete_layer(Layer.objects.get())
    assert said == {
        (True, False, "checked"): "От", (False, True, "checked"): "Филтри,", **dict.fromkeys(((False, False, each) for each in running), "В"),
    }  # fmt: skip
    Import.objects.filter(pk=found.pk).update(state="checked")
    assert planner.post(PAGE, {"slug": "lamps"}).status_code == 302
    assert not Layer.objects.exists()
