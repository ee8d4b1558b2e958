"""The strategies that followed one another, as they are delivered (`actionplans/data/strategies.csv`).

They are records: reference, day, standing and what repealed them. A text comes by `load_strategy`, and where it is not
at hand the portal says so. What the portal has of a strategy keeps its title; only its standing follows the file, save
where a strategy that is recorded in the portal has repealed it, or where somebody has corrected the record.
"""

from pathlib import Path

from accounts.reference import day, load, read
from actionplans.models import Strategy

DATA = Path(__file__).parent / "data"
STANDING = ["standing", "ended_on", "source", "note"]


def load_strategies():
    """Load the strategies as records, and what repealed each. A second run changes nothing."""
    rows = read(DATA / "strategies.csv")
    delivered = {
        row["reference"]: {
            "slug": row["slug"],
            "title": row["title"],
            "resolution": row["resolution"],
            "dated_on": day(row["dated_on"]),
            "standing": row["standing"],
            "ended_on": day(row["ended_on"]),
            "source": row["source"],
            "note": row["note"],
        }
        for row in rows
    }
    corrected = _corrected()
    own = Strategy.objects.filter(repealed_by__isnull=False).exclude(repealed_by__reference__in=delivered)
    for reference in [*own.values_list("reference", flat=True), *corrected]:
        delivered.pop(reference, None)  # repealed by what no file delivers, or corrected
    load(Strategy, delivered, key="reference", kept_by_the_files=STANDING)
    stored = corrected | {strategy.reference: strategy for strategy in Strategy.objects.all()}
    for row in rows:
        if row["reference"] not in delivered:
            continue
        strategy, by = stored[row["reference"]], stored.get(row["repealed_by"])
        if strategy.repealed_by_id != (by.pk if by else None):
            strategy.repealed_by = by
            strategy.save(update_fields=["repealed_by"])


def _corrected():
    """The strategies whose record somebody has corrected, by each reference that they have had."""
    events = Strategy.pgh_event_model.objects
    changed = events.filter(pgh_context__verb="change").values("pgh_obj")
    rows = Strategy.objects.in_bulk(list(changed.values_list("pgh_obj", flat=True)))
    held = events.filter(pgh_obj__in=rows).values_list("reference", "pgh_obj")
    return {reference: rows[pk] for reference, pk in held}
