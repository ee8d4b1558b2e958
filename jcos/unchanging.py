"""The database's own guard of what a delegation has handed in: a correction is a new version, it never changes."""

import pgtrigger

REFUSED = "RAISE EXCEPTION 'a submitted version never changes' USING ERRCODE = 'check_violation';"
# What the steps after the submission write. Every other column, those to come too, is what was handed in.
STEPS_WRITE = ("status", "return_reason", "noting_id")


def handed_in_never_changes():
    """For a submission: once it has left *draft* it never goes back, is not removed, and only steps write to it.

    The decision that noted it stays.
    """
    others = "".join(f" - '{column}'" for column in STEPS_WRITE)
    return pgtrigger.Trigger(
        name="handed_in_never_changes",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.status <> 'draft' THEN
                IF TG_OP = 'DELETE' THEN {REFUSED} END IF;
                IF NEW.status = 'draft' OR OLD.noting_id IS NOT NULL AND NEW.noting_id IS DISTINCT FROM OLD.noting_id
                    OR to_jsonb(NEW){others} IS DISTINCT FROM to_jsonb(OLD){others} THEN
                    {REFUSED}
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def lines_never_change():
    """For a result line: none is added to, changed in or taken out of a version that has left *draft*."""

    def refuse(row):
        found = f"SELECT 1 FROM jcos_submission WHERE id = {row}.submission_id AND status <> 'draft'"  # noqa: S608 - constants
        return f"IF EXISTS ({found}) THEN {REFUSED} END IF;"

    return pgtrigger.Trigger(
        name="lines_never_change",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {refuse("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {refuse("NEW")} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
