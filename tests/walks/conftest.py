"""One running site and one Chromium for all walks of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import sign_in
from tests.walks.demonstration import Demonstration
from tests.walks.receiver import Receiver, receiving
from tests.walks.site import Site, running

expect.set_options(timeout=45_000)  # a busy machine draws slowly
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """A program on a host that the site's operator trusts."""
    with receiving() as found:
        yield found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, loaded_once: Demonstration, receiver: Receiver) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("walks"), begun=loaded_once, webhook_hosts=receiver.host) as found:
        yield found


@pytest.fixture
def visitor(site: Site, chromium: Browser) -> Iterator:
    """Opens pages of new people: `visitor(phone=True, scripts=False)`. A blocked script or style fails the walk."""
    contexts, broken = [], []

    def new(*, phone: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
            locale="bg-BG",
            timezone_id="Europe/Sofia",
            permissions=["geolocation"],
            geolocation={"longitude": 23.7934, "latitude": 42.9077},
        )
        context.set_default_timeout(45_000)
        page = context.new_page()
        page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        contexts.append(context)
        return page

    yield new
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Who signed in by the password already → the cookies of that."""
    return {}


@pytest.fixture
def person(visitor: Callable[..., Page], sessions: dict[str, Any]) -> Callable[..., Page]:
    """`person("resident", phone=True)`: a page of one of the demonstration's accounts, signed in."""

    def new(who: str, **how: bool) -> Page:
        page = visitor(**how)
        if who in sessions:
            page.context.add_cookies(sessions[who])
        else:
            sign_in(page, "", f"{who}@demo.test")
            sessions[who] = page.context.cookies()
        return page

    return new


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone makes it: with a place and a make in its metadata."""
    from PIL import Image

    path = tmp_path / "photo.jpg"
    picture = Image.effect_noise((1200, 900), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera of a resident"
    picture.save(path, exif=exif)
    return path
