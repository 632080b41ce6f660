"""What somebody is told of a comment: its writer what became of it (also in a table), whoever was answered the answer. One wording for all."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from discussion import messages
from discussion.models import Appeal, Comment, TimelineRow, TimelineText
from discussion.words import full_stop
from geoportal.kernel.multilingual import text_in
from notifications import table_words

CODES = frozenset(
    {"comment_published", "comment_kept", "comment_removed", "comment_hidden", "appeal_upheld", "appeal_declined"}
)
"""Acts whose comment's writer is told."""
TAKEN_DOWN = frozenset({"comment_removed", "comment_hidden"})


@dataclass
class Told:
    """`changed`: what happened, with the moderator's words, then the comment meant; `path`, `action`: what to do next."""

    changed: list[messages.Message] = field(default_factory=list)
    path: str = ""
    action: str = ""
    next: str = ""


def told(row: TimelineRow, reader: int | None, language: str) -> Told | None:
    """The act in the words of this correspondent's part in it; None for acts that are not about comments."""
    if (row.subject.kind, row.code) == table_words.ANSWERED:
        with translation.override(language):
            return Told(table_words.answers(row, reader), f"{row.subject.path}table/", _("See the whole table"))
    if row.code not in CODES:
        return None
    with translation.override(language):
        if row.code == "comment_published" and reader is not None and row.data.get("answered") == reader:
            return _answered(row)
        return _own(row)


def headline(row: TimelineRow, role: str, reader: int | None, language: str) -> tuple[str, str] | None:
    """(what happened, path) for a message of one line to the visitor whose comment it is; None for all else."""
    found = told(row, reader, language) if role == "visitor" else None
    return (found.changed[0].headline, found.path) if found else None


def _answered(row: TimelineRow) -> Told:
    answer = Comment.objects.published().filter(pk=row.data.get("comment")).first()
    text, language = (answer.text, answer.language) if answer else ("", "")
    return Told(
        [messages.Message(_("Somebody answered your comment."), text=text, text_language=language, at=row.at)], *_see(row)
    )


def _see(row: TimelineRow) -> tuple[str, str]:
    return f"{row.subject.path}#comment-{row.data.get('comment')}", _("See it here")


def _own(row: TimelineRow) -> Told:
    headlines = {
        "comment_published": _("Your comment was published."),
        "comment_kept": _("What you mended in your comment was not published: it says what it said before."),
        "comment_removed": _("Your comment was not published, or was taken down by a moderator."),
        "comment_hidden": _("Your comment was hidden by a moderator: only you and moderators see it."),
        "appeal_upheld": _("A moderator looked at your comment again: it stands."),
        "appeal_declined": _("A moderator looked at your comment again: it stays taken down."),
    }
    headline = headlines[row.code]
    reason = row.data.get("reason", "")
    if texts := messages.reasons_of([reason] if reason else []).get(reason):
        headline += " " + _("Reason: %(reason)s") % {"reason": full_stop(text_in(texts))}
    said = TimelineText.objects.filter(row=row).first()
    words, language = (said.text, said.language) if said else ("", "")
    # The moderator is not named to the writer.
    found = [messages.Message(headline, text=words, text_language=language, official=True, at=row.at), *_comment(row)]
    asks = row.code in TAKEN_DOWN and not Appeal.objects.filter(comment=row.data.get("comment")).exists()
    if not asks:
        return Told(found, *_see(row))
    path = reverse("comment_appeal", args=[row.subject.reference, row.data["comment"]])
    next_step = _("If you think that it should stand, you can ask once that a moderator look again.")
    return Told(found, _plain(path), _("Ask the moderator to look again"), next_step)


def _plain(path: str) -> str:
    """Without the language's prefix, which the letter puts there itself."""
    at = path.find("/subjects/")
    return path[at:] if at > 0 else path


def _comment(row: TimelineRow) -> list[messages.Message]:
    """The writer's own words, so that it is clear which comment is meant."""
    found = Comment.objects.filter(pk=row.data.get("comment")).first()
    return [messages.Message(_("You wrote:"), text=found.text, text_language=found.language)] if found and found.text else []
