"""Addresses of events, practices and initiatives."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_KEPT = {"*": {"GET": 404}, "author": {"GET": 200}, "moderator": {"GET": 200}}
_ORGANISER = {"*": _NOBODY, "anonymous": _LOGIN, "author": _FORM, "moderator": _FORM}
_BEGUN = {"GET": 409, "POST": 422}
"""It has not begun, so that nothing came of it yet."""

MATRIX = [
    ("api-events", "", _ALL),
    ("api-event", "event", _ALL),
    ("api-event", "kept event", _MISSING),
    ("events", "", _ALL),
    ("events_ics", "", _ALL),
    ("my_events_ics", "no mark", _MISSING),
    ("my_events_ics", "my mark", _ALL),
    ("event", "event", _ALL),
    ("event", "kept event", _KEPT),
    ("event", "report", _MISSING),
    ("event_ics", "event", _ALL),
    ("event_ics", "kept event", _MISSING),
    ("event_new", "", {"*": _FORM, "anonymous": _LOGIN}),
    ("event_come", "event", {"*": {"GET": 200, "POST": 302}, "anonymous": _FORM}),
    ("event_leave", "event", {"*": {"GET": 200, "POST": 302}, "anonymous": {"GET": 302, "POST": 302}}),
    ("event_remind", "event", {"*": {"GET": 302, "POST": 302}}),
    *((name, "kept event", {"*": _NOBODY}) for name in ("event_come", "event_leave", "event_remind")),
    ("event_change", "event", _ORGANISER),
    ("event_minutes", "event", {**_ORGANISER, "author": _BEGUN, "moderator": _BEGUN}),
    ("event_act", "event's call-off", _ORGANISER),
    ("event_act", "event's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("people", "", _ALL),
    ("people_mine", "", {"*": _FORM, "anonymous": _LOGIN}),
    ("person", "no card", _MISSING),
    ("person_settle", "no card", {"*": _NOBODY}),
    ("search", "", _ALL),
    ("everything_feed", "", _ALL),
    ("practices", "", _ALL),
    ("practice", "practice", _ALL),
    ("practice", "kept practice", _KEPT),
    ("practice", "event", _MISSING),
    ("practice_new", "", {"*": _FORM, "anonymous": _LOGIN}),
    ("practice_apply", "practice", {"*": {"GET": 302}}),
    ("practice_apply", "kept practice", _MISSING),
    ("practice_change", "kept practice", {**_ORGANISER}),
    ("practice_act", "practice's reject", {**_ORGANISER, "author": {"GET": 409, "POST": 422}}),
    ("practice_act", "practice's call-off", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("api-initiatives", "", _ALL),
    ("api-initiative", "initiative", _ALL),
    ("api-initiative", "kept initiative", _MISSING),
    ("initiatives", "", _ALL),
    ("initiative", "initiative", _ALL),
    ("initiative", "kept initiative", _KEPT),
    ("initiative", "event", _MISSING),
    ("initiative_new", "", {"*": _FORM, "anonymous": _LOGIN}),
    ("initiative_join", "initiative", {"*": {"GET": 200, "POST": 302}, "anonymous": _FORM}),
    ("initiative_leave", "initiative", {"*": {"GET": 200, "POST": 302}, "anonymous": {"GET": 302, "POST": 302}}),
    *((name, "kept initiative", {"*": _NOBODY}) for name in ("initiative_join", "initiative_leave")),
    ("initiative_change", "initiative", _ORGANISER),
    ("initiative_result", "initiative", {**_ORGANISER, "author": _BEGUN, "moderator": _BEGUN}),
    ("initiative_message", "initiative", _ORGANISER),
    ("initiative_act", "initiative's stop", _ORGANISER),
    ("initiative_act", "initiative's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("pledges", "", _ALL),
    ("pledge_new", "", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("pledge_act", "pledge's end", {"*": _NOBODY, "anonymous": _LOGIN, "author": _FORM}),
    ("pledge_act", "kept pledge's reject", {"*": _NOBODY, "anonymous": _LOGIN, "moderator": _FORM}),
    ("pledge_act", "pledge's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
]
