"""Documents through one gate, and whom they are handed to."""

from __future__ import annotations

import datetime
import io
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from weasyprint import HTML

from geoportal.kernel import documents
from geoportal.kernel.documents import MOST_BYTES, DocumentRefused, checked
from reports.actions import clockwork, hide, keep_document
from reports.models import Document, Reason
from tests import factories
from tests.reports.council.world import PDF, document, filed


def packed(objects: bytes, how: bytes = b"/Filter /FlateDecode", *, squeezed: bytes | None = None) -> bytes:
    """A PDF with an object stream that holds these objects."""
    body = zlib.compress(objects) if squeezed is None else squeezed
    said = b"9 0 obj\n<</Type /ObjStm /N 1 /First 4 " + how + b" /Length %d>>\nstream\n" % len(body)
    return PDF.replace(b"%%EOF", said + body + b"\nendstream\nendobj\n%%EOF")


SCRIPT = b"7 0 <</S /JavaScript /JS (app.alert(1))>>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n" + b"0" * MOST_BYTES + b"%%EOF", "bytes"),
        (b"<html>%PDF-1.7 %%EOF", "format"),
        (b"MZ\x90\x00", "format"),
        (PDF[:-8], "broken"),
        (PDF.replace(b"/Type", b"/Encrypt 3 0 R /Type"), "locked"),
        (PDF.replace(b"/Type", b"/OpenAction <</S /JavaScript /JS (app.alert(1))>> /Type"), "acts"),
        (PDF.replace(b"/Type", b"/Launch /Type"), "acts"),
        (PDF.replace(b"/Type", b"/A <</S /Java#53cript>> /Type"), "acts"),
        (packed(SCRIPT), "acts"),
        (packed(SCRIPT.replace(b"/JavaScript /JS", b"/Java#53cript /J#53")), "acts"),
        (packed(b"7 0 <<>>", b"/Filter [/ASCII85Decode /FlateDecode]", squeezed=b"<~zz~>"), "acts"),
        (packed(b"7 0 <<>>", squeezed=zlib.compress(SCRIPT)[:-6]), "acts"),
        (packed(SCRIPT, b"/Filter /FlateDecode /X (obj)"), "acts"),
        (packed(SCRIPT, b"/Filter /FlateDecode /X (obj)", squeezed=SCRIPT), "acts"),
        (
            packed(b"7 0 <<>>").replace(b"<</Type /ObjStm", b"<</DecodeParms <</Predictor 12>> /X (9 0 obj) /Type /ObjStm"),
            "acts",
        ),
        (packed(b"7 0 <<>>", b"/Filter /FlateDecode /DecodeParms [ 5 0 R ]"), "acts"),
        (packed(zlib.compress(SCRIPT), b"/Filter [/FlateDecode/FlateDecode]"), "acts"),
    ],
)
def test_what_is_no_plain_pdf_is_refused_with_the_reason(data, code):
    for source in (data, io.BytesIO(data)):
        with pytest.raises(DocumentRefused) as found:
            checked(source)
        assert found.value.code == code


def test_a_document_whose_objects_are_packed_is_taken():
    paper = HTML(string="<h1>Решение № 12</h1><p>Прието.").write_pdf(full_fonts=False)
    assert b"/ObjStm" in paper
    for data in (paper, packed(b"7 0 <</Type /Catalog>>")):
        assert checked(data) == data


def streams(*bodies: bytes) -> bytes:
    """A PDF with streams that may hold objects or not: only the outline before each says „/First“."""
    said = b"8 0 obj\n<</First 7 0 R>>\nendobj\n9 0 obj\n<</Filter /FlateDecode>>\nstream\n"
    return PDF.replace(b"%%EOF", b"".join(said + body + b"\nendstream\nendobj\n" for body in bodies) + b"%%EOF")


def test_all_streams_together_unpack_to_so_much_and_no_more(monkeypatch):
    unpacked = []
    real = documents._inflated
    monkeypatch.setattr(documents, "_inflated", lambda *given: unpacked.append(real(*given)) or unpacked[-1])
    large = zlib.compress(b"0 " * (20 * 1024 * 1024), 9)
    for each in (large, large[:-6], large[:-6] + b"broken"):
        unpacked.clear()
        with pytest.raises(DocumentRefused) as found:
            checked(streams(*[each] * 9))
        assert (found.value.code, len(unpacked)) == ("acts", 2)
        assert sum(cost for _found, cost in unpacked) <= documents.MOST_UNPACKED + 1
    picture = zlib.compress(b"\xff" * (80 * 1024 * 1024), 9)
    assert checked(streams(picture, picture)) and [cost for _found, cost in unpacked[2:]] == [64 * 1024] * 2


def test_the_largest_that_fits_stays_as_it_is():
    data = PDF[:9] + b"0" * (MOST_BYTES - len(PDF)) + PDF[9:]
    assert checked(data) == data


@pytest.fixture
def town(db):
    return factories.town()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/Решение 12.pdf", "Решение 12.pdf"),
        ("C:\\a\\b.PDF", "b.pdf"),
        ("\x00\r\n", "document.pdf"),
        ("я" * 300, "я" * 110 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_people_read_it(town, given, kept):
    assert keep_document(given, PDF).name == kept


def test_it_is_handed_out_as_a_download_in_a_sandbox(town):
    report = filed(document=document())
    found = Document.objects.get(report=report)
    response = Client().get(found.path)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_waits_and_what_is_hidden_is_missing(town):
    waiting = Document.objects.get(pk=document())
    assert Client().get(waiting.path).status_code == 404
    report = filed(document=document())
    path = Document.objects.get(report=report).path
    hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert Client().get(path).status_code == 404


def test_those_that_no_act_took_are_swept_after_a_day_and_others_stay(town):
    waiting, taken = document(), document()
    filed(document=taken)
    folders = [Path(settings.MEDIA_ROOT) / str(pk) for pk in (waiting, taken)]
    now = timezone.now()
    later = now + datetime.timedelta(hours=25)
    clockwork.sweep_photos(now)
    assert Document.objects.count() == 2
    clockwork.sweep_photos(later)
    assert list(Document.objects.values_list("pk", flat=True)) == [taken]
    clockwork.sweep_photos(later)
    assert [folder.exists() for folder in folders] == [False, True]
