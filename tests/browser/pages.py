"""The kinds of pages that are looked at, and the small picture that stands for a map tile."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

TILES = "https://tile.openstreetmap.org"
PHONE = (390, 844)
DESKTOP = (1440, 900)
THEMES = ("light", "dark", "contrast")
PASSWORD = "demo"


def _tile() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (256, 256), "#d8e4d0").save(out, "PNG")
    return out.getvalue()


TILE = _tile()

FOLDERS = {
    "project": "projects", "event": "events", "initiative": "initiatives", "practice": "practices", "policy": "policies",
    "goal": "goals", "survey": "surveys", "consultation": "consultations", "comparison": "alternatives",
}  # fmt: skip
"""Kind → the first part of its addresses, whose list is there too."""
# name → (address, who is signed in). {report}, {idea}, {event} and so on stand for the first of each in its list.
PAGES: dict[str, tuple[str, str]] = {
    "map": ("/", ""),
    "reports": ("/reports/", ""),
    "report": ("{report}", ""),
    "idea": ("{idea}", ""),
    "submit": ("/reports/new/", ""),
    "offline": ("/offline/", ""),
    "offline-form": ("/reports/new/offline/", ""),
    "embed": ("/embed/", ""),
    "embed-map": ("/embed/map/", ""),
    "embed-list": ("/embed/list/", ""),
    "notice": ("/notice/", ""),
    "conversation": ("{talked}", ""),
    "conversation-moderated": ("{talked}", "admin@demo.test"),
    "comment": ("{talked}comment/?map=1", "admin@demo.test"),
    "organisations": ("/organisations/", ""),
    "organisation": ("/organisations/wheel-and-mountain/", "admin@demo.test"),
    "council": ("/ideas/council/", ""),
    "now": ("/now/", ""),
    "search": ("/search/?q=%D0%BF%D0%B0%D1%80%D0%BA", ""),
    "areas": ("/areas/", ""),
    "area": ("/areas/vrachesh/", ""),
    "sectors": ("/sectors/", ""),
    "sector": ("/sectors/urban/", ""),
    "events": ("/events/", ""),
    "event": ("{event}", "official@demo.test"),
    "event-new": ("/events/new/", "resident@demo.test"),
    "initiatives": ("/initiatives/", ""),
    "initiative": ("{initiative}", ""),
    "pledges": ("/pledges/", ""),
    "surveys": ("/surveys/", ""),
    "survey": ("{survey}", ""),
    "survey-answer": ("{survey}answer/", "resident@demo.test"),
    "survey-questions": ("{survey}questions/", "planner@demo.test"),
    "consultations": ("/consultations/", ""),
    "consultation": ("{consultation}", "official@demo.test"),
    "consultation-new": ("/consultations/new/", "official@demo.test"),
    "alternatives": ("/alternatives/", ""),
    "comparison": ("{comparison}", "planner@demo.test"),
    "comparison-new": ("/alternatives/new/", "planner@demo.test"),
    "comparison-propose": ("{comparison}propose/", "resident@demo.test"),
    "practices": ("/practices/", ""),
    "practice": ("{practice}", "admin@demo.test"),
    "policies": ("/policies/", ""),
    "policy": ("{policy}", ""),
    "goals": ("/goals/", ""),
    "goal": ("{goal}", ""),
    "services": ("/services/", ""),
    "indicators": ("/indicators/", ""),
    "people-of": ("/people/", ""),
    "card": ("/people/mine/", "resident@demo.test"),
    "blocks": ("/desk/moderation/blocks/", "admin@demo.test"),
    "projects": ("/projects/", ""),
    "project": ("{project}", ""),
    "about": ("/about/", ""),
    "open-data": ("/open-data/", ""),
    "collection": ("/ogc/collections/reports/items?f=html", ""),
    "privacy": ("/privacy/", ""),
    "terms": ("/terms/", ""),
    "accessibility": ("/accessibility/", ""),
    "display": ("/display/", ""),
    "sign-in": ("/accounts/login/", ""),
    "missing": ("/no-such-page/", ""),
    "account": ("/accounts/", "resident@demo.test"),
    "desk": ("/desk/", "official@demo.test"),
    "case": ("{case}", "official@demo.test"),
    "what": ("{draft}&step=what", ""),
    "photos": ("{draft}&step=photos", ""),
    "send": ("{draft}&step=send", ""),
    "support": ("{report}support/", ""),
    "act": ("{case}note/", "official@demo.test"),
    "intake": ("/desk/new/", "official@demo.test"),
    "moderation": ("/desk/moderation/", "admin@demo.test"),
    "planning": ("/planning/?analysis=areas&kind=problem", "planner@demo.test"),
    "planning-time": ("/planning/?analysis=time&by=kind", "planner@demo.test"),
    "planning-bad": ("/planning/?analysis=areas&since=x&within=circle:1", "planner@demo.test"),
    "planning-print": ("/planning/print/?analysis=areas", "planner@demo.test"),
    "planning-areas": ("/planning/areas/?within=circle:23.79,42.91,900", "planner@demo.test"),
    "planning-saved": ("/planning/saved/?query=analysis%3Dareas", "planner@demo.test"),
    "planning-runs": ("/planning/runs/", "planner@demo.test"),
    "layers": ("/planning/layers/", "planner@demo.test"),
    "layer": ("/planning/layers/landmarks/", "planner@demo.test"),
    "webhooks": ("/accounts/webhooks/", "admin@demo.test"),
    "webhook": ("/accounts/webhooks/new/", "admin@demo.test"),
    "link": ("/accounts/link/", ""),
    "my-data": ("/accounts/data/", "resident@demo.test"),
    "fixed": ("{report}fixed/", ""),
    "people": ("/accounts/people/", "admin@demo.test"),
    "alerts": ("/accounts/alerts/", "resident@demo.test"),
    "alert": ("/accounts/alerts/new/", "resident@demo.test"),
    "alert-area": ("/accounts/alerts/new/?bbox=23.7,42.8,23.9,43.0", "resident@demo.test"),
    "inbox": ("/accounts/inbox/", "official@demo.test"),
    "told": ("/accounts/notifications/", "official@demo.test"),
}


_addresses: dict[tuple[str, str], str] = {}
_sessions: dict[tuple[str, str], Any] = {}


def open_as(page: Page, name: str, base: str) -> str:
    """Signs in whoever the kind of page belongs to (by the password once, then by the same session); answers its address."""
    address, who = PAGES[name]
    if who:
        enter(page, base, who)
    if "{draft}" in address:
        return address_of(page, name, base)  # a begun report belongs to one browser
    if (base, name) not in _addresses:
        _addresses[base, name] = address_of(page, name, base)
    return _addresses[base, name]


def address_of(page: Page, name: str, base: str) -> str:
    """The address of a kind of page; the first report, idea, project or case is looked up in its list."""
    address, _who = PAGES[name]
    kind, _brace, rest = address.removeprefix("{").partition("}")
    if kind == "draft":
        return f"{_draft(page, base)}{rest}"
    lists = {"report": "/reports/?kind=problem", "idea": "/reports/?kind=idea", "case": "/desk/"}
    lists |= {one: f"/{FOLDERS[one]}/" for one in FOLDERS}
    lists["talked"] = "/reports/?kind=idea&q=%D0%B2%D0%B5%D0%BB%D0%BE%D0%B0%D0%BB%D0%B5%D1%8F%D1%82%D0%B0"  # велоалеята
    if kind not in lists:
        return address
    page.goto(base + lists[kind])
    prefix = lists[kind] if kind in FOLDERS or kind == "case" else "/reports/"
    for link in page.locator(f"main a[href^='{prefix}']").all():
        found = (link.get_attribute("href") or "").split("?")[0]
        if any(part.isdigit() and len(part) == 10 for part in found.split("/")):
            return f"{found}{rest}"
    raise AssertionError(f"no {name} in {lists[kind]}")


def _draft(page: Page, base: str) -> str:
    """A begun report: its place is given."""
    page.goto(f"{base}/reports/new/")
    page.wait_for_selector(".mapbox[data-ready=true]")
    page.locator("[data-without-map] summary").click()
    page.select_option("[name=settlement]", index=1)
    page.fill("[name=place]", "пред входа")
    page.locator("button.primary[name=go]").click()
    page.wait_for_url("**step=what**")
    return page.url.removeprefix(base).split("&")[0]


def enter(page: Page, base: str, email: str) -> None:
    """Lets one of the demo's accounts in: by its password once, then by the same session, which nobody who signs out may use."""
    if (base, email) not in _sessions:
        sign_in(page, base, email)
        _sessions[base, email] = [one for one in page.context.cookies() if one["name"] != "theme"]
    else:
        page.context.add_cookies(_sessions[base, email])


def choose(box: Locator, wanted: bool = True) -> None:
    """Ticks a radio or a checkbox by its key: what lies over it, and whether the page still moves, is no matter then."""
    if box.is_checked() != wanted:
        box.press("Space")
    expect(box).to_be_checked(checked=wanted)


def sign_in(page: Page, base: str, email: str) -> None:
    """Signs one of the demo's accounts in by its password."""
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form").filter(has=page.locator("input[name=password]")).locator(
        "button[type=submit], button:not([type])"
    ).first.click()
    page.wait_for_url(lambda address: "/login" not in address)
