"""The site on a phone: its manifest, its service worker, and the two pages that work without a connection."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from layers import ground_file
from layers.ground import PAINTER
from municipality.site import installation
from reports.alarms import for_the_phone
from reports.cards import card, card_rows
from reports.forms.place import PlaceForm
from reports.forms.submit import PhotosForm, SendForm, WhatForm
from reports.models import Category, Question, Report
from reports.noticing import emergency_entries

MOST_MINE = 30
FONTS = "npm/@fontsource-variable/noto-sans/files/noto-sans-{}-wght-normal.woff2"
FILES = (
    *(f"css/{name}.css" for name in ("tokens", "tokens.dark", "tokens.contrast", "base", "layout", "components", "pages", "map", "app")),
    "css/plain.css", "js/plain.js",
    FONTS.format("cyrillic"), FONTS.format("latin"), "img/sprite.svg", "img/favicon.svg", "leaflet/leaflet.js", "leaflet/leaflet.css",
)  # fmt: skip
"""What the pages of the shell are made of, beside their scripts."""
SCRIPTS = ("js/app/start.js", "js/app/form.js", "js/app/home.js", "js/place_picker.js", "js/categories.js")
WORKER = ("js/app/outbox.js", "js/app/worker.js")
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


def _edition() -> object:
    return installation().edition


@cache
def modules() -> tuple[str, ...]:
    """The scripts of the shell's pages with all that they import, as names of static files."""
    found: dict[str, None] = {}
    waiting = list(SCRIPTS)
    while waiting:
        name = waiting.pop()
        path = finders.find(name)
        if name in found or not isinstance(path, str):
            continue
        found[name] = None
        folder = name.rsplit("/", 1)[0]
        with open(path, encoding="utf-8") as file:
            waiting += [_joined(folder, imported) for imported in IMPORT.findall(file.read())]
    return tuple(sorted(found))


def _joined(folder: str, imported: str) -> str:
    parts = folder.split("/")
    for part in imported.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@require_safe
@public(_edition, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the site (W3C Web Application Manifest), in the language of the address."""
    here = installation()
    icons = [
        ("icon-192.png", "192x192", "any"),
        ("icon-512.png", "512x512", "any"),
        ("icon-maskable.png", "512x512", "maskable"),
    ]
    return JsonResponse(
        {
            "id": "/", "name": text_in(here.name), "short_name": text_in(here.short_name), "description": text_in(here.tagline),
            "lang": request.LANGUAGE_CODE, "dir": "ltr", "start_url": reverse("map"), "scope": "/", "display": "standalone",
            "background_color": "#ffffff", "theme_color": "#14532d", "categories": ["government", "utilities"],
            "icons": [
                {"src": static(f"img/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in icons
            ],
            "shortcuts": [
                {"name": _("Report"), "url": reverse("report_new"), "icons": [_shortcut("shortcut-new.png")]},
                {"name": pgettext("shortcut", "Mine"), "url": reverse("account_home"), "icons": [_shortcut("shortcut-mine.png")]},
            ],
        },
        content_type="application/manifest+json",
    )  # fmt: skip


def _shortcut(name: str) -> dict[str, str]:
    return {"src": static(f"img/{name}"), "sizes": "96x96", "type": "image/png"}


@require_safe
@public(_edition, max_age=0, everyone=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the whole site: which files it keeps, then its scripts."""
    text = f"self.CONFIG = {json.dumps(_config(), ensure_ascii=False, sort_keys=True)};\n"
    scripts = ", ".join(json.dumps(static(name)) for name in (*WORKER, *_push()))
    return HttpResponse(f"{text}importScripts({scripts});\n", content_type="text/javascript; charset=utf-8")


def _push() -> tuple[str, ...]:
    return ("js/app/push_events.js",) if finders.find("js/app/push_events.js") else ()


def _config() -> dict[str, Any]:
    pages = {}
    shell = [static(name) for name in (*FILES, *modules())]
    for code, _name in settings.LANGUAGES:
        with override(code):
            pages[code] = {
                "home": reverse("offline"), "form": reverse("report_offline"), "words": {"received": _("Your report was received")},
            }  # fmt: skip
            shell += [reverse("offline"), reverse("report_offline"), reverse("ground")]
            if ground_file.there():
                shell += [static(PAINTER), reverse("ground_tiles", args=[installation().edition])]
    shell = sorted(set(shell))
    # Pages change with the data, the words and the templates as well; a release or a load makes all phones fetch the shell anew.
    seed = json.dumps([shell, getattr(settings, "RELEASE", ""), installation().edition, _words()])
    return {
        "version": hashlib.sha256(seed.encode()).hexdigest()[:16], "language": settings.LANGUAGE_CODE, "pages": pages,
        "shell": shell,
    }  # fmt: skip


def _words() -> list[Any]:
    return list(Category.objects.values_list("slug", "version").order_by("pk"))


@require_safe
@public(_edition)
def offline(request: HttpRequest) -> HttpResponse:
    """What waits on this phone, what was sent from it, and my reports as they stood; shown without a connection."""
    return render(request, "app/home.html")


@require_safe
@public(_edition)
def form(request: HttpRequest) -> HttpResponse:
    """A whole report on one page, kept on the phone while it is written and sent from there."""
    nobody = AnonymousUser()
    rows = Category.objects.open_to(nobody).prefetch_related("questions")
    context = {
        "place": PlaceForm(), "what": WhatForm(user=nobody), "photos": PhotosForm(), "send": SendForm(user=nobody),
        "categories": {row.slug: _told(row) for row in rows},
        "emergency": {"number": installation().contact.get("emergency", ""), **for_the_phone(emergency_entries())},
    }  # fmt: skip
    return render(request, "app/form.html", context)


def _told(category: Category) -> dict[str, Any]:
    """What the page must know of a category without asking: its photo, who is responsible instead, what it asks."""
    questions = {question.pk: question for question in category.questions.all()}
    asked = [_asked(question, questions.get(question.after_id or 0)) for question in questions.values()]
    other = {"text": text_in(category.not_ours), "phone": category.not_ours_phone, "url": category.not_ours_url}
    return {"photo": category.photo, "not_ours": other if category.not_ours else None, "questions": asked}


def _asked(question: Question, after: Question | None) -> dict[str, Any]:
    """A question in the reader's words; `follows`: the value of the choice after which it is asked."""
    before = after.choice(question.after_choice) if after else None
    hints = [
        _("If you chose “%(choice)s” above.") % {"choice": text_in(before["text"])} if before else "",
        text_in(question.note),
        _("The day, and the hour if you know it: 31.12.2026, 08:30.")
        if question.datatype == question.Datatype.DATETIME
        else "",
        _("Everyone reads the answer.") if question.public else _("Only the municipality sees the answer."),
    ]
    return {
        "slug": question.slug, "text": str(question), "datatype": question.datatype, "line": not question.variable,
        "follows": f"{after.slug}:{question.after_choice}" if after else "", "hint": " ".join(part for part in hints if part),
        "opt": "" if question.required else _("if you wish"),
        "missing": _("Answer this: %(question)s") % {"question": question} if question.required else "",
        "choices": [
            {"slug": one["slug"], "text": text_in(one["text"]), "advice": text_in(one.get("advice") or {}), "stops": bool(one.get("stops"))}
            for one in question.choices
        ],
    }  # fmt: skip


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My newest reports in every state, for the phone to show without a connection; only what I may see anyway."""
    known = correspondent_of(request)
    if known is None:
        return JsonResponse({"account": "", "reports": []})
    owned: Any = Report.objects.filter(contact__correspondent=known)
    if request.user.is_authenticated:
        owned = Report.objects.filter(author=request.user)
    found = [card(row) for row in card_rows(owned.order_by("-created_at", "-pk"))[:MOST_MINE]]
    rows = [{name: row[name] for name in ("title", "url", "place", "status")} for row in found]
    email = request.user.email if request.user.is_authenticated else ""
    return JsonResponse({"account": email, "reports": rows})
