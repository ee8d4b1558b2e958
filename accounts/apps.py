from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from accounts import events  # noqa: F401, PLC0415 - its receivers register themselves
