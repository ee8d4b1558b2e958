"""A form is saved once: its key goes in first, in the transaction of the change, and a repeat finds it."""

import hashlib
import re
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest

from editing.forms import KEY, PAGE
from editing.models import SubmittedForm

KEY_FORM = re.compile(r"[0-9A-Za-z-]{16,64}")
NOT_BODY = {"csrfmiddlewaretoken", KEY, PAGE}


def key_in(request: HttpRequest) -> str:
    """The idempotency key that was posted, or "" when there is none that could be one."""
    key = request.POST.get(KEY, "")
    return key if KEY_FORM.fullmatch(key) else ""


def body_digest(request: HttpRequest) -> str:
    """SHA-256 of the address and of everything that was sent, files included: a repeat has the same."""
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_BODY:
            digest.update(repr((name, values)).encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
            digest.update(_content(file))
    return digest.hexdigest()


def _content(file: UploadedFile) -> bytes:
    inner = hashlib.sha256()
    for chunk in file.chunks():
        inner.update(chunk)
    file.seek(0)
    return inner.digest()


def earlier(request: HttpRequest) -> SubmittedForm | None:
    """The saved form with the posted key of this user, if there is one."""
    return SubmittedForm.objects.filter(user=request.user, key=key_in(request)).first()


def claim(request: HttpRequest) -> SubmittedForm:
    """Take the key, inside the transaction of the change. A racer waits here, then gets IntegrityError."""
    return SubmittedForm.objects.create(
        user=request.user, key=key_in(request), body_digest=body_digest(request)
    )


def settle(form: SubmittedForm, result_url: str, result: Any = None) -> None:
    """Note where the form led and what it saved."""
    form.result_url = result_url
    if isinstance(result, Model) and isinstance(result.pk, int):
        form.content_type = ContentType.objects.get_for_model(result, for_concrete_model=False)
        form.object_id = result.pk
    form.save(update_fields=["result_url", "content_type", "object_id"])
