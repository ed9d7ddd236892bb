"""Short codes and private links: how they are made, shown, read back and kept."""

import re

import pytest
from django.test import RequestFactory

from screening.intake.network import network_of
from screening.models.access import (
    CODE_LENGTH,
    CODE_LETTERS,
    code_hash,
    link_hash,
    new_code,
    private_token,
    read_code,
    shown_code,
)


def test_a_code_is_ten_letters_of_thirty_two_that_nobody_mixes_up():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == CODE_LENGTH == 10 for code in codes)
    assert set("".join(codes)) == set(CODE_LETTERS)
    assert len(CODE_LETTERS) == 32
    assert not set(CODE_LETTERS) & set("OILU")


def test_what_is_shown_is_read_back():
    code = new_code()
    assert re.fullmatch(r"\w{4}-\w{3}-\w{3}", shown_code(code))
    assert read_code(shown_code(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "7K10-9Q0-T1A",
        "7k10 9q0 t1a",
        "  7K1O–9QO–TlA. ",
        "7kio.9qo_tia",
        "7 K L o 9 q O t I a",
        "７Ｋ１０\u00a0９Ｑ０\u202fＴ１Ａ",
        "7K10\t9Q0\nT1A",
    ],
)
def test_however_it_was_written_down_it_is_the_same_code(typed):
    assert read_code(typed) == "7K109Q0T1A"


@pytest.mark.parametrize("typed", ["", "   ", "----", "*?!", "éñ"])
def test_what_is_no_code_is_none(typed):
    assert len(read_code(typed)) < CODE_LENGTH


def test_a_code_can_only_be_found_with_the_key(settings):
    code = new_code()
    before = code_hash(code)
    assert len(before) == 64
    assert code not in before
    settings.LINK_KEY = b"another key, 32 bytes long......"
    assert code_hash(code) != before


def test_a_link_has_more_than_128_bits_and_none_is_like_another():
    tokens = {private_token("one", number) for number in range(300)} | {private_token("two", 1)}
    assert len(tokens) == 301
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)
    assert len(link_hash(tokens.pop())) == 64


class TestNetwork:
    """Who asks, as a key to count tries by."""

    def network(self, address, **meta):
        return network_of(RequestFactory().get("/", REMOTE_ADDR=address, **meta))

    def test_every_address_counts_for_itself(self):
        assert self.network("192.0.2.7") == "192.0.2.7"
        assert self.network("192.0.2.7") != self.network("192.0.2.8")

    def test_a_phone_that_changes_its_address_within_its_network_is_one(self):
        assert self.network("2001:db8:1:2::5") == self.network("2001:db8:1:2:ffff::9")
        assert self.network("2001:db8:1:2::5") != self.network("2001:db8:1:3::5")

    def test_what_a_browser_says_about_itself_is_not_believed(self):
        assert self.network("192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.1") == "192.0.2.7"

    def test_behind_a_proxy_it_is_the_one_that_the_proxy_saw(self, settings):
        settings.BEHIND_PROXY = True
        assert self.network("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.1") == "198.51.100.1"
        assert self.network("10.0.0.1") == ""
