"""What one analysis tells of itself: its name in the address, its words, its parameters and the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from reports.planning.parameters import Parameter
from reports.planning.result import Result

if TYPE_CHECKING:
    from reports.planning.question import Question


@dataclass(frozen=True)
class Analysis:
    """`asks` is the question in a sentence. `long_from`: with so many reports in question the page makes it a job.

    `check` looks at parameters that must fit each other and raises BadParameter.
    """

    slug: str
    label: str | Promise
    asks: str | Promise
    parameters: tuple[Parameter, ...]
    answer: Callable[[Question], Result]
    long_from: int | None = None
    check: Callable[[Mapping[str, Any]], None] | None = None
