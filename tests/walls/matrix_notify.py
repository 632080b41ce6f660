"""Addresses of mails, alerts, the inbox and the table of what one is told."""

_KNOWN = {"*": {"GET": 200}, "anonymous": {"GET": 302}}
"""Whoever is known here; a stranger is led to the page that mails a link."""
_NOBODYS = {"*": {"POST": 404}, "anonymous": {"POST": 302}}

MATRIX = [
    ("notifications:stop", "token", {"*": {"GET": 404, "HEAD": 404, "POST": 404}}),
    ("notifications:alerts_from_mail", "token", {"*": {"GET": 404, "HEAD": 404, "POST": 404}}),
    ("notifications:alerts", "", _KNOWN),
    ("notifications:alert_new", "", {"*": {"GET": 200, "POST": 422}}),
    ("notifications:alert", "nobody's", {"*": {"GET": 404, "POST": 404}, "anonymous": {"GET": 302, "POST": 302}}),
    ("notifications:alert_act", "nobody's", _NOBODYS),
    ("notifications:alert_confirm", "token", {"*": {"GET": 410, "POST": 410}}),
    ("notifications:inbox", "", {"*": {"GET": 200, "POST": 302}, "anonymous": {"GET": 302, "POST": 302}}),
    ("notifications:table", "", {"*": {"GET": 200, "POST": 200}, "anonymous": {"GET": 302, "POST": 302}}),
    ("notifications:device", "", {"*": {"GET": 200, "POST": 400}, "anonymous": {"GET": 200, "POST": 302}}),
    ("notifications:phone", "", {"*": {"GET": 404, "POST": 404}, "anonymous": {"GET": 302, "POST": 302}}),
]
