"""The options compared in a real browser: on a small phone, in the dark, by keyboard, in forced colours, on paper."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from screening.actions import review
from screening.models import Referral
from tests.factories import SiteFactory, lumbar_pathway, staff_actor
from tests.intake_walk import IntakeWalk

from .conftest import PHONE
from .test_intake import MISS

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = (320, 640)


@pytest.fixture
def private(live_server):
    """private(window, answers): this window is where these answers were sent; gives the private page's address."""
    site = SiteFactory(slug="northfield", name="Northfield Clinic")
    pathway = lumbar_pathway(site)

    def at(window: Page, answers=MISS) -> str:
        walk = IntakeWalk(Client(), site, pathway, answers).sent()
        cookie = walk.client.cookies[settings.SESSION_COOKIE_NAME].value
        window.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return f"{live_server.url}{walk.path}"

    return at


def sides(window: Page) -> list[tuple[float, float]]:
    """Where the first option's benefits and harms begin: across and down."""
    boxes = [box.bounding_box() for box in window.locator(".side").all()[:2]]
    return [(box["x"], box["y"]) for box in boxes]


@pytest.mark.parametrize(("size", "scheme"), [(SMALL, "light"), (PHONE, "dark"), ((1280, 900), "light")])
def test_the_options_compared(private, open_window, assert_accessible, size, scheme):
    window = open_window(size=size, color_scheme=scheme, javascript=size != SMALL)
    window.goto(private(window))
    window.get_by_role("link", name="Compare your options").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Compare your options")
    if size == SMALL:
        root = "document.documentElement"
        assert window.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    else:
        assert_accessible(window)
    (x1, y1), (x2, y2) = sides(window)
    assert (x1 < x2, y1 == y2) == (True, True) if size[0] > 640 else (x1 == x2 and y1 < y2)


def test_the_worksheet_by_keyboard(private, phone, assert_accessible):
    phone.goto(f"{private(phone)}decision/")
    first = phone.locator(".matter").first
    first.get_by_role("radio").first.focus()
    phone.keyboard.press("ArrowRight")
    phone.keyboard.press("ArrowRight")
    expect(first.get_by_role("radio", name="A lot")).to_be_checked()
    assert_accessible(phone)
    assert phone.locator("#main form").count() == 0


def test_it_is_readable_in_forced_colours(private, open_window, assert_accessible):
    window = open_window(size=PHONE, forced_colors="active")
    window.goto(f"{private(window)}decision/")
    assert_accessible(window)
    bar = window.locator(".weeks-bar").first
    words = window.locator(".weeks-words").first
    fill = "each => getComputedStyle(each).fill"
    ground = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground not in (bar.evaluate(fill), words.evaluate(fill))


def test_the_picture_has_words(private, phone):
    phone.goto(f"{private(phone)}decision/")
    picture = phone.get_by_role("img", name="Getting well, week by week")
    expect(picture).to_be_visible()
    assert "Weeks 1-2: week 0 to week 2." in picture.locator("desc").inner_html()


def test_on_paper(private, page):
    page.goto(f"{private(page)}decision/")
    page.emulate_media(media="print")
    for gone in ("Back to your page", "Open this page as a PDF"):
        expect(page.get_by_role("link", name=gone)).to_be_hidden()
    for there in ("What can go badly", "A small scar", "My own question:", "Where this comes from"):
        expect(page.get_by_text(there, exact=True).first).to_be_visible()


def test_the_private_page_on_paper(private, page):
    page.goto(private(page))
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="If it gets worse")).to_be_visible()
    expect(page.get_by_text("A nerve can be hurt.")).to_be_visible()
    for gone in ("Open the letter (PDF)", "Compare your options", "Tell us that it got worse"):
        expect(page.get_by_role("link", name=gone)).to_be_hidden()


def test_an_emergency_comes_before_any_comparing(private, phone, assert_accessible):
    address = private(phone)
    referral = Referral.objects.get()
    surgeon = staff_actor(referral.site)
    for action, what in (
        (review.claim, {}),
        (review.reassess, {"answers": {"saddle_numbness": "yes"}, "texts": {}, "via": "phone"}),
        (review.release_assessment, {}),
    ):
        referral.refresh_from_db()
        action(actor=surgeon, referral=referral, expected_revision=referral.revision, **what)
    phone.goto(f"{address}decision/")
    expect(phone.get_by_text("This page can wait. Get help first.")).to_be_in_viewport()
    expect(phone.get_by_role("link", name="Call 112 now")).to_be_in_viewport()
    assert_accessible(phone)
