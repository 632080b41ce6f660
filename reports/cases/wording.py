"""Why a program could not be told, in words: for its owner's log and for the desk."""

from __future__ import annotations

from django.utils.translation import gettext as _

OFF, NOT_ALLOWED, NO_RIGHT, CRASH, STATUS = "switched off", "address not allowed", "no right", "crash", "status "
NOT_CHOSEN = "not chosen"
"""Reasons as they are kept; any other is the kind of failure of the network."""


def why(error: str) -> str:
    """A whole clause; "" for no reason."""
    if not error:
        return ""
    if error == OFF:
        return _("it was switched off")
    if error == NOT_ALLOWED:
        return _("its address leads where the site may not ask")
    if error == NO_RIGHT:
        return _("its owner may not hear of this any more")
    if error == NOT_CHOSEN:
        return _("the webhook is not to hear of this any more")
    if error == CRASH:
        return _("something broke on our side")
    if error == "gaierror":
        return _("the name of its receiver was not found")
    if error == "SSLCertVerificationError":
        return _("the certificate of its receiver is not valid")
    if error.startswith(STATUS):
        return _("its receiver answered %(status)s") % {"status": error.removeprefix(STATUS)}
    kinds = {
        "gaierror": _("no host of that name is known"), "TimeoutError": _("its receiver did not answer in time"),
        "ConnectionRefusedError": _("its receiver takes no connection"),
        "SSLCertVerificationError": _("the certificate of its receiver is not right"),
    }  # fmt: skip
    return kinds.get(error) or _("nobody answered (%(error)s)") % {"error": error}
