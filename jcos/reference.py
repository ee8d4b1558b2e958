"""Code lists of results and the real operations of the past, loaded from `jcos/data/`.

What was published is loaded as precisely as it was published: a blank stays blank, nothing is computed. A second
run changes nothing and leaves no event.
"""

import csv
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Delegation
from jcos.models import Commodity, Measure, Operation, Participation, PublishedFigure, TransportMode, Unit

DATA = Path(__file__).parent / "data"
FIGURE = [  # what tells two published figures apart
    "operation_id", "metric", "commodity_id", "quantity", "unit_id", "qualifier", "part_of", "delegation_id", "note",
]  # fmt: skip
EU_CODES = {"GR": "EL", "GB": "UK"}  # ISO codes that the institutions write otherwise


def read(name):
    """The rows of a delivered file as dictionaries, in its order."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def eu_codes(text):
    """A text in which country codes are those of the institutions: EL and UK."""
    return re.sub(r"\b(GR|GB)\b", lambda found: EU_CODES[found[0]], text)


def _keep(model, key, rows):
    """Add what is missing, change what differs; how many rows were added and changed."""
    existing = {getattr(row, key): row for row in model.objects.all()}
    added = changed = 0
    for fields in rows:
        row = existing.get(fields[key])
        if row is None:
            model.objects.create(**fields)
            added += 1
            continue
        different = [name for name, value in fields.items() if getattr(row, name) != value]
        if different:
            for name in different:
                setattr(row, name, fields[name])
            row.save(update_fields=different)
            changed += 1
    return added, changed


# -- code lists --------------------------------------------------------------------------------------------------------


def _units():
    for order, row in enumerate(read("units.csv"), start=1):
        yield {name: row[name] for name in ("code", "name", "symbol", "dimension")} | {"order": order}


def _measures():
    for order, row in enumerate(read("measures.csv"), start=1):
        yield {
            "code": row["code"],
            "name": row["name"],
            "group": row["group"],
            "needs_commodity": row["needs_commodity"] == "yes",
            "units": row["units"],
            "order": order,
        }


def _transport_modes():
    """Codes 0 to 9, by the customs name where there is one, else by that of UN/ECE Recommendation 19."""
    for order, row in enumerate(read("transport_modes.csv"), start=1):
        yield {"code": row["code"], "name": row["eu_customs_name"] or row["un_rec19_name"], "order": order}


def _commodities():
    units = {unit.code: unit for unit in Unit.objects.all()}
    for order, row in enumerate(read("commodities.csv"), start=1):
        others = re.findall(r"[A-Za-z]+", re.sub(r"\(.*?\)", "", row["unit_alt"]))
        yield {
            "code": row["code"],
            "name": row["name"],
            "category": row["category"],
            "unit": units[row["unit"]],
            "other_units": " ".join(code for code in others if code in units),
            "order": order,
        }


@transaction.atomic
def load_code_lists():
    """Load units, commodities, measures and modes of transport; how many rows were added and changed."""
    lists = [
        (Unit, _units),
        (Measure, _measures),
        (TransportMode, _transport_modes),
        (Commodity, _commodities),  # after the units that it names
    ]
    counts = [_keep(model, "code", rows()) for model, rows in lists]
    return sum(added for added, _ in counts), sum(changed for _, changed in counts)


# -- operations of the past -------------------------------------------------------------------------------------------


def _day(text):
    """A day where a day was published; a month or nothing gives none."""
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


@cache
def historical_operations():
    """The rows of `jcos_real.csv` as fields of `Operation`, each with the slug that it keeps."""
    found, taken = [], set()
    for row in read("jcos_real.csv"):
        year = int(row["year"]) if row["year"] else None
        slug = _slug(row["name"], year, taken)
        found.append(
            {
                "slug": slug,
                "name": row["name"],
                "kind": Operation.Kind.HISTORICAL,
                "status": Operation.Status.CLOSED,
                "goods": row["goods"],
                "modes": row["mode"],
                "starts_on": _day(row["op_start"]),
                "ends_on": _day(row["op_end"]),
                "year": year,
                "published_kind": row["kind"],
                "published_from": row["op_start"],
                "published_until": row["op_end"],
                "published_lead": eu_codes(row["lead"]),
                "published_support": eu_codes(row["co_lead_support"]),
                "published_participants": eu_codes(row["participants"]),
                "participants_count": int(row["participants_count"]) if row["participants_count"] else None,
                "published_results": row["results_text"],
                "published_on": row["results_published"],
                "source": row["source"],
            }
        )
    return found


def _slug(name, year, taken):
    """Name and year, and a number where these are taken by an earlier row of the file."""
    words = slugify(name)
    if year and not words.endswith(str(year)):
        words = f"{words}-{year}"
    slug, number = words, 1
    while slug in taken:
        number += 1
        slug = f"{words}-{number}"
    taken.add(slug)
    return slug


@transaction.atomic
def load_historical_operations():
    """Load the real operations with their leads and published figures; how many rows were added and changed.

    Needs delegations and code lists.
    """
    counts = [_keep(Operation, "slug", historical_operations())]
    operations = {operation.slug: operation for operation in Operation.objects.filter(kind="historical")}
    delegations = {delegation.code: delegation for delegation in Delegation.objects.all()}
    counts.append(_load_leads(operations, delegations))
    counts.append(_load_figures(operations, delegations))
    return sum(added for added, _ in counts), sum(changed for _, changed in counts)


def _load_leads(operations, delegations):
    """The delegation that led, where the published lead is one: "DE (ZKA)" is Germany."""
    existing = set(
        Participation.objects.filter(operation__kind="historical").values_list("operation__slug", flat=True)
    )
    added = 0
    for slug, operation in operations.items():
        code = operation.published_lead.split(" ")[0]
        if slug in existing or code not in delegations:
            continue
        Participation.objects.create(
            operation=operation, delegation=delegations[code], role="lead", status="confirmed"
        )
        added += 1
    return added, 0


def _load_figures(operations, delegations):
    by_name = {fields["name"]: fields["slug"] for fields in historical_operations()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    commodities = {commodity.code: commodity for commodity in Commodity.objects.all()}
    existing = set(PublishedFigure.objects.filter(operation__kind="historical").values_list(*FIGURE))
    new = []
    for row in read("jco_results_real.csv"):
        operation = operations[by_name[row["jco"]]]
        figure = PublishedFigure(
            operation=operation,
            metric=row["metric"],
            commodity=commodities[row["commodity_code"]] if row["commodity_code"] else None,
            quantity=Decimal(row["quantity"]).quantize(Decimal("0.001")),
            unit=units[row["unit"]],
            qualifier=row["qualifier"],
            part_of=row["phase"],
            delegation=delegations[eu_codes(row["country_code"])] if row["country_code"] else None,
            note=row["note"],
            source=operation.source,
        )
        if tuple(getattr(figure, name) for name in FIGURE) not in existing:
            new.append(figure)
    PublishedFigure.objects.bulk_create(new)
    return len(new), 0
