"""Catalogues are merged from parts, first wins; every message in use without a translation is named with its place."""

import gettext

import place
import pytest
import translations

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def project(monkeypatch, tmp_path):
    """A small project with code, a template and two parts of a catalogue."""
    for name in translations.CODE_FOLDERS:
        (tmp_path / name).mkdir()
    (tmp_path / "templates/desk").mkdir(parents=True)
    parts = tmp_path / "locale/bg.parts"
    parts.mkdir(parents=True)
    (parts / "a.po").write_text(HEAD + 'msgid "Send"\nmsgstr "Изпратете"\n\nmsgid "Empty"\nmsgstr ""\n')
    (parts / "b.po").write_text(
        HEAD + 'msgid "Send"\nmsgstr "Пращане"\n\nmsgid "Empty"\nmsgstr "Празно"\n\n'
        'msgctxt "verb"\nmsgid "Open"\nmsgstr "Отворете"\n\n'
        'msgid "%(n)s report"\nmsgid_plural "%(n)s reports"\nmsgstr[0] "%(n)s сигнал"\nmsgstr[1] "%(n)s сигнала"\n'
    )
    monkeypatch.setattr(translations, "REPO", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return tmp_path


def test_the_first_part_wins_and_an_empty_translation_does_not(project):
    translations.compile_catalogues()
    with open(project / "locale/bg/LC_MESSAGES/django.mo", "rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Send") == "Изпратете"
    assert catalogue.gettext("Empty") == "Празно"
    assert catalogue.pgettext("verb", "Open") == "Отворете"
    assert catalogue.ngettext("%(n)s report", "%(n)s reports", 5) == "%(n)s сигнала"


def test_a_changed_part_is_compiled_again(project):
    translations.compile_catalogues()
    target = project / "locale/bg/LC_MESSAGES/django.mo"
    first = target.stat().st_mtime_ns
    translations.compile_catalogues()
    assert target.stat().st_mtime_ns == first
    (project / "locale/bg.parts/c.po").write_text(HEAD + 'msgid "New"\nmsgstr "Ново"\n')
    translations.compile_catalogues()
    with open(target, "rb") as file:
        assert gettext.GNUTranslations(file).gettext("New") == "Ново"


def test_what_has_no_translation_is_named_with_its_place(project):
    (project / "reports/rules.py").write_text('_("Send")\n_("Unknown")\npgettext_lazy("noun", "Open")\n')
    (project / "templates/desk/list.html").write_text(
        "{% trans 'Send' %}\n{% trans 'Lost' %}"
        "{% blocktrans count n=n %}{{ n }} report{% plural %}{{ n }} reports{% endblocktrans %}"
    )
    assert translations.untranslated("bg") == [
        "reports/rules.py:2: no bg translation of 'Unknown'",
        "reports/rules.py:3: no bg translation of 'Open' (context noun)",
        "templates/desk/list.html:2: no bg translation of 'Lost'",
    ]


def test_a_broken_part_names_file_and_line(project):
    (project / "locale/bg.parts/c.po").write_text(HEAD + 'mgsid "New"\nmsgstr "Ново"\n')
    with pytest.raises(place.Refused, match=r"c\.po.*line 4"):
        translations.compile_catalogues()


def test_what_would_break_a_page_is_found(project):
    (project / "locale/bg.parts/c.po").write_text(HEAD + '#, python-format\nmsgid "%(n)s km"\nmsgstr "%(m)s км"\n')
    assert any("c.po:6" in line for line in translations.malformed("bg"))
    (project / "locale/bg.parts/c.po").unlink()
    assert translations.malformed("bg") == []


def test_a_message_said_with_a_number_and_without_is_named(project):
    (project / "templates/desk/list.html").write_text(
        "{% trans 'One report' %}{% trans 'One report' context 'noun' %}\n"
        "{% blocktrans count n=n %}One report{% plural %}{{ n }} reports{% endblocktrans %}"
    )
    assert translations.counted_and_plain() == [
        "templates/desk/list.html:1: 'One report' is said with a number elsewhere; give it a context here"
    ]
