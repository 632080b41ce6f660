"""Every answer is asked for twice, as JSON and as XML: its shape is checked, and that both say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from accounts import keys
from accounts.models import ApiClient
from tests import factories
from tests.api.open311 import shapes, spark

JSON, XML = "application/json; charset=utf-8", "text/xml; charset=utf-8"


@dataclass
class Answer:
    """Status, the JSON tree, headers of the JSON answer."""

    status: int
    tree: Any
    headers: Any = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        return [one["description"] for one in self.tree]

    @property
    def numbers(self) -> list[str]:
        return [one["service_request_id"] for one in self.tree]


def of(answer: Any, shape: str = "") -> Any:
    """The tree of one answer, held against its shape; XML is read by the Spark convention."""
    if answer["Content-Type"] == JSON:
        tree = answer.json()
        root = shape or ("errors" if answer.status_code >= 400 else "")
        if root:
            shapes.check(root, tree)
        return tree
    assert answer["Content-Type"] == XML, answer["Content-Type"]
    return spark.of_xml(answer.content)


def read(path: str, query: Any = None, **headers: str) -> Answer:
    """GET of an address below /open311/ without its ending."""
    client, names = Client(), {name.replace("_", "-"): value for name, value in headers.items()}
    first = client.get(f"/open311/{path}.json", query, headers=names)
    second = client.get(f"/open311/{path}.xml", query, headers=names)
    assert first.status_code == second.status_code
    root = ElementTree.fromstring(second.content).tag
    tree = of(first, root)
    assert spark.of_xml(second.content) == spark.of_json(tree)
    assert first["Access-Control-Allow-Origin"] == second["Access-Control-Allow-Origin"] == "*"
    return Answer(first.status_code, tree, first.headers)


def program(*scopes: str, **more: Any) -> str:
    """The key of a new client."""
    made = ApiClient(**{"name": "Град 311", "contact": "it@311.test", "scopes": list(scopes or ("send",)), **more})
    return keys.give(made)


def whole(key: str, **changes: Any) -> dict[str, Any]:
    """A complete request; a field given as `...` is left out."""
    lon, lat = factories.CENTRE
    sent = {"api_key": key, "service_code": "pothole", "lat": str(lat), "long": str(lon), "description": "Дупка пред училището"}
    return {name: value for name, value in {**sent, **changes}.items() if value is not ...}


def post(fields: Any, path: str = "v2/requests", kind: str = "json", **more: Any) -> Answer:
    """POST of a form (multipart where a file is in it)."""
    answer = Client().post(f"/open311/{path}.{kind}", fields, **more)
    shape = "service_requests" if path == "v2/requests" else "updated"
    return Answer(answer.status_code, of(answer, "errors" if answer.status_code >= 400 else shape), answer.headers)
