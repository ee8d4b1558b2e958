"""What results must hold before they are submitted. A draft may be saved without any of it.

Each need answers why not, with the address of the page that mends it.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from strategy_portal.dates import brussels_today
from strategy_portal.workflow import Reason

DIVISIBLE = {"mass", "volume", "value"}  # dimensions of units that have fractions; all others are counted


def takes_results(submission):
    """Results can be entered from *operational* on, late ones also after *debriefed*; not once it is closed."""
    operation = submission.operation
    if operation.takes_results:
        return ""
    return _("%(operation)s does not take results now: it is %(state)s.") % {
        "operation": operation, "state": operation.state_words,
    }  # fmt: skip


def takes_part(submission):
    """Only a delegation that has confirmed that it takes part hands in results."""
    participation = submission.participation
    if participation is None:
        parts = submission.operation.participations.select_related("delegation").order_by()
        participation = parts.filter(delegation=submission.delegation_id).first()
    return why_no_results(participation) if participation else _("This delegation was not invited.")


def why_no_results(participation):
    """Why a delegation cannot hand in results because of its own answer to the invitation, or ""."""
    if participation.takes_part:
        return ""
    words = {"delegation": participation.delegation, "operation": participation.operation}
    if participation.status == "invited":
        return _("%(delegation)s has not confirmed yet that it takes part in %(operation)s.") % words
    return _("%(delegation)s does not take part in %(operation)s.") % words


def _page(submission, name):
    return reverse(f"jcos:submission_{name}", args=submission.address)


def lines_or_nil(submission):
    """Findings, or an explicit nil return: never neither, never both."""
    found = submission.lines.findings().exists()
    if submission.is_nil and found:
        text = _("This is a nil return but has result lines: remove them, or take back the nil return.")
    elif not submission.is_nil and not found:
        text = _("Enter at least one result line, or make a nil return.")
    else:
        return []
    return [Reason(text, _page(submission, "findings"))]


def lines_complete(submission):
    """Every line says what, how much and in which unit, and fits the code lists."""
    reasons = []
    lines = submission.lines.select_related("measure", "commodity__unit", "unit", "mode")
    findings = number = 0
    for line in lines:
        is_finding = line.measure is None or line.measure.group == "findings"
        findings += is_finding
        number = findings
        for problem in line_problems(line):
            if is_finding:
                reasons.append(
                    Reason(
                        _("Line %(number)d, %(what)s: %(problem)s")
                        % {"number": number, "what": line, "problem": problem},
                        reverse("jcos:line_edit", args=[*submission.address, line.pk]),
                    )
                )
            else:
                reasons.append(
                    Reason(
                        _("%(what)s: %(problem)s") % {"what": line.measure, "problem": problem},
                        _page(submission, "controls"),
                    )
                )
    return reasons


def finality_stated(submission):
    """Whether more is to be expected: preliminary or final."""
    if submission.finality:
        return []
    return [Reason(_("Say whether these results are preliminary or final."), _page(submission, "details"))]


def line_problems(line):
    """What a line lacks, in sentences: what is missing first, then what does not fit."""
    missing = []
    if line.measure is None:
        missing.append(_("say what is counted."))
    elif line.measure.needs_commodity and line.commodity is None:
        missing.append(_("choose the commodity."))
    if line.quantity is None:
        missing.append(_("enter the quantity; zero is a quantity, too."))
    if line.unit is None:
        missing.append(_("choose the unit."))
    elif line.unit.is_money and not line.value_kind:
        missing.append(_("say which kind of value it is."))
    return missing + list(
        misfits(
            measure=line.measure,
            commodity=line.commodity,
            unit=line.unit,
            value_kind=line.value_kind,
            found_on=line.found_on,
            quantity=line.quantity,
        ).values()
    )


def misfits(*, measure, commodity, unit, value_kind, found_on, quantity=None):
    """What does not fit together in a line, by the field where it is mended. What is missing is no misfit."""
    found = {}
    if quantity is not None and unit is not None and quantity % 1 and unit.dimension not in DIVISIBLE:
        found["quantity"] = _("%(unit)s are counted: enter a whole number.") % {"unit": unit.name}
    if unit is not None and not is_counted_in(unit, measure, commodity):
        found["unit"] = _unit_sentence(measure, commodity)
    if not _goes_with(measure, commodity):
        found["commodity"] = _("%(commodity)s does not go with “%(measure)s”.") % {
            "measure": measure, "commodity": commodity,
        }  # fmt: skip
    if value_kind and unit is not None and not unit.is_money:
        found["value_kind"] = _(
            "a kind of value goes with EUR only: leave it empty, or choose EUR as the unit."
        )
    if found_on is not None and found_on > brussels_today():
        found["found_on"] = _("this day is in the future: a result has happened.")
    return found


def is_counted_in(unit, measure, commodity):
    """Whether a line can be counted in a unit: one of the measure's own, else one of the commodity's, or EUR.

    Units of the same dimension as the commodity's usual one (g, kg, t) are all in use.
    """
    if measure is not None and measure.units:
        return unit.code in measure.units.split()
    if commodity is not None:
        return (
            unit.is_money
            or unit.dimension == commodity.unit.dimension
            or unit.code in commodity.other_units.split()
        )
    return True


def _goes_with(measure, commodity):
    """Whether a commodity can be what a measure counts: cash, where only EUR is counted."""
    if measure is None or commodity is None or not (measure.needs_commodity and measure.units):
        return True
    return commodity.unit.code in measure.units.split()


def _unit_sentence(measure, commodity):
    from jcos.models import Unit  # noqa: PLC0415 - the models ask this module what they need

    listed = [unit.name for unit in Unit.objects.all() if is_counted_in(unit, measure, commodity)]
    words = {
        "what": measure if measure is not None and measure.units else commodity,
        "units": ", ".join(listed),
    }
    return _("%(what)s: this unit is not used here. Choose one of: %(units)s.") % words
