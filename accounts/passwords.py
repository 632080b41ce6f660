"""What a password may be, beside the framework's own rules."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_CHARACTERS = 200


class LongestPasswordValidator:
    """Longer ones are no safer and cost work to check."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(_("At most %(most)s characters make a password: shorten it.") % {"most": MOST_CHARACTERS})

    def get_help_text(self) -> str:
        return _("At most %(most)s characters.") % {"most": MOST_CHARACTERS}
