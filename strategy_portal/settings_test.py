"""The settings of the tests: the same, on servers of their own that need not survive a power cut."""

from strategy_portal.tests import servers

servers.start()

from strategy_portal.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SECOND_FACTOR_REQUIRED = False  # the tests of it turn it on
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a folder that is not there
if not DATABASES["default"]["PASSWORD"]:  # noqa: F405 - the session's own server
    DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASES["default"]["NAME"]}  # noqa: F405 - migrated already
# A browser keeps its lines to the live server open, each a thread: with its connection kept, too, the server runs out.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
