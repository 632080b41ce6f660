"""A report sent by a program with a token: text, a place, consents."""

from __future__ import annotations

from bench.asked import ADDRESS, UUID, Request, post
from bench.figures import Goal
from bench.row import LIMIT, SITE, Ask, Context, Row, Variant

COUNT = 100


def submissions(path: str = "/api/v1/reports/") -> Ask:
    """One report at each of COUNT places, each time under a new key, from a new address."""

    def ask(context: Context) -> list[Request]:
        found = []
        for (lon, lat), title in zip(context.drawn.places[:COUNT], context.drawn.title, strict=False):
            body = {
                "kind": "problem", "category": context.drawn.category, "title": title[:120], "place": "ул. „Шипка“ 3", "agree": True,
                "text": "Живея наблизо и го виждам всеки ден. Моля да изпратите екип на място.",
                "point": {"type": "Point", "coordinates": [lon, lat]},
            }  # fmt: skip
            headers = (
                ("Authorization", f"Bearer {context.token}"), ("Idempotency-Key", UUID), ("X-Forwarded-For", ADDRESS),
            )  # fmt: skip
            found.append(post(path, body, *headers))
        return found

    return ask


ROWS = (
    Row(
        "submit", "submit (text)",
        {"limit": Variant(LIMIT, submissions(), writes=True), "ours": Variant(SITE, submissions(), writes=True)},
        (
            Goal("≥ 0.35 of the limit", "ratio", 0.35),
            Goal("≥ 2.5 × a DRF create", "ratio", 2.5, to="drf-gis"),
        ),
        {"drf-gis": Variant("drf-gis", submissions("/create/"), writes=True)},
    ),
)  # fmt: skip
