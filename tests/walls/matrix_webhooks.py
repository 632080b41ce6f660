"""Addresses of webhooks, an administrator's, a head's and a representative's (in this world nobody is one by now), and of cases."""

_KEEPERS = ("administrator",)


def _keepers(**methods: int) -> dict[str, dict[str, int]]:
    return {"*": dict.fromkeys(methods, 404), "anonymous": dict.fromkeys(methods, 302), **dict.fromkeys(_KEEPERS, methods)}


_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
_WORK = ("official", "dispatcher", "moderator")
"""Those who work on the case of this world."""


def _takers(**methods: int) -> dict[str, dict[str, int]]:
    """Of a case: whoever works on it; to others who work here it is missing."""
    return {
        "*": dict.fromkeys(methods, 404), "anonymous": dict.fromkeys(_ALL, 401),
        **dict.fromkeys(("resident", "author"), dict.fromkeys(_ALL, 403)), **dict.fromkeys(_WORK, methods),
    }  # fmt: skip


MATRIX = [
    ("api-cases", "", {**_takers(GET=200), "*": {"GET": 200}}),
    ("api-case", "case", _takers(GET=200)),
    ("api-case", "report", _takers(GET=404)),
    ("api-case-pdf", "report", _takers(GET=404)),
    ("api-case-register", "case", _takers(POST=400)),
    ("desk_case_again", "case", {"*": {"POST": 404}, **dict.fromkeys(("anonymous", *_WORK), {"POST": 302})}),
    ("notifications:webhooks", "", _keepers(GET=200)),
    ("notifications:webhook_new", "", _keepers(GET=200, POST=422)),
    ("notifications:webhook", "its webhook", _keepers(GET=200)),
    ("notifications:webhook", "nobody's", _keepers(GET=404)),
    ("notifications:webhook_change", "its webhook", _keepers(GET=200, POST=422)),
    ("notifications:webhook_act", "its webhook", _keepers(POST=404)),
    ("notifications:webhook_again", "its webhook's nothing", _keepers(POST=404)),
]
