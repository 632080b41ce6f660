"""Sample photos under rows of their own: each kind is drawn and sanitised once, its bytes are stored for every row."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from geoportal.kernel import photo_child, photos
from reports.loading.photos import draw
from reports.models import Photo


class Pictures:
    """Draws all kinds that will be needed, two at a time and beside the caller, and hands out draft photos."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._made = {kind: self._pool.submit(_one, kind) for kind in dict.fromkeys(kinds)}

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def draft(self, kind: str, draft: uuid.UUID, name: str) -> uuid.UUID:
        """An uploaded photo that waits to be attached; answers its client UUID, which follows from `name`."""
        made = self._made[kind].result()
        photo = Photo(
            client_uuid=uuid.uuid5(draft, name), draft=draft, width=made.width, height=made.height,
            digest=hashlib.sha256(made.sizes["large"]).hexdigest(),
        )  # fmt: skip
        photos.store(Path(settings.MEDIA_ROOT) / str(photo.pk), made.sizes)
        photo.save(force_insert=True)
        return photo.client_uuid


def _one(kind: str) -> photos.Sanitised:
    """Encoded by the same code as a stranger's photo. What we drew ourselves needs no process of its own around it."""
    head, bodies = photo_child.sanitised(draw(kind), photos.SIZES, photos.MOST_PIXELS)
    sizes = {name: body for (name, _length), body in zip(head["sizes"], bodies, strict=True)}
    return photos.Sanitised(sizes, head["width"], head["height"])
