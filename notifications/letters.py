"""The letters themselves: what changed, what comes next, the link, how to stop; the text part first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discussion import messages, wishes
from discussion.models import Audience, Subject, TimelineRow
from discussion.words import quoted
from geoportal.kernel import links
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import display
from municipality.site import installation
from notifications import about, answering, comment_words, hidden_words, sight
from notifications.alert_words import REPORTS
from notifications.models import Delivery
from notifications.recipients import COMES, LINK_FIRST, As
from participation import due
from participation.models import Event
from participation.wording import when
from reports import co_author_links, next_steps, solved_links, workflow
from reports.models import Report

STOP = "unsubscribe"
STOP_DAYS = 730
CHANGE = "alerts"
CONFIRM_ALERT = "alert"
AUDIENCES: dict[str, str] = {As.AUTHOR: Audience.AUTHOR, As.ASSIGNEE: Audience.STAFF, As.DEPARTMENT: Audience.STAFF}


@dataclass
class Part:
    """What a letter says of one subject. `changed`: sentences with the words that were said; `filed`: the register number;
    `about`: place and category; `found_by`: the reader's alerts; `warning`: that its links act in the author's name, whoever has them."""

    subject: Subject
    changed: list[messages.Message]
    next: str
    link: str
    action: str
    answer_link: str = ""
    filed: str = ""
    solved_link: str = ""
    about: str = ""
    found_by: str = ""
    warning: str = ""

    @property
    def number(self) -> str:
        return display(self.subject.reference)


@dataclass
class Ways:
    """How to hear more rarely or no more: one link for `all`; `each`: (name, link) where a letter came from several."""

    all: str = ""
    each: list[tuple[str, str]] = field(default_factory=list)


def address(path: str, language: str) -> str:
    """The full address of a page in the reader's language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.SITE_URL}{prefix}{path}"


def letter(delivery: Delivery, to: str) -> EmailMultiAlternatives | None:
    """The mail of a delivery, with everything grouped into it; None when its addressee may read none of it any more."""
    rows, met = _rows(delivery), _alerts_met(delivery) if delivery.role in (As.ALERT, As.FOLLOWER, As.SUPPORTER) else {}
    with translation.override(delivery.language):
        named = about.titles((pk for alerts in met.values() for pk in alerts), active=True)
        if delivery.role == As.ALERT:  # whoever stopped an alert meanwhile hears no more by it
            rows = [row for row in rows if any(pk in named for pk in met.get(row.pk, []))]
        if not rows:
            return None
        parts = _parts(rows, delivery)
        stop, ways = "", Ways()
        if met:
            _say_why(parts, rows, met, named)
        if delivery.role == As.ALERT:
            ways = ways_out(delivery.correspondent_id, {pk for row in rows for pk in met[row.pk]}, named, delivery.language)
        elif delivery.role not in (As.ASSIGNEE, As.DEPARTMENT, As.OWNER):
            stop = _stop_link(delivery, parts)
        asks = delivery.row.code in LINK_FIRST
        context = {"parts": parts, "stop": "" if asks else stop, "ways": ways, "asks": asks, "role": _in_charge_as(delivery)}
        mail = mail_of(_title(parts), context, to, delivery.language, "letter")
    mail.extra_headers |= _headers(delivery, parts, ways.all or context["stop"])
    return mail


def _in_charge_as(delivery: Delivery) -> str:
    """The role as templates know it."""
    if delivery.role != As.OWNER:
        return str(delivery.role)
    return As.DEPARTMENT if delivery.mailbox else As.ASSIGNEE


def _rows(delivery: Delivery) -> list[TimelineRow]:
    """The acts that are told, without those on reports that the addressee may not read (any more)."""
    told = TimelineRow.objects.filter(pk__in=[delivery.row_id, *delivery.rows])
    subjects = set(told.values_list("subject", flat=True))
    named = sight.legible(subjects, delivery.correspondent, delivery.mailbox)
    rows = list(told.select_related("subject").order_by("pk"))
    for row in rows:
        if delivery.role == As.VISITOR and row.code == hidden_words.HIDDEN and row.subject_id not in named:
            hidden_words.rename(row, delivery.language)
            named.add(row.subject_id)
            rows = [one for one in rows if one == row or one.subject_id != row.subject_id]
    return [row for row in rows if row.subject_id in named]


def _alerts_met(delivery: Delivery) -> dict[int, list[int]]:
    """{act: the alerts by which it was found} of the acts in this mail."""
    same = Delivery.objects.filter(
        row__in=[delivery.row_id, *delivery.rows], correspondent=delivery.correspondent_id, mailbox=delivery.mailbox
    )
    return dict(same.exclude(alerts=[]).values_list("row", "alerts"))


def _say_why(parts: list[Part], rows: list[TimelineRow], met: dict[int, list[int]], named: dict[int, str]) -> None:
    """Place, category and alerts of each part; of what is no report its name, which nothing else in a letter of one part says."""
    lines = about.where_and_what([part.subject.pk for part in parts])
    for part in parts:
        part.about = lines.get(part.subject.pk, "")
        if part.about and len(parts) == 1 and part.subject.kind not in REPORTS:
            part.about = f"{quoted(part.subject.title)} · {part.about}"
        alerts = {pk for row in rows if row.subject_id == part.subject.pk for pk in met.get(row.pk, [])}
        part.found_by = about.found_by(alerts, named)


def ways_out(
    correspondent_id: int | None, alerts: Collection[int], named: dict[int, str], language: str, *, follows: bool = False
) -> Ways:
    """The links at the foot of a letter: one for all that it came from and, where that is several, one for each by its name."""
    alive = sorted(pk for pk in alerts if pk in named)
    found = Ways(change_link(correspondent_id, alive, language, follows=follows))
    if len(alive) + follows > 1:
        found.each = [(named[pk], change_link(correspondent_id, [pk], language)) for pk in alive]
        if follows:
            found.each.append((_("What I follow and support"), change_link(correspondent_id, [], language, follows=True)))
    return found


def change_link(correspondent_id: int | None, alerts: list[int], language: str, *, follows: bool = False) -> str:
    """The page on which these alerts (and what is followed) are made rarer or stopped, without signing in."""
    token = links.make(CHANGE, correspondent=correspondent_id, alerts=alerts, follows=follows)
    return address(f"/unsubscribe/alerts/{token}/", language)


def mail_of(title: str, context: dict[str, object], to: str, language: str, template: str) -> EmailMultiAlternatives:
    """A mail of ours from its template, in the language that is in force; the text part first."""
    site = installation()
    context |= {"installation": site, "language": language, "home": address("/", language), "site_name": text_in(site.name)}
    text = render_to_string(f"notifications/{template}.txt", context)
    mail = EmailMultiAlternatives(title, _paragraphs(text), _sender(), [to])
    mail.attach_alternative(render_to_string(f"notifications/{template}.html", context), "text/html")
    mail.extra_headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Content-Language": language}
    return mail


def _sender() -> str:
    """The installation's name before the configured address, so that people know who writes."""
    _name, plain = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((text_in(installation().name), plain))


def _paragraphs(text: str) -> str:
    """No empty line twice, none at either end."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line if line == "-- " else line.rstrip())
    return "\n".join(lines) + "\n"


def _parts(rows: list[TimelineRow], delivery: Delivery) -> list[Part]:
    """One part for each subject with what happened to it in its order; that of the newest act first."""
    audience = AUDIENCES.get(delivery.role, Audience.PUBLIC)
    described = messages.describe_all(rows, language=delivery.language, audience=audience)
    by_subject: dict[int, list[tuple[TimelineRow, messages.Message]]] = {}
    for row, message in zip(rows, described, strict=True):
        by_subject.setdefault(row.subject_id, []).append((row, message))
    reports = Report.objects.select_related("subject", "department", "category__regime", "register_number").in_bulk(
        list(by_subject)
    )
    newest_first = sorted(by_subject.items(), key=lambda each: each[1][-1][0].pk, reverse=True)
    return [_part(acts, reports.get(pk), delivery) for pk, acts in newest_first]


def _part(acts: list[tuple[TimelineRow, messages.Message]], report: Report | None, delivery: Delivery) -> Part:
    subject = acts[-1][0].subject
    changed = [message for _row, message in acts]
    path, action = subject.path, _("See it here")
    if delivery.role == As.AUTHOR and due.ended(acts[-1][0]):
        owed, does, below = due.OWED[subject.kind]
        return Part(subject, changed, f"{owed}.", address(f"{path}{below}", delivery.language), str(does))
    next_step = (
        next_steps.for_reader(report, own=delivery.role == As.AUTHOR)
        if report
        else hidden_words.appeal(acts[-1][0])
        if delivery.role == As.AUTHOR
        else ""
    )
    answer = ""
    if delivery.role in (As.ASSIGNEE, As.DEPARTMENT):
        path, action = f"/desk/{subject.reference}/", _("Open it on the desk")
        next_step = next_steps.for_desk(report) if report else ""
    elif delivery.role == As.OWNER:
        found = [answering.told(row, delivery.language) for row, _message in acts]
        changed = [message for each in found for message in each.changed]
        path, action, next_step = found[-1].path, found[-1].action, ""
    elif delivery.role == As.VISITOR:
        several = [_for_visitor(row, subject, delivery) for row, _message in acts]
        several[-1].changed = [message for part in several for message in part.changed]
        return several[-1]
    elif delivery.role in (As.FOLLOWER, As.SUPPORTER) and (asked := _support_there(acts, delivery)):
        path, action, next_step = asked
    elif acts[-1][0].code == "kept_awaiting_confirmation":
        path, action = _confirm_path(delivery, subject, wishes.Wish.REPORT), _("Confirm here")
    elif delivery.role == As.AUTHOR and delivery.correspondent and delivery.correspondent.user_id is None:
        answer = address(_confirm_path(delivery, subject, wishes.Wish.OPEN), delivery.language)
        if not subject.is_public:  # elsewhere its address is missing for everyone
            path, answer = _confirm_path(delivery, subject, wishes.Wish.OPEN), ""
    asks = _solution(acts, report) if delivery.role == As.AUTHOR else None
    solved = address(solved_links.path(asks), delivery.language) if asks else ""
    filed = "" if delivery.role in (As.FOLLOWER, As.SUPPORTER) else str(getattr(report, "register_number", ""))
    link, warning = address(path, delivery.language), _warning(bool(answer or path != subject.path), bool(solved))
    warning = warning if delivery.role == As.AUTHOR else ""
    return Part(subject, changed, next_step, link, action, answer, filed, solved, warning=warning)


def _support_there(acts: list[tuple[TimelineRow, messages.Message]], delivery: Delivery) -> tuple[str, str, str] | None:
    """(path, action, what it means) for somebody who supports an idea that was merged: one button, nothing moves by itself."""
    row = acts[-1][0]
    person, known = delivery.correspondent, row.data.get("duplicate_of")
    if row.code != "mark_duplicate" or person is None or not person.supports.filter(subject=row.subject_id).exists():
        return None
    original = Report.objects.public().filter(pk=known, kind=workflow.Kind.IDEA).select_related("subject").first()
    if original is None or original.state.ends or person.supports.filter(subject=original.pk).exists():
        return None
    words = _("Your support of this idea stays counted and is not moved. Do you support the other one too: “%(title)s”?")
    return (
        _confirm_path(delivery, original.subject, wishes.Wish.SUPPORT), _("Support it there too"),
        words % {"title": original.subject.title},
    )  # fmt: skip


def _warning(acts: bool, answers: bool) -> str:
    """An author without an account must get at the own report by the letter alone: so may whoever it is forwarded to."""
    if acts:
        return _("Whoever has this mail can change, move or withdraw what you sent in your name. Do not forward it.")
    return _("Whoever has this mail can answer in your name. Do not forward it.") if answers else ""


def _solution(acts: list[tuple[TimelineRow, messages.Message]], report: Report | None) -> TimelineRow | None:
    """The act among those told by which the problem counts as resolved: its author is asked whether it is."""
    if report is None or report.status not in workflow.SOLVED:
        return None
    return next((row for row, _message in reversed(acts) if row.code == "resolve"), None)


def _confirm_path(delivery: Delivery, subject: Subject, wish: wishes.Wish) -> str:
    return f"/reports/confirm/{wishes.token(delivery.correspondent_id or 0, subject.pk, wish)}/"


def _for_visitor(row: TimelineRow, subject: Subject, delivery: Delivery) -> Part:
    """Somebody wished to support, follow or comment, or a moderator has read the comment."""
    if found := comment_words.told(row, delivery.correspondent_id, delivery.language):
        return Part(subject, found.changed, found.next, address(found.path, delivery.language), found.action)
    if found := hidden_words.told(row, delivery.language):
        return Part(subject, found.changed, "", address(found.path, delivery.language), found.action)
    if row.code in ("fixed_dismissed", "resolve"):
        told = messages.describe(row, language=delivery.language, audience=Audience.STAFF)
        headline = told.headline if row.code == "fixed_dismissed" else _("It is fixed, as you wrote. Thank you.")
        told = messages.Message(headline, text=told.text, text_language=told.text_language, official=True)
        return Part(subject, [told], "", address(subject.path, delivery.language), _("See it here"))
    if row.code in COMES:
        return _for_who_comes(row, subject, delivery.language)
    if row.code == "co_author_asked":
        return _co_author(row, subject, delivery)
    wish = wishes.Wish.COMMENT if row.code == "commented" else wishes.Wish(row.data.get("wish", "follow"))
    headline = {
        wishes.Wish.SUPPORT: _("Somebody, probably you, wishes to support “%(title)s” with this address."),
        wishes.Wish.FOLLOW: _("Somebody, probably you, wishes to follow “%(title)s” with this address."),
        wishes.Wish.COME: _("Somebody, probably you, wishes to come to “%(title)s” with this address."),
        wishes.Wish.JOIN: _("Somebody, probably you, wishes to join “%(title)s” with this address."),
        wishes.Wish.FIXED: _("Somebody, probably you, says with this address that “%(title)s” looks fixed."),
    }.get(wish, _("Somebody, probably you, wrote a comment on “%(title)s” with this address."))
    message = messages.Message(headline % {"title": subject.title})
    link = address(_confirm_path(delivery, subject, wish), delivery.language)
    return Part(subject, [message], _once_confirmed(wish, delivery), link, _("Confirm here"))


def _for_who_comes(row: TimelineRow, subject: Subject, language: str) -> Part:
    """A seat, a place on the waiting list, a seat that became free, the reminder: with the time and the place."""
    event = Event.objects.select_related("subject__area").get(pk=subject.pk)
    headline = {
        "taken": _("You have a seat at “%(title)s”."),
        "waits": _("All seats at “%(title)s” are taken: you are on the waiting list and hear when one becomes free."),
        "moved_up": _("A seat at “%(title)s” became free: it is yours."),
    }.get(row.code, _("“%(title)s” begins soon.")) % {"title": subject.title}
    place = event.link if event.form == Event.Form.ONLINE else event.where
    told = f"{when(event)[:1].upper()}{when(event)[1:]}. {place}"
    return Part(
        subject, [messages.Message(headline)], told, address(subject.path, language), _("See it, or give the seat back, here")
    )


def _co_author(row: TimelineRow, subject: Subject, delivery: Delivery) -> Part:
    """An author invites to write along: what it means, and the page with the button."""
    told = messages.Message(
        _("The author of “%(title)s” invites you to be a co-author of the idea.") % {"title": subject.title}
    )
    words = _("You are one only if you agree there; your name is shown only if you wish. If you do nothing, nothing happens.")
    link = address(co_author_links.path(row.data.get("co_author", 0)), delivery.language)
    return Part(subject, [told], words, link, _("See the invitation"))


def _once_confirmed(wish: str, delivery: Delivery) -> str:
    """What comes of it when the address answers, and when it does not."""
    if delivery.correspondent and delivery.correspondent.verified_at:  # who hears of other things in any case
        return _("Nothing is done before you confirm. If it was not you, do nothing.")
    return {
        wishes.Wish.SUPPORT: _(
            "It counts when you confirm. If it was not you, do nothing and you will not hear from us again."
        ),
        wishes.Wish.FOLLOW: _(
            "You follow it once you confirm. If it was not you, do nothing and you will not hear from us again."
        ),
        wishes.Wish.COME: _(
            "You have a seat, or a place on the waiting list, once you confirm. If it was not you, do nothing."
        ),
        wishes.Wish.JOIN: _("You take part once you confirm. If it was not you, do nothing."),
        wishes.Wish.FIXED: _(
            "An official looks at it once you confirm. If it was not you, do nothing and you will not hear from us again."
        ),
    }.get(
        wishes.Wish(wish),
        _("The comment is sent once you confirm. If it was not you, do nothing and you will not hear from us again."),
    )


def _title(parts: list[Part]) -> str:
    """[123 456 7890] title of the report – what changed; for several reports the number of news."""
    # What happened has its moment; words that are only quoted beside it have none and are no news.
    news = [[one for one in part.changed if one.at is not None] or part.changed for part in parts]
    count = sum(map(len, news))
    if len(parts) > 1:
        return ngettext("%(count)s piece of news", "%(count)s pieces of news", count) % {"count": count}
    headline = news[0][-1].headline.partition(". ")[0].removesuffix(".")
    more = f" (+{count - 1})" if count > 1 else ""
    title = parts[0].subject.title
    if f"„{title}“" in headline or f"“{title}”" in headline:  # … wishes to follow “Pothole” …
        return " ".join(f"[{parts[0].number}] {headline}{more}".split())[:200]
    return " ".join(f"[{parts[0].number}] {parts[0].subject.title} – {headline}{more}".split())[:200]


def _headers(delivery: Delivery, parts: list[Part], stop: object) -> dict[str, str]:
    """Message-ID, thread, and the one-click way to stop (RFC 8058)."""
    found = {"Message-ID": delivery.message_id}
    if len(parts) == 1:
        root = f"<{parts[0].subject.reference}@{urlsplit(settings.SITE_URL).hostname}>"
        found |= {"In-Reply-To": root, "References": root}
    if stop:
        found |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return found


def _stop_link(delivery: Delivery, parts: list[Part]) -> str:
    subjects = [part.subject.pk for part in parts]
    token = links.make(STOP, correspondent=delivery.correspondent_id, subjects=subjects)
    return address(f"/unsubscribe/{token}/", delivery.language)
