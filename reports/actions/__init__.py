"""The only writers of reports, by what is done: submit, move (the workflow), amend (words, place, category), moderate."""

from reports.actions.amend import add_words, consequence, edit, may_edit, note, relocate, turn, untouched
from reports.actions.author import confirm_solved, show_name
from reports.actions.block import block, lift, writer_of
from reports.actions.case import not_passed_on, passed_on, register_outside, send_again
from reports.actions.council import keep_document
from reports.actions.cover import cover_draft, cover_photo
from reports.actions.expiry import expire_unconfirmed
from reports.actions.fixed import accept_fixed, confirm_claims, dismiss_fixed, say_fixed
from reports.actions.moderate import hide, publish_again, redact, remove, restrict, settle_report_flags
from reports.actions.move import Given, NotAllowed, act, support, withdraw_support
from reports.actions.photos import drop_photo, keep_photo
from reports.actions.submit import Expired, Submission, attach_photo, submit
from reports.actions.together import agree, endorse, invite, leave, may_endorse, settle_name, take_back, unendorse

__all__ = [
    "Expired",
    "Given",
    "NotAllowed",
    "Submission",
    "accept_fixed",
    "act",
    "add_words",
    "agree",
    "attach_photo",
    "block",
    "confirm_claims",
    "confirm_solved",
    "consequence",
    "cover_draft",
    "cover_photo",
    "dismiss_fixed",
    "drop_photo",
    "edit",
    "endorse",
    "expire_unconfirmed",
    "hide",
    "invite",
    "keep_document",
    "keep_photo",
    "leave",
    "lift",
    "may_edit",
    "may_endorse",
    "not_passed_on",
    "note",
    "passed_on",
    "publish_again",
    "redact",
    "register_outside",
    "relocate",
    "remove",
    "restrict",
    "say_fixed",
    "send_again",
    "settle_name",
    "settle_report_flags",
    "show_name",
    "submit",
    "support",
    "take_back",
    "turn",
    "unendorse",
    "untouched",
    "withdraw_support",
    "writer_of",
]
