"""Mail by SMTP, with the one thing that Django's backend does not tell: whether a lost message may have arrived."""

import smtplib

from django.core.mail.backends import smtp


class Uncertain(Exception):
    """The connection broke after the text was handed over and before the server said what it made of it."""


def _watched(base):
    """An SMTP connection that remembers whether it began to hand over a message's text."""

    class Watched(base):
        handing_over = False

        def data(self, message):
            self.handing_over = True
            return super().data(message)

    return Watched


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend; a message whose fate is not known raises `Uncertain`."""

    @property
    def connection_class(self):
        return _watched(super().connection_class)

    def _send(self, email_message):
        if self.connection is not None:
            self.connection.handing_over = False
        try:
            return super()._send(email_message)
        except smtplib.SMTPResponseException:
            raise  # the server answered: it did not take the message
        except OSError as error:
            if getattr(self.connection, "handing_over", False):
                raise Uncertain(str(error)) from error
            raise
