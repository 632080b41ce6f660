"""What a search finds that is no subject: places, organisations with what was made in their name, promises, figures. A query for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from discussion.addresses import page_of
from discussion.models import Subject
from discussion.search import matcher
from geoportal.kernel.multilingual import language_of, text_in
from layers import gazetteer
from municipality.models import Organisation
from participation import policy_wording, wording
from participation.actions.move import MODELS
from participation.models import Indicator, Pledge, Promise
from reports.querysets import today

MOST = 5
"""Of each group; who wants more writes more words."""
MOST_PLACES, CLOSE = 3, 17
"""Places are guessed, likeliest first; the map shows them at this zoom."""
READ = 2000
"""The newest so many promises are read."""
Row = dict[str, str]
PLACES = gettext_lazy("Places on the map")
ORGANISATIONS, MADE = gettext_lazy("Organisations"), gettext_lazy("In the name of these organisations")
PROMISES, FIGURES = gettext_lazy("Promises"), gettext_lazy("Figures")


def groups(words: str) -> list[dict[str, Any]]:
    """[{title, rows: [{url, title, lang, says}], owes: of places, whose names are credited}] of the groups in which the words are found."""
    fits = matcher(words)
    if fits is None:
        return []
    bodies = [one for one in Organisation.objects.filter(active=True).order_by("pk") if fits(*one.name.values())][:MOST]
    found: list[tuple[Lazy, list[Row]]] = [
        (PLACES, _places(words)),
        (ORGANISATIONS, [_row(reverse("organisation", args=[one.slug]), one.name, "") for one in bodies]),
        (MADE, _made_by(bodies)), (PROMISES, [*_pledges(fits), *_promises(fits)][:MOST]), (FIGURES, _figures(fits)),
    ]  # fmt: skip
    return [{"title": title, "rows": rows, "owes": title is PLACES} for title, rows in found if rows]


def _places(words: str) -> list[Row]:
    """Places of the gazetteer on the map, things of layers by their pages; coordinates and plus codes have their own answer."""
    found = [(hit, hit.point) for hit in gazetteer.search(words, MOST_PLACES) if hit.place.kind != gazetteer.SPOT]
    return [{"url": _address(hit, at), "title": hit.name, "lang": "", "says": hit.note} for hit, at in found if at is not None]


def _address(hit: gazetteer.Hit, at: Point) -> str:
    if hit.layer:
        return reverse("object", args=hit.key.split("."))
    return f"{reverse('map')}?at={at.x:.5f},{at.y:.5f},{CLOSE}"


def _row(url: str, texts: dict[str, str], says: str) -> Row:
    return {"url": url, "title": text_in(texts), "lang": language_of(texts), "says": says}


def _made_by(bodies: list[Organisation]) -> list[Row]:
    if not bodies:
        return []
    first, *rest = (model._default_manager.filter(organisation__in=bodies).values("pk") for model in MODELS.values())
    made = Subject.objects.filter(pk__in=first.union(*rest, all=True), is_public=True).order_by("-created_at", "-pk")
    return [{"url": page_of(one), "title": one.title, "lang": one.language, "says": ""} for one in made[:MOST]]


def _pledges(fits: Any) -> Iterable[Row]:
    """What people and organisations promised, with the subject on which it stands."""
    rows = Pledge.objects.public().select_related("subject", "organisation").order_by("-pk")[:READ]
    for one in rows:
        if fits(one.what, *(one.organisation.name.values() if one.organisation else ())):
            says = f"{wording.pledge_status(one, today())[1]} · {one.subject.title}"
            yield {"url": page_of(one.subject), "title": one.what, "lang": one.language, "says": says}


def _promises(fits: Any) -> Iterable[Row]:
    """What the municipality promised in its policies."""
    rows = Promise.objects.filter(policy__subject__is_public=True).select_related("policy__subject").order_by("-pk")[:READ]
    for one in rows:
        if fits(*one.text.values()):
            says = f"{policy_wording.promise_line(one, today())['words']} · {text_in(one.policy.title)}"
            yield _row(page_of(one.policy.subject), one.text, says)


def _figures(fits: Any) -> list[Row]:
    found = [one for one in Indicator.objects.public() if fits(*one.name.values())][:MOST]
    return [
        _row(reverse("sector", args=[one.sector.slug]), one.name, one.area.full_name if one.area else text_in(one.source_name))
        for one in found
    ]
