"""Tables of plans for tests: rows as somebody types them, files of them, and sending them as the page does."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from actionplans.plan_table import HEADINGS
from actionplans.tests.pages import post_new

HEADER = [str(heading) for heading in HEADINGS.values()]
EMPTY = dict.fromkeys(HEADINGS, "")


def line(**cells):
    """A row of the file as somebody types it."""
    return list({**EMPTY, **cells}.values())


def csv_file(*rows, header=HEADER):
    """The rows as a CSV file to send."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def send(browser, content, name="plan.csv", plan=8):
    """Send a file to a plan."""
    return post_new(browser, f"/plans/{plan}/import/", file=SimpleUploadedFile(name, content))


def commit(browser, url, **data):
    """Press the button of a preview."""
    version = browser.get(url).context["form"].fields["row_version"].initial
    return post_new(browser, url, row_version=version, **data)


def bring_in(browser, content, **where):
    """Send a file and bring it in."""
    return commit(browser, send(browser, content, **where).url)
