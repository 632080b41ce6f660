"""What the author does on the own report: mend, add, move, withdraw, answer, ask to reopen. One small page with a form each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.words import in_words
from geoportal.kernel import throttle
from geoportal.kernel.photos import MOST_BYTES
from municipality.models import Area
from reports import actions, workflow
from reports.access import co_author_of, proven_author
from reports.actions.author import own_name
from reports.actions.move import PRIVATE
from reports.actions.submit import responsible
from reports.forms.author import ActForm, AddForm, EditForm, MoveForm, NameForm
from reports.forms.errors import errors_by_field
from reports.models import Photo, Report
from reports.views.page import AUTHOR_ACTS, author_acts, found
from reports.views.said import taking_out, typed

Do = Callable[[Form], Any]
OVER = gettext_lazy("This is not possible any more: the report has moved on. Look at its page.")


def own(request: HttpRequest, ref: str) -> Report:
    """The report, when this request proves its author; 404 else."""
    report = found(request, ref)
    if not proven_author(request, report):
        raise Http404
    return report


def _user(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form: an empty POST is wrong, not unasked."""
    return (typed(request), request.FILES) if request.method == "POST" else (None, None)


def _answer(request: HttpRequest, report: Report, form: Form, title: str, button: str, do: Do, *,
            may: bool = True, **context: Any) -> HttpResponse:  # fmt: skip
    """Shows the form (not when the act is over), or does it and goes back to the report; a refusal stands at its field."""
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        try:
            throttle.limit(request, "write")
            if (other := do(form)) is not None:
                return other
            return redirect("report", report.subject.reference)
        except ValidationError as refused:
            _place_errors(form, refused)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
        except (actions.NotAllowed, PermissionDenied):
            form.add_error(None, OVER)
    page = {"report": report, "form": form, "title": title, "button": button, **context}
    if form.is_bound and "kept" in form.fields:
        page["shot"] = keep_photo_of(request, form)
    if not may and not form.is_bound:
        page["over"] = OVER
    return render(request, "reports/small.html", page, status=422 if form.errors else 200)


def _place_errors(form: Form, refused: ValidationError) -> None:
    for name, errors in errors_by_field(refused).items():
        form.add_error(name if name in form.fields else None, errors)


def keep_photo_of(request: HttpRequest, form: Form) -> dict[str, Any] | None:
    """The photo that came now or earlier, for the page that asks for something else: it is not lost."""
    form.is_valid()
    if "photo" not in form.errors:
        try:
            kept = sent_photos(request, form.cleaned_data.get("kept"))
        except (ValidationError, throttle.Throttled) as refused:
            form.add_error("photo", refused.messages if isinstance(refused, ValidationError) else refused.detail)
        else:
            photo = Photo.objects.filter(client_uuid__in=kept, report=None, fixed_claim=None).first()
            return {"small": photo.url("small"), "kept": photo.client_uuid} if photo else None
    return None


def sent_photos(request: HttpRequest, earlier: uuid.UUID | None = None) -> list[uuid.UUID]:
    """The form's photo, sanitised and kept as a draft's, or else the one that was kept `earlier`; its client UUID."""
    file = request.FILES.get("photo")
    if file is None:
        return [earlier] if earlier else []
    throttle.limit(request, "photo")
    client_uuid = uuid.uuid4()
    try:
        actions.keep_photo(uuid.uuid4(), client_uuid, file.read(MOST_BYTES + 1))
    except ValidationError as refused:
        raise ValidationError({"photo": refused}) from refused
    return [client_uuid]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    report = own(request, ref)
    form = EditForm(_sent(request)[0], initial={"title": report.subject.title, "text": report.words.text})

    def do(form: Form) -> None:
        data = form.cleaned_data
        actions.edit(report.pk, title=data["title"], text=data["text"], by=_user(request), proven_author=True)

    may = actions.may_edit(request.user, report, proven_author=True)
    return _answer(request, report, form, _("Mend the words"), _("Save"), do, may=may)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """The author adds, or a co-author of an idea."""
    report = found(request, ref)
    mine = proven_author(request, report)
    along = None if mine else co_author_of(request, report)
    if not mine and along is None:
        raise Http404
    form = AddForm(*_sent(request))

    def do(form: Form) -> None:
        text = form.cleaned_data["text"]
        actions.add_words(
            report.pk, text=text, photo=sent_photos(request, form.cleaned_data["kept"]), by=_user(request), proven_author=mine,
            co_author=along.pk if along else None,
        )  # fmt: skip

    return _answer(request, report, form, _("Add something"), _("Add"), do)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def relocate(request: HttpRequest, ref: str) -> HttpResponse:
    """The first POST shows what would change (department, due date), the second one does it."""
    report = own(request, ref)
    where = {"lon": report.geom.x, "lat": report.geom.y} if report.geom else {}
    first = {"category": report.category.slug, "place": report.place, **where}
    form = MoveForm(_sent(request)[0], initial=first, report=report, user=request.user)

    def do(form: Form) -> HttpResponse | None:
        data = form.cleaned_data
        if not request.POST.get("sure"):
            area = responsible(data["point"])[0] if data["point"] else report.area
            if area is not None:
                return _consequence(request, report, form, area)
        actions.relocate(
            report.pk, category=data["category"], point=data["point"], place=data["place"], by=_user(request),
            proven_author=True,
        )  # fmt: skip
        return None

    may = actions.may_edit(request.user, report, proven_author=True)
    return _answer(request, report, form, _("Another place or category"), _("Continue"), do, may=may, map=may and bool(where))


def _consequence(request: HttpRequest, report: Report, form: Form, area: Area) -> HttpResponse:
    changed = actions.consequence(report, form.cleaned_data["category"], area)
    lines = [_("It will be with: %(department)s.") % {"department": changed["department"]}]
    if changed["answer_due"]:
        lines.append(_("Answer due by %(day)s.") % {"day": in_words(changed["answer_due"])})
    page = {"report": report, "form": form, "title": _("Another place or category"), "button": _("Change it"),
            "sure": True, "lines": lines, "map": False}  # fmt: skip
    return render(request, "reports/small.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, ref: str) -> HttpResponse:
    """Hides the name with one button, or shows it again; every public page follows at once."""
    report = own(request, ref)
    form = NameForm(_sent(request)[0], initial={"public_name": report.public_name}, name=own_name(report))

    def do(form: Form) -> None:
        shown = form.cleaned_data["public_name"]
        actions.show_name(report.pk, shown, by=_user(request), proven_author=True)

    say = _("The municipality still knows who wrote. Everyone else reads what you choose here, on every page, at once.")
    return _answer(request, report, form, _("Who is shown as the author?"), _("Save"), do, say=say)


WORDS = {
    "answer": (lambda: _("Answer the question"), lambda: _("Send the answer")),
    "withdraw": (lambda: _("Withdraw it"), lambda: _("Withdraw")),
    "request_reopen": (lambda: _("Ask to have it reopened"), lambda: _("Ask for it")),
    "take_up_again": (lambda: _("Take the idea up again"), lambda: _("Take it up")),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """An edge of the workflow that is the author's."""
    report = own(request, ref)
    if name not in AUTHOR_ACTS:
        raise Http404
    fields = ("text", "photo") if name in ("answer", "request_reopen") else ("text",)
    form = ActForm(*_sent(request), fields=fields, required=name != "take_up_again")
    title, button = (make() for make in WORDS[name])
    kept = name == "withdraw" and report.kind == workflow.Kind.IDEA  # it stays in lists with its reason

    def do(form: Form) -> None:
        given = actions.Given(text=form.cleaned_data["text"], photo=sent_photos(request, form.cleaned_data.get("kept")))
        actions.act(report.pk, name, by=_user(request), proven_author=True, given=given)

    return _answer(request, report, form, title, button, do, may=name in author_acts(report),
                   sees="answer" if name == "answer" else "", not_public=name in PRIVATE and not kept, say=_kept_words() if kept else "")  # fmt: skip


def _kept_words() -> str:
    return _("Title and reason stay for everyone to read; your words, photos and name do not.")
