"""The question as a form: what the address says, typed as it was, beside what can be chosen."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from layers.zones import zone_choices
from municipality.models import Area, Organisation
from municipality.site import sectors
from reports import workflow
from reports.models import Category
from reports.parameters import LABELS, BadParameter
from reports.planning import asking
from reports.planning.kept import LONGEST_QUERY, SavedArea
from reports.planning.parameters import Parameter
from reports.planning.question import Question
from reports.wording import state_name

Options = list[tuple[str, str]]
MOST_AREAS = 40
MODES = {"whole": "numeric", "number": "decimal"}


def form_of(question: Question, query: QueryDict, bad: list[BadParameter]) -> dict[str, Any]:
    """{tabs, asks, own: fields of the analysis, common: fields of every analysis, within, narrowed, clear}."""
    typed = {name: str(value)[:LONGEST_QUERY].replace("\x00", "") for name, value in query.items()}
    errors = {one.name: str(one.messages[0]) for one in bad}
    own = [_own(parameter, typed, errors) for parameter in question.analysis.parameters]
    common = [
        field(name, str(LABELS[name]), typed, errors, kind="choice", options=options) for name, options in _choices().items()
    ]
    common += [field(name, str(LABELS[name]), typed, errors, kind="day") for name in ("since", "until")]
    common.append(field("q", str(LABELS["q"]), typed, errors, kind="text"))
    return {
        "analysis": question.analysis, "tabs": _tabs(question), "own": own, "common": common,
        "areas": _areas(question, typed.get("within", "")),
        "whole": question.as_query(within=""),
        "overdue": typed.get("overdue") == "1", "bbox": typed.get("bbox", ""),
        "within": field("within", _("Drawn area"), typed, errors, kind="text"),
        "narrowed": any(each["value"] for each in common) or bool(typed.get("overdue")),
        "clear": question.as_query(**dict.fromkeys(question.filters.given, ""), within=""),
    }  # fmt: skip


def _tabs(question: Question) -> list[dict[str, Any]]:
    return [
        {"slug": one.slug, "label": one.label, "query": question.as_query(analysis=one.slug), "on": one is question.analysis}
        for one in asking.offered()
    ]


def _areas(question: Question, chosen: str) -> list[dict[str, Any]]:
    """The person's saved areas as links; another's, which a saved analysis brought, is not among them."""
    rows = SavedArea.objects.of(question.user).only("name")[:MOST_AREAS]
    return [
        {"name": row.name, "query": question.as_query(within=f"saved:{row.pk}"), "on": chosen == f"saved:{row.pk}"}
        for row in rows
    ]


def field(
    name: str,
    label: str,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    kind: str,
    options: Options | None = None,
    help: str = "",
) -> dict[str, Any]:
    """One field; a choice that the address makes but the list does not offer (several at once) is offered too."""
    value, error, offered = typed.get(name, ""), errors.get(name, ""), options or []
    if value and offered and value not in dict(offered) and not error:
        named = dict(offered)
        offered = [*offered, (value, ", ".join(named.get(part, part) for part in value.split(",")))]
    described = [f"ask-{name}-help"] * bool(help) + [f"ask-{name}-error"] * bool(error)
    return {
        "name": name, "label": capfirst(label), "value": value, "error": error, "options": offered, "kind": kind, "help": help,
        "type": "date" if kind == "day" and not error else "text", "mode": MODES.get(kind, ""), "describes": " ".join(described),
    }  # fmt: skip


def _own(parameter: Parameter, typed: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    options = [(str(value), str(label)) for value, label in parameter.options()]
    if parameter.kind == "project":
        options = [("", "–"), *options]
    label = f"{parameter.label}, {parameter.unit}" if parameter.unit else str(parameter.label)
    help = str(parameter.help)
    if parameter.lowest is not None and parameter.highest is not None:
        low, high = (
            number_format(value, use_l10n=True, force_grouping=True) for value in (parameter.lowest, parameter.highest)
        )
        help = f"{help} " + _("From %(low)s to %(high)s.") % {"low": low, "high": high}
    kind = "choice" if parameter.kind == "project" else parameter.kind
    typed = {**typed, parameter.name: typed.get(parameter.name) or parameter.as_text(parameter.default)}
    typed[parameter.name] = parameter.as_typed(typed[parameter.name])
    return field(parameter.name, label, typed, errors, kind=kind, options=options, help=help)


def _choices() -> dict[str, Options]:
    """What the common filters offer, the empty choice first."""
    states: Options = [("open", _("all open")), ("closed", _("all ended"))]
    for kind, name in (("problem", _("Problem")), ("idea", _("Idea"))):
        states += [
            (code, f"{name}: {state_name(kind, code)}")
            for code in workflow.STATES
            if code not in workflow.DRAFTS and code != "rejected" and code not in dict(states) and _has(kind, code)
        ]
    areas = Area.objects.exclude(parent=None).order_by("path").defer("polygon", "point").select_related("parent")
    offered = {
        "kind": [("problem", _("Problems")), ("idea", _("Ideas"))],
        "sector": [(sector.slug, text_in(sector.name)) for sector in sectors()],
        "category": [(category.slug, category.internal_name or str(category)) for category in Category.objects.all()],
        "area": [*((area.slug, area.full_name) for area in areas), *zone_choices()],
        "status": states,
        "assigned": [
            ("none", _("Unassigned")),
            *((one.slug, str(one)) for one in Organisation.objects.departments().order_by("slug")),
        ],
    }
    return {name: [("", _("all")), *options] for name, options in offered.items()}


def _has(kind: str, code: str) -> bool:
    """Whether the kind knows the state."""
    try:
        state_name(kind, code)
    except KeyError:
        return False
    return True
