from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "council"

    def ready(self):
        from council import notices  # noqa: PLC0415 - models are ready only now
        from notifications.outbox import before_sending  # noqa: PLC0415 - the same

        for kind in (notices.OPENED, notices.EXTENDED):
            before_sending(kind, notices.ended_meanwhile)
