"""Every setting, and the only place that reads the environment.

Three modes: production (the default; nothing is assumed, what is missing is named), DEMO=1 (made-up people on this
machine only) and TESTING=1 (set by tests/settings.py). README lists the variables a clinic sets.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from config.addresses import web_address
from config.keys import demo_keys, encryption_keys, link_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
try:
    DEMO_MODE = env.bool("DEMO", False)
    TESTING = env.bool("TESTING", False)
    REQUIRE_MFA = env.bool("REQUIRE_MFA", not (DEMO_MODE or TESTING))
    # Set only where a proxy in front always sets X-Forwarded-Proto itself: it is then believed.
    BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [])
    VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
    LOG_LEVEL = env.log_level("LOG_LEVEL", "INFO")
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'screening.sqlite3'}")}
    columnar_cases = env.bool("COLUMNAR_CASES", False)
    email = env.dj_email_url("EMAIL_URL", "console:" if DEMO_MODE else "dummy:")
    sender = env.str("DEFAULT_FROM_EMAIL", "screening@localhost" if DEMO_MODE or TESTING else "")
    public_url = env.str("PUBLIC_URL", "http://127.0.0.1:8000" if DEMO_MODE or TESTING else "").rstrip("/")
    unfinished_days = env.int("UNFINISHED_DAYS", 30)
    secrets = {name: env.str(name, "") for name in ("SECRET_KEY", "LINK_KEY", "FIELD_ENCRYPTION_KEYS")}
except (EnvError, ValueError) as error:
    raise ImproperlyConfigured(f"The environment cannot be used: {error}") from error

if DEMO_MODE and TESTING:
    raise ImproperlyConfigured("DEMO and TESTING cannot both be on.")

LOCAL_ONLY = DEMO_MODE or TESTING
DEBUG = False

# Keys -------------------------------------------------------------------------------------------------------------

if LOCAL_ONLY:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    secrets = {**demo_keys(VAR_DIR, fixed=TESTING), **{name: value for name, value in secrets.items() if value}}

# Named here; serving is refused by screening.checks. Commands that need no key still run.
MISSING_SETTINGS = [name for name, value in secrets.items() if not value]
if not LOCAL_ONLY and not ALLOWED_HOSTS:
    MISSING_SETTINGS.append("ALLOWED_HOSTS")
# Without EMAIL_URL nothing is sent and nothing is offered to be sent.
SENDS_EMAIL = TESTING or not email.get("EMAIL_BACKEND", "").endswith("dummy.EmailBackend")
if SENDS_EMAIL:
    wanted = {"PUBLIC_URL": public_url, "DEFAULT_FROM_EMAIL": sender}
    MISSING_SETTINGS += [name for name, value in wanted.items() if not value]

# A missing key leaves its setting undefined, so that nothing can ever be signed or encrypted with an empty one.
if secrets["SECRET_KEY"]:
    SECRET_KEY = secrets["SECRET_KEY"]
if secrets["LINK_KEY"]:
    LINK_KEY = link_key(secrets["LINK_KEY"])
if secrets["FIELD_ENCRYPTION_KEYS"]:
    FIELD_ENCRYPTION_KEYS = encryption_keys(secrets["FIELD_ENCRYPTION_KEYS"])

# Demo -------------------------------------------------------------------------------------------------------------

if LOCAL_ONLY:
    # Whatever the environment says: a demo has known passwords.
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DEMO_PASSWORD = "demo" if LOCAL_ONLY else ""

# Apps -------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "screening.apps.ScreeningConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_object_actions",
    "django_tasks_db",
    "heroicons",
    "js_lib_bootstrap5",
]

MIDDLEWARE = [
    *(["screening.middleware.ThisMachineOnly"] if DEMO_MODE else []),
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # It adds a random length to each page, so that compressing tells nothing of what is secret in it.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "screening.middleware.PatientsLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "screening.middleware.PrivatePages",
    "allauth.account.middleware.AccountMiddleware",
    "screening.middleware.SignedOut",
    "screening.middleware.SecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "screening.context_processors.page",
            ],
            "builtins": ["django.templatetags.static", "screening.templatetags.components"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# Database, cache, sessions ----------------------------------------------------------------------------------------

database = DATABASES["default"]
if database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write waits for its turn at the start, and never fails half way.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What is erased is overwritten in the file too.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON;",
    }
else:
    database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# Rate limits are counted in the cache, so all web processes of a clinic share one.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if LOCAL_ONLY
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL_ONLY
if not LOCAL_ONLY:
    # The prefix makes browsers refuse a cookie set by a neighbouring subdomain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

# Work in the background: a queue in the same database, worked off by `manage.py worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Where a clinic has so many cases that reading them anew for each replay takes too long, they are kept beside the
# database in columns, in VAR_DIR: choices, numbers and don't-knows under random keys.
COLUMNAR_CASES = columnar_cases

# Coming back ------------------------------------------------------------------------------------------------------

# So long after the last saved page a private link or a code opens unfinished answers; nothing is deleted then. One
# e-mail reminds of it when a tenth of the time is left.
UNFINISHED_OPEN_FOR = timedelta(days=unfinished_days)
UNFINISHED_REMIND_BEFORE = UNFINISHED_OPEN_FOR / 10

# Sign-in ----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    # Tests make many users; nothing but the tests ever meets these hashes.
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/review/"
ACCOUNT_ADAPTER = "screening.accounts.StaffAccounts"
ACCOUNT_FORMS = {"login": "screening.accounts.SignIn"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False if TESTING else {}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Surgical screening"
AXES_ENABLED = not TESTING
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "screening.accounts.name_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# What browsers may do -----------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
# Pages behind a private link say no-referrer themselves (screening.middleware.PrivatePages).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not LOCAL_ONLY:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: for the arrows and ticks that Bootstrap's style sheet draws, and the QR code of the second factor.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "bluetooth",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
}
HTMX_CONFIG = {"includeIndicatorStyles": False, "allowEval": False, "selfRequestsOnly": True, "historyCacheSize": 0}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Words and times --------------------------------------------------------------------------------------------------

# Staff screens are in English only. What patients read is in locale/ (`make messages`) and in the rule sets.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not LOCAL_ONLY
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# E-mail, log ------------------------------------------------------------------------------------------------------

globals().update(email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender
# A mail server that says nothing for so many seconds is tried again later.
EMAIL_TIMEOUT = email.get("EMAIL_TIMEOUT") or 10
# What the site is reached by, for the links in e-mails and alerts: https://clinic.example, nothing behind it.
PUBLIC_URL = web_address(public_url, insecure=LOCAL_ONLY)

# No request bodies, no query strings, no private links, no messages of exceptions, nobody is mailed a traceback.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "screening.logs.Scrub"}},
    "formatters": {
        "line": {
            "()": "logging.Formatter" if LOCAL_ONLY else "screening.logs.WithoutMessages",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrub"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
        # Scanners ask for made-up hosts all day; they are refused, and that is all there is to say.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
