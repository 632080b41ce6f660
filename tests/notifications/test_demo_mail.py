"""The demo's letter box: there with DEMO only, to this machine only, links can be clicked and nothing else gets through."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory

from notifications.views import demo_mail

MAIL = (
    b"X-Envelope-To: rada@levka.test\r\nFrom: a@levka.test\r\nTo: rada@levka.test\r\n"
    b"Subject: =?utf-8?b?0JfQtNGA0LDQstC10Lk=?=\r\n"
    b"Message-ID: <1@levka.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"See http://localhost:8000/reports/1/. <script>alert(1)</script>\r\n"
)


@pytest.fixture
def box(settings, tmp_path):
    settings.DEMO, settings.MAIL_DIR = True, tmp_path
    (tmp_path / "20261125T080000-abc.eml").write_bytes(MAIL)
    return tmp_path


def test_only_in_the_demo_and_only_on_this_machine(box, settings):
    here = RequestFactory().get("/demo/mail/")
    away = RequestFactory().get("/demo/mail/", REMOTE_ADDR="10.0.0.7")
    with pytest.raises(Http404):
        demo_mail.inbox(away)
    settings.DEMO = False
    for view in (lambda: demo_mail.inbox(here), lambda: demo_mail.mail(here, "20261125T080000-abc")):
        with pytest.raises(Http404):
            view()


def test_a_mail_that_is_not_there(box):
    with pytest.raises(Http404):
        demo_mail.mail(RequestFactory().get("/"), "nothing")


def test_addresses_become_links_and_everything_else_stays_text(box):
    text = demo_mail.clickable("See http://localhost:8000/reports/1/?a=1&b=2. <script>alert(1)</script>")
    assert text == (
        'See <a href="http://localhost:8000/reports/1/?a=1&amp;b=2">http://localhost:8000/reports/1/?a=1&amp;b=2</a>.'
        " &lt;script&gt;alert(1)&lt;/script&gt;"
    )


def test_summary_reads_the_headers(box):
    found = demo_mail._summary(box / "20261125T080000-abc.eml")
    assert (found["name"], found["subject"], found["to"]) == ("20261125T080000-abc", "Здравей", "rada@levka.test")
