"""One of everything and one person of every role, for the matrix of addresses."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from discussion import actions as spine
from discussion.models import Comment, Subject, SubjectPhoto
from geoportal.kernel.links import make
from layers.models import Feature, Import, Layer, Project
from municipality.models import Area, Organisation, Page, Sector
from municipality.site import installation
from notifications.models import Webhook
from participation.actions import alternative as variants
from participation.actions import papers, table
from participation.actions import pledge as promises
from participation.actions.goal import set_goal
from participation.actions.initiative import propose
from participation.actions.move import act
from participation.actions.policy import keep
from participation.actions.weights import carry_out
from participation.calendar import my_address
from participation.models import Event, Initiative, Practice
from participation.views.consultations import preview_url
from reports import actions
from reports.actions import planning
from reports.actions.photos import folder_of
from reports.models import Photo, Reason, Report, ReportImport, Transfer
from tests import factories
from tests.participation import compared
from tests.participation import consultation_world as asking
from tests.participation import test_initiatives as initiatives
from tests.participation.asked import filled, opened, prepared
from tests.participation.conftest import event
from tests.participation.test_pledges import pledge
from tests.participation.test_policies import policy, promised
from tests.participation.test_practices import practice
from tests.participation.test_sectors import a_service, goal_facts
from tests.reports.council import world as council

ROLES = (
    "anonymous", "resident", "author", "official", "other_official", "dispatcher", "moderator", "planner", "administrator",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class World:
    """`people[role]` is a user or None; `kwargs[name]` are the keyword arguments of an address."""

    people: dict[str, User | None] = field(default_factory=dict)
    kwargs: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser with no cookie but the session of the role, which is begun anew when an address has ended it."""
        client = Client(raise_request_exception=True)
        if user := self.people[role]:
            if role in self.sessions and SessionStore().exists(self.sessions[role]):
                client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
            else:
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
                self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return client


def build() -> World:
    """Reports by their visibility (`report hidden restricted draft removed withdrawn`), a project, a comment, a page."""
    factories.town()
    _pages()
    people = _people()
    author, moderator, spam = people["author"], people["moderator"], Reason.objects.get(slug="spam")
    assert author and moderator
    made = {name: factories.report(author=author) for name in ("report", "hidden", "removed", "withdrawn")}
    made["restricted"] = factories.report(author=author, restricted=True)
    made["case"] = factories.report(author=author, official=True, name="Рада Колева", address="ул. Първа 1")
    made["draft"] = factories.report(author=None, email="draft@levka.test")
    actions.hide(made["hidden"].pk, reason=spam, by=moderator)
    actions.remove(made["removed"].pk, reason=spam, by=moderator)
    actions.act(made["withdrawn"].pk, "withdraw", by=author, given=actions.move.Given(text="Сбърках."))
    kwargs: dict[str, dict[str, Any]] = {name: {"ref": report.subject.reference} for name, report in made.items()}
    kwargs |= _named() | {f"json of {name}": {**ref, "kind": "json"} for name, ref in kwargs.items()}
    kwargs["project"] = {"ref": _project().subject.reference}
    kwargs |= _comments(made["report"], people)
    kwargs["its member"] = {"slug": "wheels", "pk": _representative(people["resident"])}
    kwargs["its webhook"] = {"pk": _webhook(people["administrator"])}
    kwargs["its webhook's nothing"] = {**kwargs["its webhook"], "delivery": 0}
    kwargs["author's act"] = {**kwargs["report"], "name": "withdraw"}
    kwargs["official's act"] = {**kwargs["report"], "name": "resolve"}
    kwargs["token"] = {"token": make("confirm", correspondent=0, report=made["draft"].pk)}
    kwargs["no file"] = {"name": "reports.csv"}
    kwargs["edition"] = {"edition": installation().edition}
    kwargs["osm"] = {"name": "0123456789abcdef"}
    for name, one in made.items():
        kwargs[f"feature of {name}"] = {"collection": "reports", "feature": one.subject.reference}
    for name in ("report", "hidden", "restricted"):
        kwargs[f"card of {name}"] = {"reference": made[name].subject.reference}
    kwargs["cover"] = {**kwargs["report"], "photo_id": _photo(made["report"])}
    kwargs["no name"] = {"pk": 0, "verb": "publish"}
    kwargs["no claim"] = {**kwargs["report"], "pk": 0, "verb": "confirm"}
    kwargs["act"], kwargs["moderate"] = {**kwargs["report"], "name": "start"}, {**kwargs["report"], "verb": "hide"}
    kwargs |= _kept(people["planner"]) | _events(author, moderator) | _initiatives(author, moderator)
    kwargs |= _ideas(author, moderator) | _policies(people) | _consultations(people["other_official"])
    kwargs |= _surveys(people["official"]) | _comparisons(people) | _layers()
    for name in ("report", "hidden"):
        kwargs[f"photo of {name}"] = {"photo_id": str(_photo(made[name])), "size": "small"}
    return World(people, kwargs)


def _comments(report: Report, people: dict[str, User | None]) -> dict[str, dict[str, Any]]:
    """Said at one report: read and waiting, with a photo and without, by its author and by those who work here."""
    author, moderator, at = people["author"], people["moderator"], {"ref": report.subject.reference}
    kwargs: dict[str, dict[str, Any]] = {
        "comment": {**at, "comment": _comment(report.pk, author).pk},
        "read comment": {**at, "pk": _comment(report.pk, moderator).pk},
        "administrator's comment": {**at, "comment": _comment(report.pk, people["administrator"]).pk},
        "no such comment": {**at, "comment": 0},
        "no comment": {**at, "pk": 0},
        "said photo": {**at, "photo_id": _said_photo(_comment(report.pk, moderator, "Снимка."))},
    }
    waiting = _said_photo(_comment(report.pk, author, "Чака."))
    kwargs["photo of a comment"] = {"photo_id": str(kwargs["said photo"]["photo_id"]), "size": "small"}
    kwargs["photo of a waiting comment"] = {"photo_id": str(waiting), "size": "small"}
    return kwargs


def _named() -> dict[str, dict[str, Any]]:
    """Parts of addresses that ask for nothing made here: what every town has, formats, and what is not there."""
    kwargs: dict[str, dict[str, Any]] = {"": {}}
    kwargs["organisation"], kwargs["its department"] = {"slug": "wheels"}, {"slug": "roads"}
    kwargs["no block"] = {"pk": 0}
    kwargs["area"] = {"slug": "levka"}
    kwargs["no card"] = {"key": "00000000-0000-4000-8000-000000000000"}
    kwargs["no card's act"] = {**kwargs["no card"], "verb": "publish"}
    kwargs["uuid"] = {"draft": uuid.uuid4()}
    kwargs["short place"] = {"place": "23.79,42.9"}
    kwargs["page"] = {"slug": "about"}
    for name in ("reports", "areas"):
        kwargs[f"tile of {name}"] = {"name": name, "z": "8", "x": "144", "y": "94"}
        kwargs[f"tiles of {name}"] = {"name": name}
    kwargs["collection of reports"], kwargs["no collection"] = {"collection": "reports"}, {"collection": "nothing"}
    kwargs["areas of settlements"] = {"key": "settlements."}
    kwargs["section"] = {"section": "reports"}
    kwargs["api_token"] = {"token_id": 0}
    kwargs["no photo"] = {"client_uuid": uuid.uuid4()}
    kwargs["nobody's"] = {"pk": 0}
    for kind in ("csv", "geojson", "gpkg", "pdf", "json", "xml"):
        kwargs[kind] = {"kind": kind}
    kwargs["json of lamp"], kwargs["xml of no service"] = {"code": "lamp", "kind": "json"}, {"code": "nothing", "kind": "xml"}
    kwargs["json of no token"] = {"token": str(uuid.uuid4()), "kind": "json"}
    return kwargs


def _events(author: User, moderator: User) -> dict[str, dict[str, Any]]:
    """One of a resident's that a moderator has published, one that waits."""
    made = {name: event(by=author, registration=True) for name in ("event", "kept event")}
    act(Event, made["event"].pk, "publish", by=moderator)
    found: dict[str, dict[str, Any]] = {name: {"ref": each.subject.reference} for name, each in made.items()}
    told = {name: practice(by=author) for name in ("practice", "kept practice")}
    act(Practice, told["practice"].pk, "publish", by=moderator)
    found |= {name: {"ref": each.subject.reference} for name, each in told.items()}
    found["practice's reject"] = {**found["kept practice"], "name": "reject"}
    found["practice's call-off"] = {**found["kept practice"], "name": "cancel"}
    found["event's call-off"] = {**found["event"], "name": "cancel"}
    found["event's nothing"] = {**found["event"], "name": "nothing"}
    found["no mark"] = {"token": "nobody"}
    found["my mark"] = {"token": my_address(author.correspondent).split("/")[-1].removesuffix(".ics")}
    return found


def _initiatives(author: User, moderator: User) -> dict[str, dict[str, Any]]:
    """One of a resident's that gathers people, one that waits for the moderator."""
    made = {
        name: propose(initiatives.said(), by=author, client_uuid=uuid.uuid4()) for name in ("initiative", "kept initiative")
    }
    act(Initiative, made["initiative"].pk, "publish", by=moderator)
    act(Initiative, made["initiative"].pk, "gather", by=author)
    found: dict[str, dict[str, Any]] = {name: {"ref": each.subject.reference} for name, each in made.items()}
    promised = [pledge(made["initiative"].pk, by=author) for _each in range(2)]
    promises.act(promised[0].pk, "publish", by=moderator)
    found |= {f"pledge's {name}": {"pk": promised[0].pk, "name": act} for name, act in (("end", "done"), ("nothing", "vanish"))}
    found["kept pledge's reject"] = {"pk": promised[1].pk, "name": "reject"}
    return found | {f"initiative's {name}": {**found["initiative"], "name": name} for name in ("stop", "nothing")}


def _policies(people: dict[str, User | None]) -> dict[str, dict[str, Any]]:
    """A policy of the official's department with a promise."""
    made = policy(by=people["official"])
    ref = {"ref": made.subject.reference}
    carried, kept = _project("paths"), promised(made, people["official"])
    carry_out(made.pk, carried.subject, by=people["official"])
    keep(made.pk, kept.pk, by=people["official"], done_on=kept.due_on.today(), note="Ето.")
    goal, service = set_goal("shade", goal_facts(), sector=made.subject.sector)[0], a_service()
    return {
        "policy": ref, "promise": {**ref, "pk": promised(made, people["official"]).pk}, "no promise": {**ref, "pk": 0},
        "kept promise": {**ref, "pk": kept.pk}, "policy's project": {**ref, "project": carried.subject.reference},
        "policy's no project": {**ref, "project": "none"},
        "goal's end": {"ref": goal.subject.reference, "name": "end"}, "goal's nothing": {"ref": goal.subject.reference, "name": "x"},
        "goal": {"ref": goal.subject.reference}, "service": {"slug": service.slug}, "no service": {"slug": "none"},
        "service ref": {"ref": service.subject.reference}, "no service ref": {"ref": "none"},
        "sector": {"slug": "urban"}, "no sector": {"slug": "none"},
    }  # fmt: skip


def _consultations(by: User | None) -> dict[str, dict[str, Any]]:
    """A department's: open, being prepared, closed with a table begun, answered; with a paper and a section."""
    assert by
    made = {
        "consultation": asking.opened(by), "prepared consultation": asking.written(by),
        "call": asking.opened(by, kind="call", within=asking.within()), "closed consultation": asking.opened(by),
        "answered consultation": asking.opened(by),
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {name: {"ref": each.subject.reference} for name, each in made.items()}
    for name, key in (("consultation", "its paper"), ("prepared consultation", "prepared paper")):
        paper = papers.add_paper(made[name].pk, kind="other", title="План", file=council.PDF, name="plan.pdf", by=by)
        found[key] = {**found[name], "pk": paper.pk}
    found["its link"] = {**found["consultation"], "pk": made["consultation"].papers.filter(digest="").first().pk}
    found["its section"], found["no section"] = ({**found["consultation"], "number": n} for n in (1, 99))
    asking.said(made["closed consultation"])
    asking.said(made["answered consultation"])
    for name in ("closed consultation", "answered consultation"):
        table.collect(asking.over(made[name]).pk, by=by)
    found["its row"] = {**found["closed consultation"], "pk": made["closed consultation"].proposals.get().pk}
    found["no row"] = {**found["closed consultation"], "pk": 0}
    row = made["answered consultation"].proposals.get()
    table.write_row(made["answered consultation"].pk, row.pk, by=by, verdict="accepted", reason="Добре.")
    table.answer(made["answered consultation"].pk, by=by)
    token = preview_url(made["prepared consultation"]).rstrip("/").split("/")[-1]
    found["preview"] = {**found["prepared consultation"], "token": token}
    found["forged preview"] = {**found["prepared consultation"], "token": "nobody"}
    paper = found["prepared paper"]
    found |= {"previewed paper": {**paper, "token": token}, "forged paper": {**paper, "token": "nobody"}}
    for name in ("stop", "nothing"):
        found[f"consultation's {name}"] = {**found["consultation"], "name": name}
    return found


def _surveys(official: User | None) -> dict[str, dict[str, Any]]:
    """One that is open with answers and results, one in preparation."""
    assert official
    asked, kept = opened(official, results="always"), prepared(official, ("single",))
    filled(asked, 5)
    ref, other = {"ref": asked.subject.reference}, {"ref": kept.subject.reference}
    question = {**other, "pk": kept.questions.get().pk}
    found: dict[str, dict[str, Any]] = {"survey": ref, "kept survey": other, "kept survey's question": question}
    found["kept survey's question up"] = {**question, "way": "up"}
    found |= {f"survey's {kind}": {**ref, "kind": kind} for kind in ("csv", "geojson", "pdf")}
    return found | {f"survey's {name}": {**ref, "name": name} for name in ("stop", "nothing")}


def _comparisons(people: dict[str, User | None]) -> dict[str, dict[str, Any]]:
    """The official's: open with a resident's variant and one that waits, in preparation, over."""
    official, author = people["official"], people["author"]
    assert official and author
    made = {"comparison": compared.opened(official), "kept comparison": compared.prepared(official)}
    made["over comparison"] = compared.over(compared.opened(official))
    found: dict[str, dict[str, Any]] = {name: {"ref": each.subject.reference} for name, each in made.items()}
    shown, waiting = (compared.sent(made["comparison"], author) for _each in range(2))
    variants.publish(shown.pk, by=people["moderator"])  # type: ignore[arg-type]
    kept = compared.own(made["kept comparison"])[0]
    for name, each in (("alternative", shown), ("waiting alternative", waiting), ("kept alternative", kept)):
        found[name] = {"ref": each.subject.reference}
    found |= {f"comparison's {code}": {**found["comparison"], "code": code} for code in ("a", "x")}
    found |= {
        f"waiting alternative's {name}": {**found["waiting alternative"], "name": name}
        for name in ("reject", "drop", "withdraw", "nothing")
    }
    return found


def _ideas(author: User, moderator: User) -> dict[str, dict[str, Any]]:
    """Ideas on their way to the Council: filed with a paper, hidden, withdrawn."""
    spam = Reason.objects.get(slug="spam")
    found = {}
    for name in ("idea", "hidden"):
        made = council.filed(council.idea(author=author), document=council.document())
        found[f"document of {name}"] = {"pk": made.documents.get().pk}
        found["idea" if name == "idea" else "hidden idea"] = {"ref": made.subject.reference}
    actions.hide(made.pk, reason=spam, by=moderator)
    gone = council.idea(author=author)
    actions.act(gone.pk, "withdraw", by=author, given=actions.move.Given(text="Няма нужда."))
    return found | {"withdrawn idea": {"ref": gone.subject.reference}}


def _pages() -> None:
    for slug in ("about", "contact", "accessibility", "open-data"):
        Page.objects.get_or_create(
            slug=slug, defaults={"title": factories.texts(slug), "body": factories.texts(slug), "since": "2026-01-01"}
        )


def _people() -> dict[str, User | None]:
    return {
        "anonymous": None, "resident": factories.resident(), "author": factories.resident(),
        "official": factories.official(), "other_official": factories.official("parks"),
        "dispatcher": factories.dispatcher(), "moderator": factories.moderator(), "planner": factories.planner(),
        "administrator": factories.administrator(),
    }  # fmt: skip


def _kept(planner: User | None) -> dict[str, dict[str, Any]]:
    """What a planner saved and started."""
    assert planner
    area = planning.save_area(planner, "Центърът", factories.box(*factories.BOX)[0])
    analysis = planning.save_analysis(planner, "По места", "analysis=areas", shared=True)
    run = planning.start_run(planner, "analysis=areas", "bg")
    return {"planner's area": {"pk": area.pk}, "planner's analysis": {"pk": analysis.pk}, "planner's run": {"pk": run.pk}}


def _layers() -> dict[str, dict[str, Any]]:
    """One that only those who plan see, with a file that waits; beside it reports of another system on their way, and an import."""
    made = Layer.objects.create(slug="lamps", name=factories.texts("Лампи", "Lamps"), published=False)
    file = Import.objects.create(layer=made, file_name="lamps.csv", size=1)
    Feature.objects.create(
        layer=made, slug="l-1", name=factories.texts("Л-1", "L-1"), point=Point(*factories.CENTRE, srid=4326)
    )
    slug = {"slug": "lamps"}
    transfer = Transfer.objects.create(name="old.csv", language="bg", state="asking")
    kwargs = {
        "transfer": {"pk": transfer.pk},
        "its taking over": {"pk": ReportImport.objects.create(source="old", name="old.csv").pk},
    }
    kwargs["thing of a layer"] = {"layer": "lamps", "slug": "l-1"}
    return {**kwargs, "layer": slug, "tile of a layer": {**slug, "z": "8", "x": "144", "y": "94"}, "import": {"pk": file.pk}}


def _project(slug: str = "park") -> Project:
    sector, root = Sector.objects.get(slug="urban"), Area.objects.root()
    subject = Subject.objects.create(kind="project", title="Парк", language="bg", sector=sector, area=root, is_public=True)
    return Project.objects.create(
        subject=subject, slug=slug, title=factories.texts("Парк", "Park"), stage="design", point=Point(*factories.CENTRE)
    )


def _photo(report: Report) -> uuid.UUID:
    """A photo's row with a file that stands for its small size."""
    made = Photo.objects.create(client_uuid=uuid.uuid4(), report=report, width=1, height=1)
    folder_of(made).mkdir(parents=True)
    (folder_of(made) / "small.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    return made.pk


def _representative(user: User | None) -> int:
    """A verified association that the resident represents; the membership."""
    made = Organisation.objects.create(
        slug="wheels", kind="association", name=factories.texts("Колела", "Wheels"), verified_at=timezone.now()
    )
    return Membership.objects.create(user=user, organisation=made, roles=["representative"]).pk


def _webhook(by: User | None) -> int:
    """One of the association that the resident represents."""
    return Webhook.objects.create(
        organisation=Organisation.objects.get(slug="wheels"), name="Карта", address="https://hooks.example/", made_by=by,
        events=["subject.published"],
    ).pk  # fmt: skip


def _comment(report_id: int, author: User, text: str = "Вярно е.") -> Comment:
    return spine.comment(report_id, text=text, client_uuid=uuid.uuid4(), correspondent=author.correspondent, by=author)


def _said_photo(comment: Comment) -> uuid.UUID:
    """A photo's row beside a comment, with a file that stands for its small size."""
    made = SubjectPhoto.objects.create(
        client_uuid=uuid.uuid4(), subject=comment.subject, comment=comment, width=1, height=1, digest=""
    )
    folder_of(made).mkdir(parents=True)
    (folder_of(made) / "small.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    return made.pk
