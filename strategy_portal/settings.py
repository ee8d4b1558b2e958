"""The settings of the portal: one file for every place; what differs comes from the environment.

`PRODUCTION=1` decides that this is production: nothing else does. There every secret and every server must
be named, cookies travel over https only and the demonstration is refused. Elsewhere `bin/serve`, `bin/test`
and `manage.py` fill in what is missing from the data folder (`keeper.py`). Debug mode is never on.
"""

from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What this place is -------------------------------------------------------------------------------
PRODUCTION = env.bool("PRODUCTION", default=False)
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
REQUIRED = ["SECRET_KEY", "MFA_KEY", "DATABASE_URL", "REDIS_URL"]
if PRODUCTION:
    REQUIRED += ["ALLOWED_HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "PORTAL_DATA_DIR"]
if missing := [name for name in REQUIRED if not env.str(name, default="")]:
    raise ImproperlyConfigured(
        f"Not set in the environment: {', '.join(missing)}."
        " Outside production, bin/serve, bin/test and manage.py set them."
    )
if PRODUCTION and DEMONSTRATION:
    raise ImproperlyConfigured(
        "DEMONSTRATION is refused in production: it has known passwords and a clock that moves."
    )
if PRODUCTION and len(env.str("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY needs at least 50 characters in production.")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
MFA_KEY = env.str("MFA_KEY")  # encrypts the second factors' secrets (accounts.mfa)
VERSION = "0.1.0"
PORTAL_CONTACT = env.str("PORTAL_CONTACT", default="secretariat@portal.test")
DATA_DIR = Path(env.str("PORTAL_DATA_DIR", default=str(BASE_DIR / "var")))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PORTAL_URL = env.str(
    "PORTAL_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- The parts ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "editing",
    "publishing",
    "notifications",
    "council",
    "actionplans",
    "jcos",
    "reports",
    "deadlines",
    "audit",
    "search",
    "strategy_portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "pghistory",
    "pgtrigger",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "strategy_portal.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "strategy_portal.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "strategy_portal.middleware.CleanQueryMiddleware",  # once it is known whose page of the error it is
    "strategy_portal.middleware.SessionAgeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "strategy_portal.middleware.HtmxSignInMiddleware",
    "strategy_portal.middleware.WrongMethodMiddleware",
    "editing.middleware.KeepTypedMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "strategy_portal.middleware.RefusedFormMiddleware",
    "strategy_portal.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "strategy_portal.urls"
WSGI_APPLICATION = "strategy_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "strategy_portal.context_processors.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database, history, cache, sessions ---------------------------------------------------------------
# DATABASE_URL is the running portal's role. Migrations and restore use DATABASE_OWNER_URL where there is one, so that
# the portal itself can neither change nor empty history.
PORTAL_DATABASE = env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")
OWNER_DATABASE = env.db_url(
    "DATABASE_OWNER_URL", engine="django.db.backends.postgresql", default=env.str("DATABASE_URL")
)
DATABASE_APP_ROLE = PORTAL_DATABASE["USER"]
AS_OWNER = env.str("DATABASE_ROLE", default="") == "owner"
DATABASES = {
    "default": {
        **(OWNER_DATABASE if AS_OWNER else PORTAL_DATABASE),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each event carries its own context: with the shared context row, two steps in one request would both end with the
# second verb, and the row could be rewritten. Event tables reference their record without a foreign key, so that
# they outlive it (django-pghistory's own default, kept explicit).
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False)
PGHISTORY_APPEND_ONLY = True

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of their own
SESSION_COOKIE_AGE = 30 * 60  # idle
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE_AGE = 12 * 60 * 60  # seconds from sign-in, whatever was done meanwhile

# --- People -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "strategy_portal.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "notifications.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Failed sign-ins count per account and address together: an office behind one address is not locked out.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Whether everybody needs a second factor before anything else; the demonstration offers it (docs/operate/sign-in.md).
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMONSTRATION)
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Strategy Portal"

# --- Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Brussels"
FORMAT_MODULE_PATH = ["strategy_portal.formats"]  # 27 November 2026, whatever the language's habit

# --- Files --------------------------------------------------------------------------------------------
NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap/css", NODE_MODULES / "bootstrap" / "dist" / "css"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/sortable", NODE_MODULES / "sortablejs"),
    ("vendor/turndown", NODE_MODULES / "turndown" / "dist"),
    ("vendor/turndown-plugin-gfm", NODE_MODULES / "turndown-plugin-gfm" / "dist"),
    ("vendor/source-sans-3/files", NODE_MODULES / "@fontsource-variable" / "source-sans-3" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the longest form has some hundred lines of a dozen fields
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- Mail: real messages; outside production one file each --------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Strategy Portal <portal@portal.test>"
)
EMAIL_TIMEOUT = 20
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":  # noqa: F821 - set by the line above
        EMAIL_BACKEND = "notifications.smtp.EmailBackend"  # tells refused from perhaps sent
else:
    EMAIL_BACKEND = "strategy_portal.mailbox.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Queue: a hint and nothing more -------------------------------------------------------------------
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task longer than the visibility time-out would run twice: the time limit lies well below it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 3,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
LOOK_EVERY = env.int("LOOK_EVERY", default=60)  # seconds between two looks at what is due and what waits
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# --- What the browser is told -------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "strategy_portal.errors.csrf_failure"
# A __Host- cookie that is not Secure is dropped by browsers: name and flag change together.
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=True) else None
    )
# Preloading would bind every name below the client's domain, which is not the portal's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Logs: one JSON object a line, UTC, with the request's id -----------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "strategy_portal.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "portal": {"level": env.str("LOG_LEVEL", default="INFO")},
    },
}
