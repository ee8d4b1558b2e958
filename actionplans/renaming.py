"""A part of a draft takes another number, letter or code, and everything that speaks of it follows.

What was withdrawn from the draft names the parts above it and those before it, so it follows too: it is taken back in
its place, whatever that is called now.
"""

from actionplans.models import StrategyVersion, VersionChange

Part, Change = VersionChange.Part, VersionChange.Change
HELD = {
    Part.AIM: (Part.ADDRESSEES, "aim"),
    Part.ADDRESSEES: (Part.OBJECTIVE, "block"),
}  # what names it as its place


def rename(version: StrategyVersion, part: str, before: str, after: str) -> None:
    """Let the changes made so far speak of a part by the number, letter or code that it has now.

    The code of addressees begins with the letter of their aim, so those that were withdrawn from an aim are renamed
    with it. The code of an objective is given once and stays.
    """
    if before == after:
        return
    part = Part(part)
    changes = _since_it_has_the_name(version, part, before)
    for change in changes:
        is_own = (change.part, change.code) == (part, before)
        was = _followed(change, part, before, after)
        if is_own or was != change.was:
            change.code, change.was = after if is_own else change.code, was
            change.save(update_fields=["code", "was"])
    if part == Part.AIM:
        gone = [c for c in changes if c.part == Part.ADDRESSEES and c.was and c.was["aim"] == after]
        for code in dict.fromkeys(change.code for change in gone):
            rename(version, Part.ADDRESSEES, code, under(after, code))


def under(letter: str, code: str) -> str:
    """The code of addressees under an aim with this letter."""
    return f"{letter}.{code.split('.', 1)[-1]}"


def _since_it_has_the_name(version: StrategyVersion, part: Part, name: str) -> list[VersionChange]:
    """The changes made while the part had its name: another one that was withdrawn before may have had the same."""
    changes = list(version.changes.order_by("pk"))
    own = [change for change in changes if (change.part, change.code) == (part, name)]
    added = [change.pk for change in own if change.change == Change.ADDED]
    gone = [change.pk for change in own if change.change == Change.WITHDRAWN]
    is_another = bool(added and gone) and gone[0] < added[-1]
    return [change for change in changes if not is_another or change.pk >= added[-1]]


def _followed(change: VersionChange, part: Part, before: str, after: str) -> dict | None:
    """A withdrawn part as it was, with what stood above it and before it as that is called now."""
    if change.was is None:
        return None
    was = dict(change.was)
    held, place = HELD.get(part, (None, ""))
    if change.part == held and was[place] == before:
        was[place] = after
    if change.part == part:
        was["after"] = [after if name == before else name for name in was["after"]]
        if was.get("code") == before:
            was["code"] = after
    return was
