"""Settings that cannot be used are refused in one sentence that names them, for `make run` and manage.py alike."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geoportal import environment

REPO = Path(__file__).resolve().parents[2]
KEY = "kfo3J9-zq2Lmx8_7Vw1Tc5Rb6Yn4Hd0GsPaEuIiOoQjXvBtNmKl"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "x"),
        ("TRUSTED_PROXIES", "-1"),
        ("LANGUAGES", "xx"),
        ("LANGUAGES", ""),
        ("LANGUAGES", "bg, en"),
        ("TIME_ZONE", "Mars/One"),
        ("TIME_ZONE", "../etc/passwd"),
        ("EMAIL_URL", "garbage"),
        ("EMAIL_URL", "smtp://host:port"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "postgis://a:b@host:5432/"),
        ("DATABASE_URL", "postgis://a:b#c@host/name"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SITE_URL", "notaurl"),
        ("SITE_URL", "https://geoportal.example/map"),
        ("TILE_HOSTS", "x"),
        ("TILE_HOSTS", "https://tile.example;script-src"),
        ("LIMITS", "foo=bar"),
        ("LIMITS", "report_address=often"),
        ("LIMITS", "report_address"),
        ("DEMO", "perhaps"),
        ("PORT", "x"),
        ("MAIL_GROUP_SECONDS", "soon"),
        ("LOG_LEVEL", "loud"),
        ("WEB_WORKERS", "0"),
        ("VAPID_PRIVATE_KEY", "short"),
        ("SMS_URL", "sms.example/send"),
        ("SMS_COUNTRY_CODE", "359"),
        ("OUTSIDE_TRUSTED", "127.0.0.1"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_an_example(name, value):
    words = environment.complaint({name: value})
    assert words.startswith(name)
    assert "cannot be used: say " in words
    assert (f"{name}=" in words.split("say ", 1)[1]) or name in ("SECRET_KEY", "VAPID_PRIVATE_KEY")
    assert not (name in environment.SECRET and value in words)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"DEMO": "0", "SECRET_KEY": KEY, "SITE_URL": "https://geoportal.example/", "TRUSTED_PROXIES": "1"},
        {"DEMO": "1", "SECRET_KEY": "short"},
        {"DEMO": "", "PORT": "", "DATABASE_URL": "", "EMAIL_URL": "", "LIMITS": "", "TILE_HOSTS": "", "SECRET_KEY": ""},
        {"DATABASE_URL": "postgis://user:p%23w@db.example:5432/name", "EMAIL_URL": "smtp+tls://u:p@mail.example:587"},
        {"DATABASE_URL": "postgresql:///name", "EMAIL_URL": "consolemail://", "LANGUAGES": "en,bg"},
        {"LIMITS": "report_address=20/10m 60/1d,photo_address=,*="},
        {"SMS_URL": "http://127.0.0.1:8090/send?key=1", "OUTSIDE_TRUSTED": "127.0.0.1:8090", "SMS_COUNTRY_CODE": "+359"},
        {"VAPID_PRIVATE_KEY": "A" * 43, "SMS_TOKEN": "x"},
        {"TILE_HOSTS": "https://tile.example,http://127.0.0.1:9000,https://*.tile.example"},
    ],
)
def test_what_can_be_used_is_not_complained_of(given):
    assert environment.complaint(given) is None


def test_every_example_of_the_list_of_settings_can_be_used():
    lines = (REPO / ".env.example").read_text().splitlines()
    shown = dict(
        line.removeprefix("#").split("=", 1) for line in lines if line.startswith("#") and line[1:2].isupper() and "=" in line
    )
    assert set(environment.RULES) <= set(shown)
    assert environment.complaint(shown) is None


@pytest.mark.parametrize("command", [["manage.py", "check"], ["deploy/run.py"]])
def test_the_program_ends_with_one_sentence_and_no_traceback(tmp_path, command):
    given = os.environ | {"VAR_DIR": str(tmp_path), "TIME_ZONE": "Mars/One", "PORT": "8202"}
    done = subprocess.run([sys.executable, *command], cwd=REPO, env=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "geoportal: TIME_ZONE=Mars/One cannot be used: say a name of the time zone database, as in TIME_ZONE=Europe/Sofia\n"
    )


def test_a_process_loads_no_library_before_it_is_used() -> None:
    """The wheels that bring GDAL and GEOS are found without being imported: each process would pay 50 MB and more."""
    asked = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "print([name for name in ('pyogrio', 'pandas', 'weasyprint', 'scipy') if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "geoportal.settings"}
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_database_address_keeps_what_stands_after_its_question_mark():
    asked = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['sslmode'])"
    given = {"DATABASE_URL": "postgis://a:b@db.example/name?sslmode=require", "DJANGO_SETTINGS_MODULE": "geoportal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=REPO, env=os.environ | given, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "require"
