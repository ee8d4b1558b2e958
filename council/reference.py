"""The presidencies as they are delivered (`council/data/presidencies.csv`).

The rotation has been changed after the fact, so a half-year that is on record already is left as it is.
"""

from datetime import date
from pathlib import Path

from accounts.models import Delegation
from accounts.reference import load, read
from council.models import Presidency

DATA = Path(__file__).parent / "data"


def load_presidencies():
    """Load who presides when, 2007 to 2030."""
    delegations = {delegation.code: delegation for delegation in Delegation.objects.all()}
    delivered = {
        date.fromisoformat(row["start"]): {
            "delegation": delegations[row["country_code"]],
            "ends_on": date.fromisoformat(row["end"]),
            "trio": row["trio"],
        }
        for row in read(DATA / "presidencies.csv")
    }
    load(Presidency, delivered, key="starts_on", kept_by_the_files=[])
