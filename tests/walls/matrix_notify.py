"""Addresses of mails and accounts."""

MATRIX = [
    ("notifications:stop", "token", {"*": {"GET": 404, "HEAD": 404, "POST": 404}}),
]
