"""Delegations and bodies as they are delivered with the portal (`accounts/data/`), and how they are loaded.

What the secretariat keeps on the pages is left alone afterwards: a row that exists keeps its name, mailbox and note.
Only what no page of the portal changes (kind, ISO code, days of membership, protocol order of a delegation;
role, powers and order of a body) follows the files.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from accounts.models import Body, Delegation

DATA = Path(__file__).parent / "data"
KINDS = {"commission": "COM", "agency": "AGENCY", "international": "INT"}
# Protocol order: Member States, Commission services, agencies, organisations, third countries.
FIRST_IN_ORDER = {"MS": 0, "COM": 100, "AGENCY": 200, "INT": 300, "THIRD": 400}
KEPT_BY_THE_FILES = ["iso_code", "kind", "member_from", "member_until", "protocol_order"]


def read(path):
    """The rows of a delivered file as dictionaries, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    """The day of a delivered file, or None where it states none."""
    return date.fromisoformat(text) if text else None


@cache
def delivered_delegations():
    """Every delegation of `countries.csv` and `agencies.csv` by its EU code, as fields of `Delegation`."""
    found = {}
    for row in read(DATA / "countries.csv"):
        found[row["eu_code"]] = {
            "iso_code": row["code"],
            "name": row["name"],
            "kind": row["kind"],
            "member_from": day(row["member_from"]),
            "member_until": day(row["member_to"]),
            "note": row["note"],
        }
    for row in read(DATA / "agencies.csv"):
        found[row["code"]] = {
            "iso_code": "",
            "name": row["name"],
            "kind": KINDS[row["kind"]],
            "member_from": None,
            "member_until": None,
            "note": row["note"],
        }
    count = dict.fromkeys(FIRST_IN_ORDER, 0)
    for fields in found.values():
        count[fields["kind"]] += 1
        fields["protocol_order"] = FIRST_IN_ORDER[fields["kind"]] + count[fields["kind"]]
    return found


@cache
def delivered_bodies():
    """Every body of `bodies.csv` by its code, as fields of `Body`."""
    return {
        row["code"]: {
            "name": row["name"],
            "role": row["role"],
            "order": int(row["order"]),
            "powers": row["powers"].split(),
        }
        for row in read(DATA / "bodies.csv")
    }


def load(model, delivered, *, key, kept_by_the_files):
    """Add the rows that are missing, and bring the named fields of those that exist to what the file says.

    A second run changes nothing and leaves no event.
    """
    existing = {getattr(row, key): row for row in model.objects.all()}
    for code, fields in delivered.items():
        row = existing.get(code)
        if row is None:
            model.objects.create(**{key: code}, **fields)
            continue
        different = [name for name in kept_by_the_files if getattr(row, name) != fields[name]]
        if different:
            for name in different:
                setattr(row, name, fields[name])
            row.save(update_fields=different)


def load_delegations():
    """Load Member States, Commission services, agencies, organisations and third countries."""
    load(Delegation, delivered_delegations(), key="code", kept_by_the_files=KEPT_BY_THE_FILES)


def load_bodies():
    """Load the bodies with the kinds of decision that each may take."""
    load(Body, delivered_bodies(), key="code", kept_by_the_files=["role", "order", "powers"])
