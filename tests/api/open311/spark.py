"""XML read back by the Spark convention, by a reader that knows nothing of the writer: only which elements repeat."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

LISTS = {
    "services", "service_requests", "attributes", "values", "errors", "endpoints", "formats", "notes", "photos",
    "service_request_updates",
}  # fmt: skip


def of_xml(body: bytes) -> Any:
    """The JSON that the XML stands for, with every value as its text and nothing as None."""
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>'), body[:60]
    return _value(ElementTree.fromstring(body))


def _value(element: ElementTree.Element) -> Any:
    if element.tag in LISTS:
        assert len({child.tag for child in element}) <= 1
        return [_value(child) for child in element]
    if len(element):
        assert len({child.tag for child in element}) == len(element), f"{element.tag} repeats a child"
        return {child.tag: _value(child) for child in element}
    return element.text


def of_json(tree: Any) -> Any:
    """The same spelling of a JSON answer."""
    if isinstance(tree, dict):
        return {name: of_json(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [of_json(value) for value in tree]
    if isinstance(tree, bool):
        return "true" if tree else "false"
    return None if tree in (None, "") else str(tree)
