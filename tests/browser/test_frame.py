"""The frame that every page stands in, on the pages that need no data."""

import pytest

from .conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/account/login/", "/account/password/reset/", "/nobody/nowhere/at-all/")


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_in_both_schemes_at_both_sizes(live_server, open_window, assert_accessible, size, scheme):
    window = open_window(size=size, color_scheme=scheme)
    for path in PAGES:
        window.goto(live_server.url + path)
        assert_accessible(window)


def test_the_first_stop_of_the_keyboard_leads_to_the_main_part(live_server, page):
    page.goto(live_server.url + "/account/login/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the main part"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"


def test_a_form_that_was_sent_back_starts_at_its_errors(live_server, page):
    page.goto(live_server.url + "/account/login/")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    assert "There is a problem" in page.locator(":focus").inner_text()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.locator(":focus").get_attribute("name") == "login"


def test_htmx_runs_under_the_content_policy(live_server, page):
    page.goto(live_server.url + "/account/login/")
    assert page.evaluate("htmx.config.allowEval") is False
