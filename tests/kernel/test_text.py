from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers

from geoportal.kernel.text import CleanCharField, CleanSerializerField, cell, clean


class WordsForm(forms.Form):
    title = CleanCharField(max_length=20)
    words = CleanCharField(lines=True, required=False, max_length=100)


class WordsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    title = CleanSerializerField(max_length=20)
    words = CleanSerializerField(lines=True, required=False, allow_blank=True, max_length=100)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Дупка  на\tпътя ", "Дупка на пътя"),
        ("и\u0306", "й"),
        ("one\r\ntwo", "one two"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("\u2066hidden\u2069", "hidden"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("👩‍👩‍👧 🇧🇬", "👩‍👩‍👧 🇧🇬"),
        ("שלום", "שלום"),
        ("\u00a0", ""),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    form = WordsForm({"title": typed or "x"})
    assert form.is_valid() is bool(kept)


def test_lines_stay_lines() -> None:
    assert clean(" a  b \r\n\r\nc\u2028d \n", lines=True) == "a  b\n\nc\nd"
    assert clean("  indented\n  text", lines=True) == "indented\n  text"


@pytest.mark.parametrize("typed", ["a\x00b", "\x1b[31mred", "\x07", "a\x85b", "\ud800", "\uffff"])
def test_control_characters_are_refused_with_the_field_named(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(typed)
    assert refused.value.code == "control"
    form = WordsForm({"title": "x", "words": typed})
    assert list(form.errors) == ["words"]
    assert form["words"].value() == typed
    serializer = WordsSerializer(data={"title": "x", "words": typed})
    assert not serializer.is_valid()
    assert list(serializer.errors) == ["words"]


@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_empty(typed: str) -> None:
    assert list(WordsForm({"title": typed}).errors) == ["title"]
    assert not WordsSerializer(data={"title": typed}).is_valid()


def test_too_long_names_the_length() -> None:
    form = WordsForm({"title": "я" * 21})
    assert "21" in form.errors["title"][0]
    assert "20" in form.errors["title"][0]
    serializer = WordsSerializer(data={"title": "я" * 21})
    assert not serializer.is_valid()
    assert "20" in serializer.errors["title"][0]
    assert WordsForm({"title": " " * 50 + "я" * 20}).is_valid()


@pytest.mark.parametrize("sent", [None, 5.5, [], {}, True, ["a"]])
def test_wrong_type_in_an_api(sent: Any) -> None:
    serializer = WordsSerializer(data={"title": sent})
    assert not serializer.is_valid()
    assert list(serializer.errors) == ["title"]


@given(st.text(max_size=50), st.booleans())
def test_cleaning_twice_changes_nothing(typed: str, lines: bool) -> None:
    try:
        once = clean(typed, lines=lines)
    except ValidationError:
        return
    assert clean(once, lines=lines) == once


@pytest.mark.parametrize(
    "value", ["=1+1", "+359", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=cmd|' /C calc'!A0", "\u00a0=1"]
)
def test_t33_no_cell_is_a_formula(value: str) -> None:
    assert cell(value) == f"'{value}"
    out = io.StringIO()
    csv.writer(out).writerow([cell(value)])
    read = next(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert read[0][0] == "'"


def test_ordinary_cells_stay() -> None:
    assert [cell(value) for value in ("Дупка", "", None, 5, -5, -2.5, "a=b", True)] == [
        "Дупка",
        "",
        "",
        "5",
        "-5",
        "-2.5",
        "a=b",
        "True",
    ]
