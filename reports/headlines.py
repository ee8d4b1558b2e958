"""The sentences over the figures, computed from their rows. Pure: plain values in, a sentence out.

A sentence says "all" or "none" only where the rows bear it out, and names what it cannot know.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.words import day_words, number_words


def _listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


# -- actions ------------------------------------------------------------------------------


def status_headline(
    plan: str,
    total: int,
    completed: int,
    undated: int,
    delayed_by_aim: Sequence[tuple[str, int, int]],
    delayed: int,
) -> str:
    """How the actions of a plan stand. `delayed_by_aim`: name of the aim, its delayed actions, all its actions."""
    if not total:
        return _("%(plan)s has no action yet.") % {"plan": plan}
    if completed == total:
        return _("Every action of %(plan)s is completed.") % {"plan": plan} if total > 1 else _(
            "The only action of %(plan)s is completed.") % {"plan": plan}  # fmt: skip
    if not delayed:
        if undated:
            return ngettext(
                "No dated action of %(plan)s is delayed; %(count)d unfinished action has no end date.",
                "No dated action of %(plan)s is delayed; %(count)d unfinished actions have no end date.",
                undated,
            ) % {"plan": plan, "count": undated}
        return _("No action of %(plan)s is delayed.") % {"plan": plan}
    if total == 1:
        return _("The only action of %(plan)s is delayed.") % {"plan": plan}
    most = max((late for _name, late, _all in delayed_by_aim), default=0)
    behind = [(name, late, every) for name, late, every in delayed_by_aim if late == most and most]
    said = ngettext(
        "%(count)s of %(total)s actions of %(plan)s is delayed",
        "%(count)s of %(total)s actions of %(plan)s are delayed",
        delayed,
    ) % {"count": number_words(delayed), "total": number_words(total), "plan": plan}
    if len(behind) == 1 and len([1 for _name, late, _all in delayed_by_aim if late]) > 1:
        name, late, every = behind[0]
        return _("%(said)s; most of them under %(aim)s: %(late)s of %(all)s.") % {
            "said": said, "aim": name, "late": number_words(late), "all": number_words(every),
        } if 2 * late > delayed else _("%(said)s; %(aim)s has the most: %(late)s of %(all)s.") % {
            "said": said, "aim": name, "late": number_words(late), "all": number_words(every),
        }  # fmt: skip
    if len(behind) == 1:
        return _("%(said)s, under %(aim)s.") % {"said": said, "aim": behind[0][0]}
    return _("%(said)s.") % {"said": said}


# -- coverage -----------------------------------------------------------------------------


def coverage_headline(objectives: int, plan: str, without: int, never: int, plans: int) -> str:
    """How many objectives have no action in a plan (`without`), and how many have none in any of the plans."""
    words = {"plan": plan, "count": number_words(without), "all": number_words(objectives)}
    if not without:
        return (
            ngettext(
                "The one objective has an action in %(plan)s.",
                "All %(all)s objectives have an action in %(plan)s.",
                objectives,
            )
            % words
        )
    if without == objectives:
        said = ngettext(
            "The one objective has no action in %(plan)s",
            "None of the %(all)s objectives has an action in %(plan)s",
            objectives,
        )
    else:
        said = ngettext(
            "%(count)s of %(all)s objectives has no action in %(plan)s",
            "%(count)s of %(all)s objectives have no action in %(plan)s",
            without,
        )
    if plans == 1:
        return _("%(said)s.") % {"said": said % words}
    if not never:
        return ngettext(
            "%(said)s; it has one in another plan.",
            "%(said)s; each of them has one in another plan.",
            without,
        ) % {"said": said % words}
    if never == without:
        return _("%(said)s, nor in any other plan.") % {"said": said % words}
    return ngettext(
        "%(said)s; %(never)s has none in any plan.", "%(said)s; %(never)s have none in any plan.", never
    ) % {"said": said % words, "never": number_words(never)}


# -- adoption ------------------------------------------------------------------------------


def clock_headline(
    state: str, number: int | None, after: int | None, adopt_by: date | None, days: int
) -> str:
    """The adoption clock in a sentence: "Plan 13 must be adopted by 31 October 2026: 24 days left."."""
    if state == "none":
        return _("No action plan has been adopted yet.")
    plan = next_plan(number, after)
    if state == "adopted":
        return _("%(plan)s was adopted %(margin)s.") % {"plan": capfirst(plan), "margin": margin_words(days)}
    if days < 0:
        return ngettext(
            "%(plan)s was to be adopted by %(day)s: %(count)s day ago.",
            "%(plan)s was to be adopted by %(day)s: %(count)s days ago.",
            -days,
        ) % {"plan": capfirst(plan), "day": day_words(adopt_by), "count": number_words(-days)}
    return _("%(plan)s must be adopted by %(day)s: %(left)s.") % {
        "plan": capfirst(plan), "day": day_words(adopt_by), "left": left_words(days),
    }  # fmt: skip


def next_plan(number: int | None, after: int | None) -> str:
    """The next plan by its number, or by the plan that it follows."""
    if number is None:
        return _("the plan after Plan %(number)s") % {"number": after}
    return _("Plan %(number)s") % {"number": number}


def left_words(days: int) -> str:
    """ "24 days left", "today is the last day", "3 days late"."""
    if days == 0:
        return _("today is the last day")
    if days > 0:
        return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": number_words(days)}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": number_words(-days)}


def margin_words(days: int) -> str:
    """How long before its deadline something was done: "11 days early", "on the last day", "5 days late"."""
    if days == 0:
        return _("on the last day")
    if days > 0:
        return ngettext("%(count)s day early", "%(count)s days early", days) % {"count": number_words(days)}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": number_words(-days)}


def timeline_headline(clock: str, margins: Sequence[int]) -> str:
    """The clock's sentence, then how adopted plans met their deadline (`margins` in days, negative: late)."""
    if not margins:
        return clock
    met = sum(1 for days in margins if days >= 0)
    if met == len(margins):
        record = ngettext(
            "The one plan adopted so far that had a deadline met it.",
            "All %(all)s plans adopted so far that had a deadline met it.", met,
        )  # fmt: skip
    elif not met:
        record = ngettext(
            "The one plan adopted so far that had a deadline missed it.",
            "None of the %(all)s plans adopted so far that had a deadline met it.", len(margins),
        )  # fmt: skip
    else:
        record = ngettext(
            "%(met)s of %(all)s plans adopted so far that had a deadline met it.",
            "%(met)s of %(all)s plans adopted so far that had a deadline met it.", met,
        )  # fmt: skip
    return f"{clock} {record % {'met': number_words(met), 'all': number_words(len(margins))}}"


# -- results -------------------------------------------------------------------------------


def returns_headline(counts: Mapping[str, int]) -> str:
    """Who has handed in, of those who owe results: reported, nil, handed in, awaited and missing are told apart."""
    handed_in = counts.get("reported", 0) + counts.get("nil", 0) + counts.get("handed_in", 0)
    awaited, missing, nil = counts.get("awaited", 0), counts.get("missing", 0), counts.get("nil", 0)
    owed = handed_in + awaited + missing
    if not owed:
        return _("No results have been asked for yet.")
    if handed_in == owed:
        said = ngettext(
            "The one return that was asked for is in", "All %(owed)s returns that were asked for are in", owed
        )
    elif not handed_in:
        said = ngettext(
            "The one return that was asked for is not in yet",
            "None of the %(owed)s returns that were asked for is in yet",
            owed,
        )
    else:
        said = ngettext(
            "%(in)s of %(owed)s returns that were asked for is in",
            "%(in)s of %(owed)s returns that were asked for are in",
            handed_in,
        )
    parts = [said % {"in": number_words(handed_in), "owed": number_words(owed)}]
    if nil:
        parts[0] += ngettext(" (%(count)s found nothing)", " (%(count)s found nothing)", nil) % {
            "count": number_words(nil)
        }
    if missing:
        parts.append(
            ngettext("%(count)s is missing", "%(count)s are missing", missing)
            % {"count": number_words(missing)}
        )
    if awaited:
        parts.append(
            _("%(count)s still have time") % {"count": number_words(awaited)}
            if awaited > 1
            else _("one still has time")
        )
    return _("%(said)s.") % {"said": "; ".join(parts)}


def results_headline(lines: int, totals: int, operations: Sequence[str], inexact: int) -> str:
    """How many lines stand behind the totals, and from where."""
    if not lines:
        return _("No result counts yet for what you chose.")
    words = {"lines": number_words(lines), "totals": number_words(totals)}
    one = ngettext("%(lines)s result line", "%(lines)s result lines", lines) % words
    many = ngettext("%(totals)s total", "%(totals)s totals", totals) % words
    where = (
        _listed(operations)
        if len(operations) < 4
        else _("%(count)s operations") % {"count": number_words(len(operations))}
    )
    said = _("%(lines)s from %(where)s in %(totals)s") % {"lines": one, "totals": many, "where": where}
    if inexact == totals:
        return _("%(said)s, %(all)s of them rounded.") % {
            "said": said,
            "all": _("every one") if totals > 1 else _("one"),
        }
    if inexact:
        return _("%(said)s, %(count)s of them rounded.") % {"said": said, "count": number_words(inexact)}
    return _("%(said)s.") % {"said": said}


def published_headline(figures: int, operations: int) -> str:
    """How much was published about operations; never a sum."""
    if not figures:
        return _("Nothing that was published about these operations is recorded.")
    what = ngettext("%(count)s published figure", "%(count)s published figures", figures) % {
        "count": number_words(figures)
    }
    where = ngettext("%(count)s operation", "%(count)s operations", operations) % {
        "count": number_words(operations)
    }
    return _("%(what)s about %(where)s, as published.") % {"what": what, "where": where}
