"""Mail as files."""

import email
import email.policy

import pytest
from django.core.mail import EmailMessage, get_connection


@pytest.fixture
def mail(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return get_connection("strategy_portal.mailbox.EmailBackend")


def test_each_message_is_one_file_that_any_mail_program_opens(mail, settings):
    sent = [
        EmailMessage(subject, "Zażółć γειά", "portal@portal.test", [f"{n}@portal.test"])
        for n, subject in enumerate(["First", "Δεύτερο"])
    ]
    assert mail.send_messages(sent) == 2
    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    assert [message["Subject"] for message in read] == ["First", "Δεύτερο"]
    assert read[1].get_content().strip() == "Zażółć γειά"


def test_a_message_for_nobody_is_not_written(mail, settings):
    assert mail.send_messages([EmailMessage("Subject", "Text", "portal@portal.test", [])]) == 0
    assert list(settings.EMAIL_FILE_PATH.iterdir()) == []
