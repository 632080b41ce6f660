"""A municipality is data: it loads whole or not at all, twice is once, and every error names file and line."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.gis.geos import LineString, MultiLineString
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from layers.models import Feature, Layer
from municipality.models import Area, Installation, Sector
from reports.loading.municipality import Refused, load_municipality
from reports.models import Category

pytestmark = pytest.mark.django_db
BOTEVGRAD = settings.BASE_DIR / "fixtures/botevgrad"
YAVOR = settings.BASE_DIR / "tests/fixtures/yavor"


def everything() -> dict[str, list[tuple]]:
    """All rows of the set-up's tables."""
    models = [m for label in ("municipality", "layers", "reports") for m in apps.get_app_config(label).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


@pytest.fixture
def yavor(tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(YAVOR, tmp_path / "yavor"))


def test_dry_run_changes_nothing_and_counts():
    out = StringIO()
    before = everything()
    call_command("load_municipality", YAVOR, "--dry-run", stdout=out)
    assert everything() == before
    assert "Category" in out.getvalue()
    assert "5 new" in out.getvalue()


def test_changed_data_changes_only_its_rows_and_raises_edition_and_version(yavor: Path):
    load_municipality(yavor)
    path = yavor / "categories.csv"
    path.write_text(path.read_text().replace("Дупки,дупка", "Ями,дупка"))
    load = load_municipality(yavor)
    assert load.counts["reports.Category"] == Counter(same=4, changed=1)
    hole = Category.objects.get(slug="hole")
    assert (hole.internal_name, hole.version, Installation.objects.get().edition) == ("Ями", 2, 3)


def test_surveyed_boundary_stays_when_the_data_is_loaded_again(yavor: Path):
    load_municipality(yavor)
    most = Area.objects.get(slug="most")
    Area.objects.filter(pk=most.pk).update(schematic=False, polygon=Area.objects.root().polygon)
    load_municipality(yavor)
    most.refresh_from_db()
    assert (most.schematic, most.polygon.equals_exact(Area.objects.root().polygon)) == (False, True)


def test_cells_and_circles_of_yavor():
    load_municipality(YAVOR)
    yavor, most, old = (Area.objects.get(slug=slug) for slug in ("yavor", "most", "old-town"))
    assert yavor.polygon.extent == pytest.approx((25.0, 43.0, 25.2, 43.2))
    assert most.polygon.extent == pytest.approx((25.2, 43.0, 25.4, 43.2))
    assert old.path == f"{Area.objects.root().pk}.{yavor.pk}.{old.pk}."
    _west, south, _east, north = old.polygon.extent
    assert (north - south) * 111_320 == pytest.approx(1200, rel=0.01)
    assert Area.objects.smallest_containing(old.point) == old


# file, what is there, what stands there instead, lines from there to the one that is named, word in the message
BROKEN = [
    ("municipality.yaml", "country: BG", "country: Bulgaria", 0, "country"),
    ("municipality.yaml", "country: BG", "countri: BG", -5, "country"),
    ("municipality.yaml", "country: BG", "country: BG\ncolour: red", 1, "colour"),
    ("municipality.yaml", "country: BG", "country: BG\ncountry: BG", 1, "country"),
    ("municipality.yaml", "languages: [bg, en]", "languages: [bg, de]", 0, "LANGUAGES"),
    ("municipality.yaml", "Europe/Sofia", "Europe/Rome", 0, "TIME_ZONE"),
    ("municipality.yaml", "support_threshold: 3", "support_threshold: three", 0, "support_threshold"),
    ("municipality.yaml", "pisma@yavor.test", "[", 2, ""),
    ("municipality.yaml", "{z}/{x}/{y}", "{z}", 0, "url"),
    ("sectors.csv", "nature,Природа,Nature", "nature,,Nature", 0, "name"),
    ("sectors.csv", "people,Хора,People,", "people,Хора,", 0, ""),
    ("sectors.csv", "slug,name:bg", "slug,name:xx", 1, "name"),
    ("sectors.csv", "people,", "на хората,", 0, "slug"),
    ("sectors.csv", "nature,", "streets,", 0, "slug"),
    ("departments.yaml", "parent: works,", "parent: nobody,", 0, "parent"),
    ("departments.yaml", "most@yavor.test", "most at yavor", 0, "mailbox"),
    ("areas.yaml", '"00012"', "00012", 0, "code"),
    ("areas.yaml", "[25.3, 43.1]", "[25.9, 43.1]", 0, "point"),
    ("areas.yaml", "[25.3, 43.1]", "[25.3]", 0, "point"),
    ("areas.yaml", "[25.3, 43.1]", "[.nan, 43.1]", 0, "point"),
    ("areas.yaml", "[25.3, 43.1]", "[1.0e+300, 43.1]", 0, "point"),
    ("areas.yaml", "outline.geojson", "missing.geojson", 0, "missing.geojson"),
    ("areas.yaml", "outline.geojson", "../outline.geojson", 0, "outline"),
    ("areas.yaml", "kind: quarter", "kind: street", 0, "kind"),
    ("regimes.yaml", "unit: months", "unit: years", 0, "unit"),
    ("categories.csv", "hole,problem,streets", "hole,problem,roads", 0, "sector"),
    ("categories.csv", "hole,problem,streets,works", "hole,problem,streets,water", 0, "department"),
    ("categories.csv", "lonely,problem,people,care,law,7", "lonely,problem,people,care,law,x", 0, "term"),
    ("categories.csv", "grove,idea", "grove,wish", 0, "kind"),
    ("categories.csv", "optional,no,no,all", "optional,no,never,all", 0, "public"),
    ("categories.csv", "Дупка,Hole", '"Дупка,Hole', 4, ""),
    ("routing.csv", "most,hole", "most,pit", 0, "categories"),
    ("routing.csv", "most,hole", "moon,hole", 0, "areas"),
    ("reasons.yaml", "[refuse, partly_accept]", "[refuse, forget]", 0, "for"),
    ("templates.yaml", "text: {bg:", "text: {de:", 0, "text"),
    ("pages/terms.yaml", "2026-01-01", "soon", 0, "since"),
    ("layers.yaml", "point: [25.1, 43.1]", "point: here", 0, "point"),
    ("layers.yaml", "point: [25.1, 43.1]", "point: [25.1, 43.1], icon: dragon", 0, "icon"),
    ("layers.yaml", "[25.2, 43.15], [25.1, 43.15]", "[25.1, 43.15], [25.2, 43.15]", 0, "polygon"),
    (
        "layers.yaml",
        "line: [[25.1, 43.1], [25.2, 43.1]]",
        "line: [[25.1, 43.1], [25.2, 43.1]], point: [25.1, 43.1]",
        0,
        "point",
    ),
    ("layers.yaml", "zones.geojson", "nowhere.geojson", 0, "nowhere"),
    ("layers.yaml", "areas: true", "areas: perhaps", 0, "areas"),
    ("layers.yaml", "areas: true", "areas: true\n  colour: black", -2, "style"),
    ("layers.yaml", "areas: true", "areas: true\n  colour: blue\n  colours: 'a: b'", 2, "colours"),
    ("layers.yaml", "point: [25.1, 43.1]", "point: [25.1, 43.1], fields: {a: [1]}", 0, "fields"),
    ("zones.geojson", '"code": 2, ', '"code": "so-1", ', -4, "2: "),
    ("zones.geojson", "43.1], [25.15, 43.1]", "143.1], [25.15, 43.1]", -4, "2: "),
    ("zones.geojson", '"title": "Кладенец"', '"title": ""', -5, "3: name"),
    ("zones.geojson", '"FeatureCollection"', '"Feature"', -1, "FeatureCollection"),
    ("municipality.yaml", "country: BG", "country: XX", 0, "country"),
    ("municipality.yaml", "pisma@yavor.test", "pisma at yavor", 0, "email"),
    ("municipality.yaml", '"Да го оправим заедно"', '"а\\0б"', 0, "tagline"),
    ("municipality.yaml", "https://tiles", "javascript://tiles", 0, "url"),
    ("municipality.yaml", "support_threshold: 3", "support_threshold: -3", 0, "support_threshold"),
    ("sectors.csv", "Улици,urban", "Улици,dragon", 0, "icon"),
    ("sectors.csv", "slug,name:bg", "slug,slug", 0, "slug"),
    ("departments.yaml", "slug: works-most", "slug: works", 0, "slug"),
    ("areas.yaml", "      kind: settlement", "\tkind: settlement", 0, ""),
    ("areas.yaml", '"00012"', '"0012"', 0, "EKATTE"),
    ("areas.yaml", '"00012"', '"00011"', 0, "code"),
    ("areas.yaml", "slug: most", "slug: yavor", 0, "slug"),
    ("areas.yaml", "population: 4100", "population: -1", 0, "population"),
    ("areas.yaml", "circle_m: 600", "circle_m: -5", 0, "circle_m"),
    ("outline.geojson", "[25.4, 43.0], [25.4, 43.2]", "[25.4, 43.2], [25.4, 43.0]", 0, "1"),
    ("outline.geojson", '"Polygon"', '"Point"', 0, "1"),
    ("outline.geojson", '"properties": {}', '"properties":\n}', 1, "1"),
    ("routing.csv", "hole,works-most", "hole,water", 0, "department"),
    ("pages/terms.yaml", "2026-01-01", "2026-13-99", 0, "month"),
    ("municipality.yaml", "support_threshold", "# \x07\nsupport_threshold", 0, ""),
    ("municipality.yaml", "country: BG", "country: BG\npremoderation: {categories: [nope]}", 1, "nope"),
    ("municipality.yaml", "country: BG", "country: BG\nemergency_words: {bg: [пожар, -лампа]}", 1, "-лампа"),
    ("outline.geojson", "25.4", "9" * 6000, 0, ""),
    ("areas.yaml", "point: [25.3, 43.1], cell", "cell", 0, "cell"),
    ("areas.yaml", "[25.3, 43.1]", "[25.1, 43.1]", 0, "point"),
    ("areas.yaml", "[25.3, 43.1], cell: true", "[25.3, 43.1], cell: true, circle_m: 300", 0, "circle_m"),
    ("categories.csv", "law,5", f"law,{'5' * 6000}", 0, "term"),
    ("categories.csv", "Дупка,Hole", f"Дупка,{'o' * 121}", 0, "name"),
    ("categories.csv", "slug,kind", "slug,colour", 0, "kind"),
]


@pytest.mark.parametrize(("file", "old", "new", "below", "word"), BROKEN, ids=[f"{b[0]}-{n}" for n, b in enumerate(BROKEN)])
def test_error_names_file_and_line_and_nothing_is_changed(yavor: Path, file, old, new, below, word):
    path = yavor / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    before = everything()
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    first = refused.value.problems[0]
    line = text[: text.index(old)].count("\n") + 1
    assert (first.file, first.line) == (str(path), line + below)
    assert word in str(first)
    assert everything() == before


def test_all_problems_are_named_in_one_run(yavor: Path):
    path = yavor / "categories.csv"
    path.write_text(path.read_text().replace(",streets,", ",roads,").replace(",people,", ",folk,"))
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    assert [problem.line for problem in refused.value.problems][:2] == [2, 3]


@pytest.mark.parametrize(("old", "new"), [("kind", "kinds"), ("keywords", "words")])
def test_a_column_that_is_missing_or_unknown_is_told_once_at_the_header(yavor: Path, old: str, new: str):
    path = yavor / "categories.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    told = [problem for problem in refused.value.problems if problem.file == str(path)]
    assert [problem.line for problem in told] == [1]


@pytest.mark.parametrize("file", ["municipality.yaml", "sectors.csv", "departments.yaml", "areas.yaml", "categories.csv"])
def test_missing_file_is_named(yavor: Path, file):
    (yavor / file).unlink()
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    assert Path(file).stem in refused.value.problems[0].file


def test_file_that_is_no_text_is_refused(yavor: Path):
    (yavor / "areas.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    assert (refused.value.problems[0].line, refused.value.problems[0].file) == (1, str(yavor / "areas.yaml"))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("outline.geojson", b"[" * 100_000), ("outline.geojson", b"\xff"), ("outline.geojson", b""), ("outline.geojson", b"{}"),
        ("areas.yaml", b"- " * 5_000), ("areas.yaml", b"- &a [*a]"), ("areas.yaml", b""), ("sectors.csv", "slug\nспорт".encode("cp1251")),
        ("sectors.csv", b""), ("sectors.csv", b"slug,name:bg,short_name:bg,icon\n"), ("sectors.yaml", b"- {slug: a}"),
        ("reasons.yaml", b"!!python/object:os.system x"), ("reasons.yaml", b"- 5"), ("pages/terms.yaml", b"\xff"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named(yavor: Path, file: str, content: bytes):
    (yavor / file).write_bytes(content)
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    assert Path(refused.value.problems[0].file).stem == Path(file).stem


def test_the_mark_that_spreadsheets_write_first_is_no_part_of_the_first_name(yavor: Path):
    path = yavor / "sectors.csv"
    path.write_text(f"\ufeff{path.read_text()}")
    load_municipality(yavor)
    assert Sector.objects.count() == 3


def test_command_says_what_was_wrong(yavor: Path):
    (yavor / "reasons.yaml").write_text("- {slug: a, for: [refuse]}\n")
    with pytest.raises(CommandError, match=r"reasons\.yaml:1: name"):
        call_command("load_municipality", yavor)


def test_another_municipality_is_not_mixed_in():
    load_municipality(YAVOR)
    with pytest.raises(Refused, match="slug"):
        load_municipality(BOTEVGRAD)
    assert Installation.objects.get().short_name["en"] == "Yavor"


def test_every_icon_is_drawn_in_the_sprite():
    load_municipality(BOTEVGRAD)
    sprite = (settings.BASE_DIR / "static/img/sprite.svg").read_text()
    wanted = {f"s-{sector.icon}" for sector in Sector.objects.all()}
    wanted |= {f"c-{category.icon}" for category in Category.objects.all()}
    wanted |= {f"l-{feature.icon}" for feature in Feature.objects.exclude(icon="")}
    assert {name for name in wanted if f'id="{name}"' not in sprite} == set()


def test_pages_that_every_page_leads_to_and_ideas_in_every_sector_are_required(yavor: Path):
    (yavor / "pages/about.yaml").unlink()
    path = yavor / "categories.csv"
    path.write_text(path.read_text().replace("grove,idea", "grove,problem"))
    with pytest.raises(Refused) as refused:
        load_municipality(yavor)
    told = [(Path(problem.file).name, problem.line) for problem in refused.value.problems]
    assert told == [("sectors.csv", 3), ("about.yaml", 1)]


def test_layers_hold_points_lines_and_polygons_of_the_record_and_of_a_file():
    load_municipality(YAVOR)
    shapes = {
        f"{feature.layer.slug}.{feature.slug}": [
            name for name in ("point", "line", "polygon") if getattr(feature, name) is not None
        ]
        for feature in Feature.objects.select_related("layer")
    }
    assert shapes == {
        "places.lime": ["point"], "quarters.east": ["polygon"], "quarters.west": ["polygon"], "zones.so-1": ["polygon"],
        "zones.2": ["line"], "zones.well": ["point"], "works.pipe": ["line"],
    }  # fmt: skip
    assert Feature.objects.get(slug="so-1").name == {"bg": "Смесена зона"}
    assert {(layer.slug, layer.areas, layer.published) for layer in Layer.objects.all()} == {
        ("places", False, True), ("quarters", True, True), ("zones", True, True), ("works", False, False),
    }  # fmt: skip


def test_a_layer_says_where_it_is_from_and_how_it_looks_and_what_planners_wrote_stays(yavor):
    path = yavor / "layers.yaml"
    text = path.read_text()
    more = "areas: true\n  group: {bg: Град, en: Town}\n  source: Явор\n  popup: 'a, b'\n  colour: blue\n  colour_by: a\n  colours: 1 = red"
    path.write_text(
        text.replace("areas: true", more, 1).replace("point: [25.1, 43.1]", "point: [25.1, 43.1], fields: {a: 1, b: две}", 1)
    )
    load_municipality(yavor)
    layer = Layer.objects.get(source="Явор")
    assert (layer.group, layer.popup) == ({"bg": "Град", "en": "Town"}, ["a", "b"])
    assert layer.style == {"colour": "blue", "field": "a", "rules": [{"value": "1", "colour": "red"}]}
    assert Feature.objects.get(slug="lime").properties == {"a": 1, "b": "две"}
    path.write_text(text)
    assert not load_municipality(yavor).counts["layers.Layer"]["changed"]
    assert Layer.objects.get(pk=layer.pk).source == "Явор"


@pytest.mark.parametrize(
    "change", [{"point": None, "polygon": None}, {"line": MultiLineString(LineString((25, 43), (25.1, 43)))}]
)
def test_the_database_keeps_exactly_one_shape_of_a_feature(change: dict):
    load_municipality(YAVOR)
    feature = Feature.objects.get(slug="east")
    for name, value in change.items():
        setattr(feature, name, value)
    with pytest.raises(ValidationError, match="точно една форма"):
        feature.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        feature.save()


def test_who_is_responsible_elsewhere_is_said_as_the_rule_and_without_telephones():
    """Which body keeps a road or a cable is theirs to say: the texts say „usually“, and the only number in them is 112."""
    with (settings.BASE_DIR / "fixtures/botevgrad/categories.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["not_ours:bg"]]
    assert len(rows) == 2
    for row in rows:
        assert None not in row
        assert "обикновено" in row["not_ours:bg"] and "usually" in row["not_ours:en"]
        assert set(re.findall(r"\d+", row["not_ours:bg"] + row["not_ours:en"])) == {"112"}
