from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "council"

    def ready(self):
        from council import notices, record_card  # noqa: PLC0415 - models are ready only now
        from notifications.outbox import before_sending  # noqa: PLC0415 - the same
        from strategy_portal.workflow import stands_against_every_step  # noqa: PLC0415 - the same

        for kind in (notices.OPENED, notices.EXTENDED):
            before_sending(kind, notices.ended_meanwhile)
        stands_against_every_step(record_card.held_by_silence)
