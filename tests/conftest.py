"""What every test stands on: plain static files, mail in memory, small fast password hashes, files in a folder of its own."""

import gc
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import tables
from tests.sharing import Ends, Sharing, turn
from tests.walks.demonstration import Demonstration, demonstration

# Playwright runs an event loop in the thread in which a browser test makes its database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_configure(config: pytest.Config) -> None:
    """Settings that must hold before the first application is loaded."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Every test client would read the whole folder of a site that was started here.
    settings.STATIC_ROOT = settings.VAR_DIR / "static-of-tests"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.DATABASES["default"]["OPTIONS"]["options"] += (
        " -c synchronous_commit=off"  # what ends with the tests need not last
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """After pytest-django, which puts tests that empty tables behind those that need their first rows.

    What happens in a real browser is tried once more where it fails, and shown with its failure in the end.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: turn(item.nodeid))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not look through it again and again (a tenth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    config.option.loadscopereorder = False  # else by the number of tests
    return Sharing(config, log)


_ends = Ends()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _ends.note(node.gateway.id)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _ends.after:
        terminalreporter.write_line(f"workers were done after: {_ends.told()}")


@pytest.fixture(scope="session")
def _all_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder at each step. (To number one `mktemp` reads the names of all that there are.)"""
    root = tmp_path_factory.mktemp("media")
    return (root / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_media(settings, _all_media) -> None:
    """Uploads of a test never touch the site's."""
    settings.MEDIA_ROOT = next(_all_media)
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture(autouse=True)
def _steady_memory(monkeypatch) -> None:
    """What the process remembers for seconds lasts for the whole test, and no test sees another's: query counts are exact."""
    from django.core.cache import cache
    from django.utils import translation

    from reports.planning import ground

    cache.clear()
    ground.forget()
    translation.deactivate()
    monkeypatch.setattr("municipality.site.SECONDS", 3600)
    # Tests change rows behind the verbs' back, where no act says that there is something new.
    monkeypatch.setattr("geoportal.kernel.conditional.kept.most", 0)


@pytest.fixture(scope="session")
def chromium():
    """The one Chromium of a test process: the driver allows no second one beside it."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def loaded_once(shared: Path) -> Iterator[Demonstration]:
    """The demonstration to copy a site from."""
    with demonstration(shared) as found:
        yield found


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None, shared: Path
) -> Iterator[None]:
    """The test databases of several workers are copies of one with all tables, which takes a second and not twenty."""
    if not hasattr(request.config, "workerinput") or request.config.getvalue("reuse_db"):
        yield
        return
    from django.db import connection

    with tables(shared) as name:
        connection.settings_dict["TEST"]["TEMPLATE"] = name
        yield
