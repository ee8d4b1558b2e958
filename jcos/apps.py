from django.apps import AppConfig


class JcosConfig(AppConfig):
    name = "jcos"
