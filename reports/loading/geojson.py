"""A GeoJSON file that lies in a municipality's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from reports.loading.rows import LoadError, Row, content_of


def geojson_file(folder: Path, row: Row, name: str) -> tuple[Path, Any] | None:
    """(path, content) of the file that the field `name` names, None when it is empty. Nothing of the content is checked yet.

    Raises LoadError about the field when there is no such file in the folder, about the file's line when it is not JSON.
    """
    file = row.text(name, "")
    if not file:
        return None
    path = (folder / file).resolve()
    if folder.resolve() not in path.parents:
        raise row.error(name, _("must lie in the same folder"))
    if not path.is_file():
        raise row.error(name, f"{file}: " + _("there is no such file"))
    try:
        return path, json.loads(content_of(path))
    except RecursionError:
        raise LoadError(str(path), 1, _("is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise LoadError(
            str(path), error.lineno, _("is not JSON from character %(column)d on") % {"column": error.colno}
        ) from None
    except ValueError:  # a whole number of thousands of digits
        raise LoadError(str(path), 1, _("a number is too long")) from None
