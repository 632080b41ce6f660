"""JSON Schemas of every answer, written from the facts of the specification, by the name of the root element."""

from __future__ import annotations

from typing import Any

import jsonschema

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
TEXT, TEXT_OR_NONE = {"type": "string", "minLength": 1}, {"type": ["string", "null"]}
CODE = {"type": "string", "pattern": "^[a-z0-9-]+$"}
NUMBER = {"type": "string", "pattern": "^[0-9]{10}$"}
URL_OR_NONE = {"type": ["string", "null"], "pattern": "^https?://"}
STATUS = {"enum": ["open", "closed"]}


def orn(shape: dict[str, Any]) -> dict[str, Any]:
    """Or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def exactly(**members: Any) -> dict[str, Any]:
    """An object with these members and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def each(shape: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": shape, **more}


def some(shape: dict[str, Any], *optional: str) -> dict[str, Any]:
    """The same object, where these members may be missing."""
    return {**shape, "required": [name for name in shape["required"] if name not in optional]}


EXTENSIONS = ("extended_attributes", "attributes", "notes", "photos")
REQUEST = some(
    exactly(
        service_request_id=NUMBER, status=STATUS, status_notes=TEXT, service_name=TEXT, service_code=CODE, description=TEXT,
        agency_responsible=TEXT, service_notice=TEXT_OR_NONE, requested_datetime=MOMENT, updated_datetime=MOMENT,
        expected_datetime=orn(MOMENT), address=TEXT, address_id=TEXT_OR_NONE, zipcode={"type": "null"},
        lat={"type": ["number", "null"]}, long={"type": ["number", "null"]}, media_url=URL_OR_NONE,
        extended_attributes=exactly(
            title=TEXT, language=TEXT, kind={"enum": ["problem", "idea"]}, state=TEXT, closed_datetime=orn(MOMENT), sector=CODE,
            area=CODE, approximate={"type": "boolean"}, near=TEXT_OR_NONE, near_credit=TEXT_OR_NONE,
            support_count={"type": "integer"}, comment_count={"type": "integer"}, url=URL_OR_NONE,
        ),
        attributes=each(exactly(code=CODE, name=TEXT, value=TEXT)),
        notes=each(exactly(datetime=MOMENT, type=TEXT, summary=TEXT, description=TEXT_OR_NONE)),
        photos=each(
            exactly(media_url=URL_OR_NONE, thumbnail=URL_OR_NONE, width={"type": "integer"}, height={"type": "integer"})
        ),
    ),
    *EXTENSIONS,
)  # fmt: skip
RECEIVED = {
    **some(
        exactly(service_request_id=NUMBER, token=TEXT, service_notice=TEXT_OR_NONE, account_id={"type": "null"}),
        "service_request_id", "token",
    ),
    "not": {"required": ["service_request_id", "token"]},
}  # fmt: skip
TOKEN = exactly(service_request_id=orn(NUMBER), token=TEXT)
DATATYPES = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
SHAPES: dict[str, dict[str, Any]] = {
    "discovery": exactly(
        changeset=MOMENT, contact=TEXT, key_service=TEXT,
        endpoints=each(
            exactly(
                specification={"const": "http://wiki.open311.org/GeoReport_v2"}, url=URL_OR_NONE, changeset=MOMENT,
                type={"enum": ["production", "test"]}, formats={"const": ["text/xml", "application/json"]},
            ),
            minItems=1,
        ),
    ),
    "services": each(
        exactly(
            service_code=CODE, service_name=TEXT, description=TEXT_OR_NONE, metadata={"type": "boolean"},
            type={"enum": ["realtime", "batch", "blackbox"]}, keywords=TEXT_OR_NONE, group=TEXT,
        )
    ),
    "service_definition": exactly(
        service_code=CODE,
        attributes=each(
            exactly(
                variable={"type": "boolean"}, code=CODE, datatype={"enum": DATATYPES}, required={"type": "boolean"},
                datatype_description=TEXT_OR_NONE, order={"type": "integer", "minimum": 1}, description=TEXT,
                values=each(exactly(key=CODE, name=TEXT)),
            )
        ),
    ),
    "service_requests": each({"anyOf": [REQUEST, RECEIVED, TOKEN]}),
    "errors": each(exactly(code={"type": "integer"}, description=TEXT), minItems=1),
    "service_request_updates": each(
        some(
            exactly(
                update_id=TEXT, service_request_id=NUMBER, status=STATUS, external_status_code=TEXT, updated_datetime=MOMENT,
                description=TEXT, media_url=URL_OR_NONE,
            )
        )
    ),
    "updated": each(exactly(update_id=TEXT, account_id={"type": "null"}), minItems=1, maxItems=1),
}  # fmt: skip


def check(root: str, tree: Any) -> None:
    """Raises AssertionError with the place that is wrong."""
    found = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(SHAPES[root]).iter_errors(tree))
    assert found is None, f"{root} {found.json_path}: {found.message[:300]}"
