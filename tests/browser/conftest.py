"""A real Chromium and axe. Without Chromium these tests skip and say why; with REQUIRE_BROWSER=1 they fail instead."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

from screening.actions import publishing, rules
from screening.models import Pathway
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SIGN_OFF, Actor
from tests.factories import OfferingFactory, PathwayFactory, SiteFactory, shipped_document, staff

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
PHONE, DESK = (390, 844), (1280, 900)
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]

# The sync interface of playwright runs a loop in this thread, which Django would take for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not CHROMIUM:
        reason = "There is no Chromium on this machine (Debian: apt-get install chromium)."
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a window with cookies of its own: open_window(size=PHONE, javascript=False, color_scheme="dark").

    A page that writes an error to the console (also one of the content policy) fails the test.
    """
    contexts, complaints = [], []

    def open_one(*, size: tuple[int, int] = DESK, javascript: bool = True, **options: Any) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, java_script_enabled=javascript, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note(complaints, line.type, line.text))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


def _note(complaints: list[str], kind: str, text: str) -> None:
    # A page that is refused on purpose answers 4xx, which Chromium writes as an error too.
    if kind == "error" and "Failed to load resource" not in text:
        complaints.append(text)


@pytest.fixture
def page(open_window: Callable[..., Page]) -> Page:
    return open_window()


@pytest.fixture
def phone(open_window: Callable[..., Page]) -> Page:
    return open_window(size=PHONE)


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """axe finds nothing, and nothing is wider than the window."""

    def check(page: Page) -> None:
        # Without preload: axe would put the style sheets it loads into the page, which our content policy refuses.
        found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
        told = [f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']][:3]}" for one in found]
        assert not told, f"{page.url}\n" + "\n".join(told)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), f"{page.url} scrolls sideways"

    return check


# The admin ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pathway() -> Pathway:
    """The shipped rule set, live, with its draft, at a clinic with an editor, a signer and an administrator."""
    site = SiteFactory(slug="northfield", name="Northfield Clinic")
    made = OfferingFactory(site=site, pathway=PathwayFactory(id="lumbar-miss", live=False)).pathway
    document, tests = shipped_document(), shipped_document("lumbar-miss.vignettes")
    # A few translations say as much here as all of them, which take seconds to store.
    document["translations"] = {"es": dict(list(document["translations"]["es"].items())[:3])}
    rules.import_document(actor=Actor.system(), pathway=made, document=document, vignettes=tests)
    publishing.publish(actor=Actor.system(), pathway=made, reason="The first.")
    staff(site, RULE_EDITORS, username="edith", first_name="Edith", last_name="Moss", is_staff=True)
    staff(site, SIGN_OFF, username="paul", first_name="Paul", last_name="Kern", is_staff=True)
    staff(site, ADMINISTRATORS, username="adam", is_staff=True)
    return made


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, str], Page]:
    """sign_in(window, "edith"): a window at the admin's front page."""

    def sign_in(window: Page, username: str) -> Page:
        window.goto(f"{live_server.url}/admin/")
        window.get_by_label("User name or e-mail").fill(username)
        window.get_by_label("Password").fill("demo")
        window.keyboard.press("Enter")
        window.wait_for_url("**/admin/")
        return window

    return sign_in
