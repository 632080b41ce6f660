"""Addresses of lists, planned projects, the installation's pages and files."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}

MATRIX = [
    ("report_list", "", _ALL),
    ("council_ideas", "", _ALL),
    ("council_csv", "", _ALL),
    ("document", "document of idea", _ALL),
    (
        "document",
        "document of hidden",
        {"*": {"GET": 200}, **{key: {"GET": 404} for key in ("anonymous", "resident", "author", "official")}},
    ),
    ("report", "withdrawn idea", _ALL),
    ("timeline_feed", "withdrawn idea", _MISSING),
    ("project_list", "", _ALL),
    ("project", "project", _ALL),
    ("project", "report", _MISSING),
    ("page", "page", _ALL),
    ("display", "", _ALL),
    ("robots", "", _ALL),
    ("security", "", _ALL),
    ("favicon", "", {"*": {"GET": 302}}),
    ("photo", "photo of report", _ALL),
    (
        "photo",
        "photo of hidden",
        {"*": {"GET": 200}, **{key: {"GET": 404} for key in ("anonymous", "resident", "other_official")}},
    ),
    ("share", "report", _ALL),
    ("share", "hidden", _MISSING),
    ("share", "restricted", _MISSING),
    ("sitemap", "", _ALL),
    ("sitemap_section", "section", _ALL),
    *((name, "", _ALL) for name in ("report_feed", "project_feed", "embed", "embed_map", "embed_list", "notice", "notice_pdf")),
    ("timeline_feed", "report", _ALL),
    *(("timeline_feed", name, _MISSING) for name in ("hidden", "restricted", "draft", "removed", "withdrawn")),
    *(
        (name, kwargs, {"*": {"GET": 302}})
        for name, kwargs in (("short_new", ""), ("short_report", "report"), ("short_place", "short place"))
    ),
]
