"""Settings refuse what they cannot be sure of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import keys

ROOT = Path(__file__).parents[2]
KEY = keys.FIXED["LINK_KEY"]
COMPLETE = {
    "SECRET_KEY": "k" * 60,
    "LINK_KEY": KEY,
    "FIELD_ENCRYPTION_KEYS": f"new:{KEY},old:{KEY}",
    "ALLOWED_HOSTS": "clinic.example",
}


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh process with exactly this environment."""
    everything = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=everything, capture_output=True, text=True, check=False)


SERVE = "import config.wsgi"


@pytest.mark.parametrize("name", ["DEMO", "TESTING", "REQUIRE_MFA", "BEHIND_PROXY"])
def test_a_mistyped_boolean_is_refused(name):
    done = start("import config.settings", **{**COMPLETE, name: "ture"})
    assert f'"{name}" invalid' in done.stderr


@pytest.mark.parametrize("name", COMPLETE)
def test_production_does_not_serve_without(name):
    done = start(SERVE, **{key: value for key, value in COMPLETE.items() if key != name})
    assert done.returncode == 1
    assert f"Not set: {name}." in done.stderr


def test_production_serves_when_complete():
    done = start(SERVE, **COMPLETE)
    assert done.returncode == 0, done.stderr


def test_a_missing_key_is_never_an_empty_one():
    code = (
        "from django.conf import settings; print([hasattr(settings, n) for n in ('LINK_KEY', 'FIELD_ENCRYPTION_KEYS')])"
    )
    assert start(code).stdout.strip() == "[False, False]"


def test_commands_that_need_no_key_run_without():
    assert (
        start(
            "from django.core.management import execute_from_command_line as run; run(['manage.py', 'check'])"
        ).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINK_KEY", "short"),
        ("LINK_KEY", "!" * 44),
        ("FIELD_ENCRYPTION_KEYS", KEY),
        ("FIELD_ENCRYPTION_KEYS", "a:c2hvcnQ="),
        ("FIELD_ENCRYPTION_KEYS", f"a:{KEY},a:{KEY}"),
        ("DATABASE_URL", "oracel://nowhere/at/all"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused(name, value):
    done = start("import config.settings", **{**COMPLETE, name: value})
    assert "ImproperlyConfigured" in done.stderr
    assert value not in done.stderr or name == "DATABASE_URL"


def test_the_first_encryption_key_writes():
    assert list(keys.encryption_keys(f"b:{KEY}, a:{KEY}")) == ["b", "a"]


def test_production_cookies_and_transport():
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_PRELOAD", "REQUIRE_MFA"]
    code = (
        f"from django.conf import settings; print(*[getattr(settings, name) for name in {names}], not settings.DEBUG)"
    )
    assert start(code, **COMPLETE).stdout.split() == ["True"] * 6


def test_demo_keys_are_made_once_and_kept_private(tmp_path):
    first = keys.demo_keys(tmp_path, fixed=False)
    assert keys.demo_keys(tmp_path, fixed=False) == first
    assert [path.name for path in tmp_path.iterdir()] == ["demo-keys.json"]
    assert (tmp_path / "demo-keys.json").stat().st_mode & 0o077 == 0


def test_a_demo_cannot_be_told_to_serve_others(tmp_path):
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    done = start(code, DEMO="1", ALLOWED_HOSTS="clinic.example,*", VAR_DIR=str(tmp_path))
    assert done.stdout.strip() == "['127.0.0.1', 'localhost', '[::1]', 'testserver']"


def test_demo_and_tests_are_not_mixed():
    assert "cannot both be on" in start("import config.settings", DEMO="1", TESTING="1").stderr


def test_key_of_wrong_length():
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        keys.link_key("AAAA")


def test_a_clinic_that_sends_e_mail_names_where_the_links_lead_and_who_sends():
    mail = {**COMPLETE, "EMAIL_URL": "smtp://mail.example:25"}
    assert "Not set: PUBLIC_URL, DEFAULT_FROM_EMAIL." in start(SERVE, **mail).stderr
    done = start(SERVE, **mail, PUBLIC_URL="https://clinic.example", DEFAULT_FROM_EMAIL="desk@clinic.example")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "address", ["http://clinic.example", "clinic.example", "https://clinic.example/app", "https://"]
)
def test_a_public_address_is_https_and_a_name(address):
    assert (
        "PUBLIC_URL must be like https://clinic.example"
        in start("import config.settings", **COMPLETE, PUBLIC_URL=address).stderr
    )


def test_without_a_mail_server_nothing_is_sent_and_nothing_is_lost_on_the_way():
    code = (
        "from django.conf import settings; print(settings.SENDS_EMAIL, settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT)"
    )
    assert start(code, **COMPLETE).stdout.strip() == "False django.core.mail.backends.dummy.EmailBackend 10"
