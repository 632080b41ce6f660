"""The demo's letter box: what the product sent, with links that can be clicked. Its addresses exist with DEMO only."""

from __future__ import annotations

import datetime
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

MOST_LISTED = 200
LOOPBACK = ("127.0.0.1", "::1")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def _only_here(request: HttpRequest) -> None:
    """Real mail may lie here: only the demo shows it, and only to this machine."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesParser(policy=policy.default).parse(file)  # type: ignore[arg-type]


def _summary(path: Path) -> dict[str, Any]:
    mail = _read(path)
    at = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return {"name": path.stem, "subject": mail["Subject"], "to": mail["To"] or mail["X-Envelope-To"], "at": at}


def clickable(text: str) -> SafeString:
    """The text, escaped, with its addresses as links."""
    pieces, last = [], 0
    for found in ADDRESS.finditer(text):
        link = escape(found[0].rstrip(".,)"))
        pieces += [
            escape(text[last : found.start()]),
            f'<a href="{link}">{link}</a>',
            escape(found[0][len(found[0].rstrip(".,)")) :]),
        ]
        last = found.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308  every piece was escaped


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    _only_here(request)
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), reverse=True)[:MOST_LISTED]
    return render(request, "notifications/demo_inbox.html", {"mails": [_summary(path) for path in files]})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its text part, with links."""
    _only_here(request)
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    if not path.is_file():
        raise Http404
    found = _read(path)
    body = found.get_body(preferencelist=("plain",))
    text = clickable(body.get_content() if body else "")
    kept = ("From", "To", "Date", "Message-ID", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post")
    headers = [(key, found[key]) for key in kept if found[key]]
    return render(request, "notifications/demo_mail.html", {"subject": found["Subject"], "text": text, "headers": headers})
