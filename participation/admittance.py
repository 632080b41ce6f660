"""Who may take part in a consultation, and when: asked by pages, API and verbs alike."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from discussion.addresses import page_of
from discussion.gates import Gate, Gift, Outcome, Writing
from discussion.models import Subject
from discussion.voices import voices
from participation.models import Consultation, ProposalSource, Section
from participation.wording_consultation import VERDICTS

WhoMay = Consultation.WhoMay
WHO_MAY: dict[str, Promise] = {
    WhoMay.ANYONE: gettext_lazy("Anyone; a guest confirms an e-mail address once"),
    WhoMay.EMAIL: gettext_lazy("Anyone with a confirmed e-mail address"),
    WhoMay.ACCOUNT: gettext_lazy("People with an account"),
    WhoMay.ORGANISATION: gettext_lazy("Verified organisations, through their members"),
}


def shut_words(consultation: Consultation) -> str:
    """Why nobody may write in it now; "" when one may."""
    if consultation.takes_part:
        return ""
    if consultation.status == "preparing":
        return _("The consultation is not open yet.")
    if consultation.status == "stopped":
        return _("The consultation was stopped.")
    day = consultation.closes_on.strftime("%d.%m.%Y")
    return _("The consultation ended on %(day)s: nothing can be written in it any more.") % {"day": day}


def guest_words(consultation: Consultation) -> str:
    """Why whoever is not signed in cannot take part; "" where they can."""
    if consultation.who_may == WhoMay.ACCOUNT:
        return _("This consultation is open to people with an account: sign in first.")
    if consultation.who_may == WhoMay.ORGANISATION:
        return _("Only verified organisations take part here, through their members: sign in first.")
    return ""


def require_person(consultation: Consultation, *, by: User | None, email: bool, organisation: bool) -> None:
    """Raises ValidationError for whoever this consultation does not ask. Who works here answers in every one."""
    if by is not None and by.works_here:
        return
    if consultation.who_may == WhoMay.EMAIL and by is None and not email:
        raise ValidationError({"email": _("This consultation asks for a confirmed e-mail address: write yours.")}, code="email")
    if consultation.who_may in (WhoMay.ACCOUNT, WhoMay.ORGANISATION) and by is None:
        raise ValidationError(guest_words(consultation), code="account")
    if consultation.who_may == WhoMay.ORGANISATION and not organisation:
        said = _("Only verified organisations take part here: choose the one for which you speak.")
        raise ValidationError({"organisation": said}, code="organisation")


def _of(subject: Subject) -> Consultation:
    found: Consultation = subject.consultation
    return found


def _shut(subject: Subject) -> str:
    return shut_words(_of(subject))


def _admit(subject: Subject, writing: Writing) -> None:
    consultation = _of(subject)
    require_person(consultation, by=writing.by, email=True, organisation=writing.organisation is not None)
    if writing.anchor and writing.anchor not in _parts(subject):
        raise ValidationError({"anchor": _("Open the page anew and write under the part that you mean.")}, code="anchor")


def _parts(subject: Subject) -> dict[str, str]:
    """„Чл. 3“, „Чл. 3, абзац 2“ by anchor."""
    found: dict[str, str] = {}
    for section in Section.objects.filter(consultation=subject.pk):
        found[section.anchor] = section.title
        for place, (anchor, _words) in enumerate(section.paragraphs, 1):
            found[anchor] = _("%(section)s, paragraph %(n)d") % {"section": section.title, "n": place}
    return found


def _take(subject: Subject, gift: Gift) -> None:
    consultation = _of(subject)
    if not consultation.kind.takes_ideas:
        said = _("This consultation takes no ideas with a place: write in it instead.")
        raise ValidationError({"given_to": said}, code="kind")
    if why := shut_words(consultation):
        raise ValidationError({"given_to": why}, code="closed")
    require_person(consultation, by=gift.by, email=gift.email, organisation=bool(voices(gift.by)))


def _border(subject: Subject) -> GEOSGeometry | None:
    found: GEOSGeometry | None = _of(subject).within
    return found


def _guest(subject: Subject) -> str:
    return guest_words(_of(subject))


def _outcomes(subject: Subject, comments: list[int]) -> dict[int, Outcome]:
    """What the public table says of them; no query before it is public."""
    if not _of(subject).state.answered:
        return {}
    url = f"{page_of(subject)}table/#row-"
    found = ProposalSource.objects.filter(comment__in=comments).exclude(proposal__verdict="").select_related("proposal")
    return {
        source.comment_id: Outcome(*VERDICTS[source.proposal.verdict], source.proposal.reason, f"{url}{source.proposal_id}")
        for source in found
    }


GATE = Gate(_shut, _admit, _parts, _take, _border, _guest, _outcomes)
