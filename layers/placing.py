"""The one place that an address means, where there is no doubt; else those that it may mean."""

from __future__ import annotations

from dataclasses import dataclass

from layers.folding import folded, outside_house
from layers.gazetteer import Hit, search
from layers.models import Place
from layers.named_home import named_home, without_post_code

FEW = 3


@dataclass(frozen=True)
class Placed:
    """`hit`: the place, when the address can mean no other; else `why` it is none: "ambiguous", "wide" (a settlement alone) or "unknown".

    `candidates`: names of the places that it may mean, or that are called alike, the likeliest first.
    """

    hit: Hit | None = None
    why: str = ""
    candidates: tuple[str, ...] = ()


def place(address: str) -> Placed:
    """Unlike a search, of which people choose, nothing is guessed: the name of the place must stand in the address whole."""
    address = outside_house(without_post_code(address))
    found = search(address)
    hits = [hit for hit in found if hit.place.kind != Place.Kind.SETTLEMENT]
    if (beside := named_home(address)) is not None:
        hits = [hit for hit in hits if hit.home.pk == beside[0].area_id]
    words = set(folded(address).split())
    said = [(hit, _said(hit, words)) for hit in hits]
    most = max((count for _hit, count in said), default=0)
    meant = [hit for hit, count in said if count and count == most]
    if len(meant) > 1:  # „пл. Саранск“ is not „жк Саранск“ where the kind is written as in the name
        meant = [
            hit for hit in meant if any(name.casefold() in address.casefold() for name in hit.place.name.values())
        ] or meant
    if len(meant) == 1:
        return Placed(meant[0])
    alone = not meant and any(set(hit.place.folded.split(" | ")) & {folded(address)} for hit in found if hit not in hits)
    why = "ambiguous" if meant else "wide" if alone else "unknown"
    return Placed(None, why, () if alone else tuple(dict.fromkeys(hit.name for hit in meant or hits))[:FEW])


def _said(hit: Hit, words: set[str]) -> int:
    """Words of the longest of its names that stands in the address whole; 0 for none."""
    names = (set(name.split()) for name in hit.place.folded.split("|"))
    return max((len(name) for name in names if name and name <= words), default=0)
