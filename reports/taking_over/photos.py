"""Photos of the other system: fetched through the guarded door, kept through the one function for photos, as a draft's."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geoportal.kernel import outside, photos
from reports.actions.photos import keep_photo
from reports.taking_over.rows import TakenOver
from reports.taking_over.taken import Said, Taken


def fetch(block: list[Taken], within: str = "") -> tuple[dict[str, list[uuid.UUID]], list[Said]]:
    """Photos of those of the block that are new: external id → client UUIDs in its draft; and which were left out, why.

    Before the block's transaction, which waits for nobody outside. `within` as in `outside.get`. What no report takes in the end
    goes with the drafts.
    """
    ids = [one.external_id for one in block]
    known = set(
        TakenOver.objects.filter(source__in={one.source for one in block}, external_id__in=ids).values_list(
            "external_id", flat=True
        )
    )
    found: dict[str, list[uuid.UUID]] = {}
    said: list[Said] = []
    for one in block:
        for address in one.photos if one.external_id not in known else ():
            try:
                found.setdefault(one.external_id, []).append(_kept(one, address, within))
            except ValidationError as refused:
                said.append(Said(one.row, "photo", f"{address[:100]}: {refused.messages[0]}", refuses=False))
    return found, said


def _kept(one: Taken, address: str, within: str) -> uuid.UUID:
    client_uuid = uuid.uuid5(one.client_uuid, address)
    try:
        answer = outside.get(address, most=photos.MOST_BYTES, accept="image/*", within=within)
    except outside.TooLarge:
        raise photos.PhotoRefused("bytes") from None
    except outside.NotAllowed:
        raise ValidationError(_("This address is not asked: it must be public and begin with https.")) from None
    except outside.Unreachable:
        raise ValidationError(_("Nobody answered there.")) from None
    if answer.status != 200:
        raise ValidationError(_("It was answered with %(status)s.") % {"status": answer.status})
    keep_photo(one.client_uuid, client_uuid, answer.body)
    return client_uuid
