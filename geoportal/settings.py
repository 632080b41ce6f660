"""All settings, read from the environment; `.env.example` lists every variable."""

from __future__ import annotations

import os
import secrets
from importlib.util import find_spec
from pathlib import Path

import environ

from geoportal.environment import refuse_unusable

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")
refuse_unusable(os.environ)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='') or 8000}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE = SITE_URL.startswith("https://")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Single limits of geoportal.kernel.throttle replaced, as report_address=20/10m 60/1d,photo_address= (empty: no limit).
LIMITS = env.dict("LIMITS", default={})


def _secret_key() -> str:
    """The key from the environment; a demo or a test makes one once and keeps it under var/."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()

# GDAL must not reach the network, and Django must use the wheels' libraries.
os.environ.setdefault("GDAL_HTTP_PROXY", "127.0.0.1:9")
os.environ.setdefault("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}")


def _wheel_library(package: str, pattern: str) -> str | None:
    """The library that a wheel brings; the package itself is not imported, which would cost every process 50 MB and more."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(folder.glob(pattern))), None)


GDAL_LIBRARY_PATH = env.str("GDAL_LIBRARY_PATH", default="") or _wheel_library("pyogrio", "libgdal*.so*")
GEOS_LIBRARY_PATH = env.str("GEOS_LIBRARY_PATH", default="") or _wheel_library("shapely", "libgeos_c*.so*")

if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL", engine="geoportal.kernel.database")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "geoportal.kernel.database",
            "HOST": env.str("PGHOST", default=str(VAR_DIR / "postgres/socket")),
            "NAME": env.str("PGDATABASE", default="geoportal"),
            "USER": "geoportal",
        }
    }
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),  # what stands after the question mark of DATABASE_URL, sslmode say
        # Of the cursors that ask the server to prepare, see geoportal.kernel.database; Django's own do not.
        "prepare_threshold": 2,
        "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
        " -c search_path=public -c jit=off",
    },
}

INSTALLED_APPS = [
    "geoportal.kernel",
    "municipality",
    "accounts",
    "discussion",
    "layers",
    "reports",
    "participation",
    "notifications",
    "api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.forms",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "geoportal.kernel.static_files.StaticFiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leaflet",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "geoportal.kernel.middleware.Guard",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "geoportal.urls"
WSGI_APPLICATION = "geoportal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "municipality.context.installation",
            ],
            "builtins": [
                "discussion.templatetags.addresses",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "geoportal.kernel.templatetags.localised",
            ],
        },
    }
]

# Languages: the first is the site's own and has no prefix in addresses.
LANGUAGE_NAMES = {"bg": "Български", "en": "English"}
LANGUAGES = [(code, LANGUAGE_NAMES.get(code, code)) for code in env.list("LANGUAGES", default=["bg", "en"])]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
# How the site looks for a visitor who chose it; the page itself is drawn so.
THEME_COOKIE_NAME = "theme"
THEMES = ("light", "dark", "contrast")
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Sofia")
USE_TZ = True
DATE_FORMAT = "d.m.Y"
USE_THOUSAND_SEPARATOR = True
NUMBER_GROUPING = 3  # for languages whose formats in Django name a sign between thousands but no grouping, as Bulgarian

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("npm/@fontsource-variable/noto-sans", BASE_DIR / "node_modules/@fontsource-variable/noto-sans"),
    ("npm/protomaps-leaflet", BASE_DIR / "node_modules/protomaps-leaflet/dist"),
]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "geoportal.kernel.static.ModuleManifestStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 12  # what is too many for a report is said at its field

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "accounts.passwords.LongestPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.agreement.AgreeForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
LOGIN_REDIRECT_URL = "/accounts/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "geoportal.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The only third parties a page may show pictures of; rows in layers.BaseMap and layers.Layer name what is there.
TILE_HOSTS = env.list("TILE_HOSTS", default=["https://tile.openstreetmap.org"] if DEMO else [])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *TILE_HOSTS],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Sites that may show /embed/… in a frame; every other page stands in no frame at all.
EMBED_HOSTS = env.list("EMBED_HOSTS", default=["*"])

# Mail
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or "smtp://127.0.0.1:1025"))
EMAIL_TIMEOUT = 20
MAIL_GROUP_SECONDS = env.int("MAIL_GROUP_SECONDS", default=3 if DEMO else 120)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Geoportal <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DIR = VAR_DIR / "mail"

# Messages to phones. The private key of web push (base64url) is made once under var/ when none is given.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
# Gateway for SMS: POST {"to", "text", "reference"} as JSON; empty: not offered.
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_COUNTRY_CODE = env.str("SMS_COUNTRY_CODE", default="+359")
# Hosts of the operator's own, as host:port, that the site may ask although they are private or without TLS.
OUTSIDE_TRUSTED = env.list("OUTSIDE_TRUSTED", default=[])
PUSH_TRUSTED: list[str] = []  # what browsers name is never the operator's own; tests stand a service here
# The same for webhooks, whose addresses their keepers give: heeded only where an administrator gave the address.
WEBHOOK_TRUSTED = env.list("WEBHOOK_TRUSTED", default=[])
OPEN_DATA_LICENCE = env.str("OPEN_DATA_LICENCE", default="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")
# What the municipality's document system is called; empty: the desk speaks of none before one has taken a case.
DOCUMENT_SYSTEM = env.str("DOCUMENT_SYSTEM", default="")

# How much of its public answers each server process keeps in memory; 0: nothing.
KEPT_ANSWERS_MB = env.int("KEPT_ANSWERS_MB", default=16)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.Denied"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "geoportal.kernel.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Geoportal API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["api.v1.schema.with_problems"],
}
LEAFLET_CONFIG = {"TILES": [], "RESET_VIEW": False}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "geoportal.kernel.jobs.ready"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "geoportal.kernel.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
