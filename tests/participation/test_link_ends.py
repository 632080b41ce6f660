"""Which kinds of subjects each link joins, and that both pages say so."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from discussion import actions as spine
from discussion.links import BY_HAND, JOINS, WORDS, drawn_from
from discussion.models import Link, Subject, TimelineRow
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative
from tests.participation.test_policies import policy
from tests.participation.test_practices import practice
from tests.participation.test_sectors import a_service, goal

pytestmark = pytest.mark.usefixtures("town")
Kind = Link.Kind


def subjects(by: Any) -> dict[str, Subject]:
    made: dict[str, Any] = {
        "problem": factories.report(title="Дупка"), "idea": factories.report(category="park-idea", title="Пейки"),
        "event": event(by), "initiative": initiative(by), "policy": policy(by), "practice": practice(by), "goal": goal(),
        "service": a_service(),
    }  # fmt: skip
    return {kind: Subject.objects.get(pk=one.pk) for kind, one in made.items()}


def section(subject: Subject) -> str:
    page = Client().get(subject.path, follow=True).content.decode()
    start = page.find('id="related"')
    return page[start : page.find("</section>", start)] if start > 0 else ""


def test_every_kind_of_link_is_drawn_where_it_fits_alone_and_both_pages_name_it() -> None:
    official = factories.official()
    made = subjects(official)
    assert set(BY_HAND) == set(JOINS)
    for kind in BY_HAND:
        for source in made.values():
            for target in made.values():
                if source == target:
                    continue
                if (source.kind, target.kind) not in JOINS[kind]:
                    with pytest.raises(ValidationError) as refused:
                        spine.connect(source.pk, target, kind, by=official)
                    assert list(refused.value.message_dict) == ["other"]
        pairs = [(one, other) for one in made.values() for other in made.values() if one != other]
        fitting = [pair for pair in pairs if (pair[0].kind, pair[1].kind) in JOINS[kind]]
        for source, target in fitting[:1] + [pair for pair in fitting if pair[0].kind == "event"][:1]:
            link = spine.connect(source.pk, target, kind, by=official)
            out, into = (str(words) for words in WORDS[kind])
            assert out in section(source) and target.title in section(source), (kind, source.kind)
            shown = section(target)
            above = source.kind == "problem" and kind == Kind.RECOMMENDS  # with its state, on the service's page
            assert (into in shown and source.title in shown) or above, (kind, source.kind, target.kind)
            spine.disconnect(source.pk, link.pk, by=official)


def test_the_form_offers_what_fits_and_keeps_what_is_refused() -> None:
    official = factories.official()
    made, client = subjects(official), signed_in(official)
    assert drawn_from("practice") == [Kind.INSPIRED_BY]
    page = client.get(f"/subjects/{made['goal'].reference}/link/").content.decode()
    assert ('value="replaces"' in page, 'value="serves"' in page) == (True, False)
    address = f"/subjects/{made['event'].reference}/link/"
    for kind, other in (("serves", "practice"), ("recommends", "practice"), ("carried_out_by", "practice"), ("serves", "idea")):
        refused = client.post(address, {"kind": kind, "other": made[other].reference})
        assert (refused.status_code, made[other].reference in refused.content.decode()) == (422, True)
    for host in ("https://evil.example", "//evil.example", "evil.example", "http://[1"):
        assert client.post(address, {"kind": "serves", "other": f"{host}/{made['goal'].reference}"}).status_code == 422
    assert client.post(address, {"kind": "serves", "other": f"/goals/{made['goal'].reference}/"}).status_code == 302
    client.post(address, {"away": str(Link.objects.get().pk)})
    told = Client().get(made["event"].path).content.decode()
    assert "Свързано – служи на целта: „" in told and "Махната е връзка – служи на целта: „" in told
    assert TimelineRow.objects.filter(code__in=("linked", "unlinked")).count() == 2
