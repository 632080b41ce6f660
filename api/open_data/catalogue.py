"""The catalogue of datasets as DCAT-AP 3 in JSON-LD. Source: https://semiceu.github.io/DCAT-AP/releases/3.0.0/"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy, override

from api.ogc.collections import Collection
from api.open_data import datasets
from api.open_data.shelf import File, Written
from api.v1.answers import absolute
from geoportal.kernel.multilingual import text_in
from layers.models import Layer
from municipality.site import installation

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "locn": "http://www.w3.org/ns/locn#",
}  # fmt: skip
_EU = "http://publications.europa.eu/resource/authority"
_LANGUAGES = {"bg": f"{_EU}/language/BUL", "en": f"{_EU}/language/ENG"}
ABOUT = gettext_lazy("Everything public on this site as files, written anew each night.")
FORMATS = {
    "csv": ("text/csv", f"{_EU}/file-type/CSV"),
    "geojson": ("application/geo+json", f"{_EU}/file-type/GEOJSON"),
    "gpkg": ("application/geopackage+sqlite3", f"{_EU}/file-type/GPKG"),
}
"""Ending → (media type, its word in the list of the European Union)."""


def document(written: Written | None) -> dict[str, Any]:
    """Title, publisher, and a dataset for each that has files; without files none."""
    where = installation()
    publisher = {"@id": absolute("/#municipality"), "@type": "foaf:Agent", "foaf:name": _by_language(where.name)}
    found: dict[str, Any] = {
        "@context": CONTEXT, "@id": absolute("/open-data/catalog.jsonld"), "@type": "dcat:Catalog",
        "dct:title": _by_language(where.name), "dct:description": _said(ABOUT), "dct:publisher": publisher,
        "dct:license": {"@id": settings.OPEN_DATA_LICENCE}, "foaf:homepage": {"@id": absolute("/open-data/")},
        "dct:language": [{"@id": _LANGUAGES[code]} for code, _name in settings.LANGUAGES if code in _LANGUAGES],
        "dcat:dataset": [],
    }  # fmt: skip
    if written:
        found["dct:modified"] = _moment(written)
        licences = dict(Layer.objects.public().held().values_list("slug", "licence_url"))
        found["dcat:dataset"] = [
            _dataset(each, written, publisher, licences.get(each.id, settings.OPEN_DATA_LICENCE))
            for each in datasets.every()
            if written.of(each.id)
        ]
    return found


def _dataset(collection: Collection, written: Written, publisher: dict[str, Any], licence: str) -> dict[str, Any]:
    west, south, east, north = collection.extent
    box = f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
    return {
        "@id": absolute(f"/open-data/#{collection.id}"), "@type": "dcat:Dataset", "dct:identifier": collection.id,
        "dct:title": _said(collection.title), "dct:description": _said(collection.description), "dct:publisher": publisher,
        "dcat:theme": {"@id": f"{_EU}/data-theme/GOVE"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/DAILY"}, "dct:modified": _moment(written),
        "dct:spatial": {"@type": "dct:Location", "dcat:bbox": {"@type": "http://www.opengis.net/ont/geosparql#wktLiteral", "@value": box}},
        "dcat:contactPoint": _contact(), "dcat:distribution": [_distribution(file, licence) for file in written.of(collection.id)],
    }  # fmt: skip


def _distribution(file: File, licence: str) -> dict[str, Any]:
    """`licence`: its address; "" where a layer's source tells none."""
    media, ending = FORMATS[file.format]
    address = absolute(f"/open-data/files/{file.name}")
    return {
        "@id": address, "@type": "dcat:Distribution", "dcat:accessURL": {"@id": absolute("/open-data/")},
        "dcat:downloadURL": {"@id": address}, "dct:format": {"@id": ending},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.bytes)}, **({"dct:license": {"@id": licence}} if licence else {}),
        "spdx:checksum": {
            "@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }  # fmt: skip


def _contact() -> dict[str, Any]:
    where = installation()
    found = {"@type": "vcard:Organization", "vcard:fn": text_in(where.name, settings.LANGUAGE_CODE)}
    email = where.contact.get("email", "")
    return found | ({"vcard:hasEmail": {"@id": f"mailto:{email}"}} if email else {})


def _moment(written: Written) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": written.made_at.isoformat(timespec="seconds")}


def _said(title: Any) -> list[dict[str, str]]:
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append({"@language": code, "@value": str(title)})
    return found


def _by_language(texts: Any) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text_in(texts, code)} for code, _name in settings.LANGUAGES]
