"""Notices for tests."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Post
from accounts.tests.factories import BodyFactory, DelegationFactory
from notifications.models import Notification


def post_of(code="BE", holder="submitter"):
    """The post of a delegation, by its code."""
    return Post.objects.of(holder, delegation=DelegationFactory(code=code))


def secretariat_post():
    """The post of the secretariat."""
    return Post.objects.of("submitter", body=BodyFactory(code="general-secretariat"))


class NotificationFactory(DjangoModelFactory):
    """A notice to the submitters of Belgium that waits to be delivered."""

    class Meta:
        model = Notification

    post = factory.LazyFunction(post_of)
    kind = "deadline"
    subject = factory.Sequence(lambda n: f"Submit the results of operation {n} by 27 November 2026")
    body = "Submit the results."
    link = "/jcos/example/"
