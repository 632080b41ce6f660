"""`/reports/new/`: place, what, photos, sending. One form in four steps; each step posts and nothing typed is lost.

A step that is right is kept and answered with the address of the next one, so that the browser's Back shows pages, not warnings.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import correspondent_of
from discussion.models import Subject
from geoportal.kernel import links, throttle
from geoportal.kernel.compression import compressed_unasked
from geoportal.kernel.photos import MOST_BYTES
from geoportal.kernel.references import display, parse
from layers.folding import LONGEST
from reports import given
from reports.actions import Expired, Submission, drop_photo, keep_photo, submit
from reports.actions.submit import CAME_FROM, MOST_PHOTOS
from reports.forms.errors import errors_by_field
from reports.forms.place import PlaceForm
from reports.forms.submit import PhotosForm, SendForm, WhatForm, shown_name
from reports.models import Category, Report
from reports.views import drafts, similar
from reports.views.beside_draft import around_draft, beside_place
from reports.views.draft_photos import of_draft, shot
from reports.views.drafts import uuid_of
from reports.views.foreseen import foreseen
from reports.views.places import lookup
from reports.views.said import said_of, without_private

STEPS = ("place", "what", "photos", "send")
FORMS: dict[str, type[Form]] = {"place": PlaceForm, "what": WhatForm, "photos": PhotosForm, "send": SendForm}
ENTER = "enter:"
"""Enter in a field of the place step without scripts; after it the words that were looked up last."""
KEPT = [name for form in FORMS.values() for name in form.base_fields if name not in ("photo", "website")]


def step_names() -> dict[str, str]:
    return {"place": _("Where is it?"), "what": _("What is it?"), "photos": _("Photo"), "send": _("Sending")}


@never_cache
@compressed_unasked
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The step named by `step` of the draft named by `draft`; `go` says where to: next, back, stay, look (at the preview), send."""
    given = request.POST if request.method == "POST" else request.GET
    step = given.get("step", "place")
    step = step if step in STEPS else "place"
    draft = uuid_of(given.get("client_uuid") or given.get("draft") or "") or uuid.uuid4()
    if request.method != "POST":
        if request.GET.get("first") == "photo":
            return _photo_first(request)
        begun = drafts.kept(request, draft)
        if begun is None and step != STEPS[0]:
            return redirect("report_new")  # sent already, or too old
        forms = _forms(request, begun)
        if begun is not None and request.GET.get("streets"):
            forms["place"] = PlaceForm(initial=begun.dict())  # asked in the midst of it: nothing is wrong yet
        return _page(request, step, forms, draft, quiet=True)
    forms = _forms(request, drafts.merged(request, draft, FORMS[step].base_fields, KEPT))
    _keep_photos(request, draft, forms)
    go = _wanted(request.POST)
    if step == "photos" and go == "next" and _needs_photo(forms) and not of_draft(draft):
        forms[step].add_error("photo", _("This category needs a photo."))
    if (answer := _aside(request, forms, draft, step, go)) is not None:
        return answer
    if go == "back":
        to = STEPS[max(STEPS.index(step) - 1, 0)]
    elif go != "look" and not forms[step].is_valid():
        return _page(request, step, forms, draft)
    elif go in ("stay", "look"):
        to = step
    elif step == "send":
        return _send(request, forms, draft)
    else:
        to = STEPS[STEPS.index(step) + 1]
        if step == "photos" and not forms["place"].is_valid():
            to = "place"  # it began with the photo
    if not _keep(request, draft, forms[step].data):
        return _page(request, to, forms, draft, quiet=True)
    return redirect(f"{reverse('report_new')}?{urlencode({'draft': draft, 'step': to})}")


def _wanted(post: QueryDict) -> str:
    """The `go` of the button; Enter looks up words that were not looked up yet, else it leads on."""
    go = post.get("go", "next")
    if not go.startswith(ENTER):
        return go
    typed = post.get("find", "").strip()
    return "search" if typed and typed != go.removeprefix(ENTER) else "next"


def _aside(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID, step: str, go: str) -> HttpResponse | None:
    """What is asked in the midst of a step and leads back to it; None when `go` leads on."""
    if similar.is_answer(go):
        return _similar(request, forms, draft, step, go)
    if go == "search":
        return _asked_at_place(request, forms, draft, find=request.POST.get("find", "").strip()[:LONGEST])
    if go == "streets":
        return _asked_at_place(request, forms, draft, streets="1")
    if go == "remove_private":
        forms = _forms(request, without_private(forms["what"].data))
        return _page(request, "what", forms, draft, quiet=not _keep(request, draft, forms["what"].data), fresh=True)
    return None


def _photo_first(request: HttpRequest) -> HttpResponse:
    """A new draft at the step of photos; the place is asked for after it."""
    draft = uuid.uuid4()
    if not _keep(request, draft, QueryDict()):
        return redirect("report_new")
    return redirect(f"{reverse('report_new')}?{urlencode({'draft': draft, 'step': 'photos'})}")


def _asked_at_place(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID, **asked: str) -> HttpResponse:
    """The place step with what was asked for (places found by name, streets of a settlement): the way of those without scripts."""
    if not _keep(request, draft, forms["place"].data):
        return _page(request, "place", forms, draft, quiet=True)
    return redirect(f"{drafts.way_back(draft, 'place', **asked)}#{'found' if 'find' in asked else 'id_street'}")


def _similar(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID, step: str, go: str) -> HttpResponse:
    """What was said about a similar report is kept with the draft, so that it is not asked again when sending."""
    data = forms[step].data.copy()
    data["similar"] = "seen"
    if not _keep(request, draft, data):
        return _page(request, step, _forms(request, data), draft, quiet=True)
    return similar.answer(request, draft, step, go)


def _origin(ref: str) -> Subject | None:
    """The public practice, service or goal of that number, from which an idea came."""
    number = parse(ref)
    return Subject.objects.filter(kind__in=CAME_FROM, is_public=True, reference=number).first() if number else None


def _keep(request: HttpRequest, draft: uuid.UUID, data: QueryDict) -> bool:
    """Whether the draft could be kept; otherwise the form alone carries it."""
    try:
        throttle.limit(request, "write")
    except throttle.Throttled:
        return False
    return drafts.keep(request, draft, data, KEPT)


def _forms(request: HttpRequest, data: Any) -> dict[str, Form]:
    own = {"what": {"user": request.user}, "send": {"user": request.user}}
    first = {
        "place": {"lon": request.GET.get("lon"), "lat": request.GET.get("lat"), "object": request.GET.get("object")},
        "what": {"kind": request.GET.get("kind")},
    }
    made = {}
    for name, form in FORMS.items():
        initial = {key: value for key, value in first.get(name, {}).items() if value} if data is None else {}
        made[name] = form(data, initial=initial, **own.get(name, {}))
    _know(request, made["send"])
    return made


def _know(request: HttpRequest, send: Form) -> None:
    """The form of sending begins with what the browser knows: an account's name, a guest's proven address."""
    if request.user.is_authenticated:
        send.fields["name"].initial = request.user.name
    elif known := correspondent_of(request):
        send.fields["email"].initial = known.email


def _keep_photos(request: HttpRequest, draft: uuid.UUID, forms: dict[str, Form]) -> None:
    """Files that came with the step are kept under the draft whatever else is wrong; refusals stand at the field."""
    for name in request.POST.getlist("drop_photo"):
        try:
            drop_photo(draft, uuid.UUID(name))
        except ValueError:
            continue
    form, files = forms["photos"], request.FILES.getlist("photo")
    room = MOST_PHOTOS - len(of_draft(draft)) if files else 0
    if len(files) > room:
        form.add_error("photo", _("At most %(most)s photos.") % {"most": MOST_PHOTOS})
    for file in files[:room]:
        try:
            throttle.limit(request, "photo")
            keep_photo(draft, uuid.uuid4(), file.read(MOST_BYTES + 1))
        except (ValidationError, throttle.Throttled) as refused:
            said = refused.messages[0] if isinstance(refused, ValidationError) else refused.detail
            form.add_error("photo", f"{file.name}: {said}")


def _needs_photo(forms: dict[str, Form]) -> bool:
    """Whether the chosen category takes no report without a photo."""
    what = forms["what"]
    category = what.is_bound and what.is_valid() and what.cleaned_data["category"]
    return bool(category and category.photo == Category.Photo.REQUIRED)


def _page(request: HttpRequest, step: str, forms: dict[str, Form], draft: uuid.UUID, *, quiet: bool = False,
          fresh: bool = False, status: int = 200) -> HttpResponse:  # fmt: skip
    """The step's page. `quiet`: what is not filled in yet is not an error. `fresh`: its words stand above what the tab has kept."""
    form = forms[step]
    kept = [other for name, other in forms.items() if name != step]
    known = form.is_bound and (any(form.data.get(name) for name in form.fields) if quiet else True)
    if quiet and form.is_bound and not known:
        form = FORMS[step](**({"user": request.user} if step in ("what", "send") else {}))
        if step == "send":
            _know(request, form)
    if quiet and step == "what" and form.is_bound and _came_along(form) and not form.data.get("category"):
        form = WhatForm(user=request.user, initial=_first(form))  # filled in by what it came from: nobody has sent it yet
    if step == "photos":
        form.fields["photo"].wanted = _needs_photo(forms)  # type: ignore[attr-defined]
    wrong = form.is_bound and not form.is_valid()
    names, at = step_names(), STEPS.index(step)
    shots = [shot(photo) for photo in of_draft(draft)]
    first_shot = shots[0]["thumb"] if shots else ""
    context = {
        "form": form, "step": step, "hidden": _hidden(kept), "draft": draft, "place_form": forms["place"],
        "title": names[step],
        "steps": [
            {"name": names[name], "state": "was" if i < at else "now" if i == at else "next", "url": ""}
            for i, name in enumerate(STEPS)
        ],
        **(said_of(form, notices=True) if step == "what" else {}),
        "photos": shots,
        "around": around_draft(forms["place"], forms["what"], first_shot) if step == "what" or _asks_of_similar(step, forms) else None,
        "same": similar.beside(request.GET.get("same", "")) if request.method != "POST" else None,
        "seen": foreseen(forms["place"], forms["what"], form) if step == "send" else None,
        "near_query": f"?{urlencode({'draft': draft, **({'settled': 1} if _said_of_similar(forms) else {})})}",
        **(beside_place(forms["place"]) if step == "place" else {}),
        **(lookup(request.GET.get("find", "") or request.POST.get("find", ""), form["hit"].value()) if step == "place" else {}),
        "given": given.shown(str(forms["what"].data.get("given_to", ""))) if forms["what"].is_bound else None,
        "fresh": fresh, "first": at == 0, "last": at == len(STEPS) - 1, "begun": "" if form.is_bound else _begun(request, draft),
    }  # fmt: skip
    return render(request, "reports/new.html", context, status=422 if wrong and not quiet and status == 200 else status)


def _came_along(form: Form) -> bool:
    """The idea was begun from a practice, service, goal or consultation."""
    return bool(form.data.get("given_to") or form.data.get("inspired_by"))


def _first(form: Form) -> dict[str, Any]:
    """What was sent, as the first values of the same form."""
    several = ("answers", "noticed", "similar", "further_sectors")
    return {name: form.data.getlist(name) if name in several else form.data.get(name) for name in form.fields}  # type: ignore[union-attr]


def _asks_of_similar(step: str, forms: dict[str, Form]) -> bool:
    """Before sending, until something was said about them."""
    return step == "send" and not _said_of_similar(forms)


def _said_of_similar(forms: dict[str, Form]) -> bool:
    what = forms["what"]
    return what.is_bound and bool(what.data.getlist("similar"))


def _begun(request: HttpRequest, draft: uuid.UUID) -> str:
    """Address of another report that was begun here and not yet sent, or nothing."""
    other = drafts.latest(request)
    return f"?{urlencode({'draft': other})}" if other and other != str(draft) else ""


def _hidden(forms: list[Form]) -> list[tuple[str, str]]:
    """What the other steps hold, as names and values of hidden inputs."""
    found = []
    for form in forms:
        if not form.is_bound:
            continue
        for name in form.fields:
            if name in KEPT and name != "street":  # the words that stand for it go along
                found += [(name, value) for value in _values(form, name) if value]
    return found


def _values(form: Form, name: str) -> list[str]:
    """The values of a field as they were sent; of the place the words together with the street of the list."""
    if name == "place" and form.data.get("street") and form.is_valid():
        return [form.cleaned_data["place"]]
    values: list[str] = form.data.getlist(name)  # type: ignore[union-attr]
    return values


def _send(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID) -> HttpResponse:
    """All steps are looked at again; the first that is wrong is shown, else the report is kept and receipted."""
    for name in STEPS:
        if not forms[name].is_valid():
            return _page(request, name, forms, draft)
    sent = submission(request, forms, draft)
    point = (sent.point.x, sent.point.y) if sent.point else None
    repeated = Report.objects.filter(subject__client_uuid=draft).exists()
    try:
        exempt = repeated or getattr(request.user, "works_here", False)
        throttle.limit(request, "report", contact=sent.email, point=point, exempt=exempt)
        report = submit(sent)
    except throttle.Throttled as throttled:
        forms["send"].add_error(None, throttled.detail)
        answer = _page(request, "send", forms, draft, status=429)
        answer["Retry-After"] = str(throttled.retry_after)
        return answer
    except Expired:
        forms["send"].add_error(None, _("This was kept, never confirmed and is gone. Send it again."))
        return _page(request, "send", forms, uuid.uuid4())
    except ValidationError as refused:
        return _refused(request, forms, draft, refused)
    drafts.drop(request, draft)
    if not _same(report, sent):
        number = _("Its number is %(number)s.") % {"number": display(report.subject.reference)}
        return render(request, "409.html", {"reason": number}, status=409)
    return redirect(reverse("report_receipt", args=[links.make("receipt", report=report.pk)]))


def _same(report: Report, sent: Submission) -> bool:
    """Whether what was first kept under this client UUID is what has been sent now, whatever was edited or cut since."""
    words = report.words
    title, text = (words.original_title or report.subject.title), (words.original or words.text)
    if first := report.revisions.order_by("pk").first():
        title, text = first.title, first.text
    return (title, text) == (sent.title, sent.text)


FIELD_STEPS = {
    "place": "place",
    "lon": "place",
    "object": "place",
    "category": "what",
    "answers": "what",
    "photos": "photos",
    "name": "send",
    "address": "send",
    "happened_on": "send",
}


def _refused(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID, refused: ValidationError) -> HttpResponse:
    """The verb's refusal stands at the field of the step that can mend it."""
    first = "send"
    for name, errors in errors_by_field(refused).items():
        step = FIELD_STEPS.get(name, "send")
        field = "photo" if name == "photos" else name
        forms[step].add_error(field if field in forms[step].fields else None, errors)
        first = min(first, step, key=STEPS.index)
    return _page(request, first, forms, draft)


def submission(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID) -> Submission:
    place, what, send = (forms[name].cleaned_data for name in ("place", "what", "send"))
    user = request.user if request.user.is_authenticated else None
    shape = place.get("shape")
    named = [found for value in request.POST.getlist("photos") if (found := uuid_of(value))]
    kept = [photo.client_uuid for photo in of_draft(draft)]
    order = [value for value in named if value in kept] + [value for value in kept if value not in named]
    return Submission(
        kind=what["kind"], category=what["category"], title=what["title"], text=what["text"], client_uuid=draft,
        language=get_language() or "bg", point=None if place["whole"] else place["point"],
        settlement=None if place["whole"] else place["settlement"], place=place["place"],
        line=shape if shape and shape.geom_type == "LineString" else None,
        polygon=shape if shape and shape.geom_type == "Polygon" else None,
        further_sectors=list(what["further_sectors"]), photos=order, official=send["way"] == "official",
        happened_on=send["happened_on"], restricted=send["restricted"], author=user,
        email=send.get("email", "") or "", name=send["name"], address=send["address"], phone=send["phone"],
        public_name=shown_name(send["public_name"], send["name"]), answers=what["answers"], consents=("terms", "privacy"),
        proven=correspondent_of(request), inspired_by=_origin(what["inspired_by"]),
        given_to=given.target(what["given_to"]), object=place["object"],
    )  # fmt: skip
