"""The only writers of reports, by what is done: submit, move (the workflow), amend (words, place, category), moderate."""

from reports.actions.amend import add_words, edit, note, relocate, turn
from reports.actions.moderate import hide, publish_again, redact, remove, restrict, settle_report_flags
from reports.actions.move import NotAllowed, act, support, withdraw_support
from reports.actions.photos import drop_photo, keep_photo
from reports.actions.submit import Expired, Submission, attach_photo, expire_unconfirmed, submit

__all__ = [
    "Expired",
    "NotAllowed",
    "Submission",
    "act",
    "add_words",
    "attach_photo",
    "drop_photo",
    "edit",
    "expire_unconfirmed",
    "hide",
    "keep_photo",
    "note",
    "publish_again",
    "redact",
    "relocate",
    "remove",
    "restrict",
    "settle_report_flags",
    "submit",
    "support",
    "turn",
    "withdraw_support",
]
