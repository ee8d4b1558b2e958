"""The database's own guard of a text that was agreed: new versions amend it, it never changes (15198/09, II.2)."""

import pgtrigger

AGREED = "('agreed', 'in_force', 'superseded')"


def never_changes_once_agreed(version):
    """A trigger that refuses changes of a row of a text that was agreed.

    `version` is the SQL of the version's identity, in which `row` stands for the row. A published text is stored as the
    version in force, paragraph after paragraph; to one that a body has agreed on here nothing can be added either.
    """

    def refuse(row, condition=""):
        of_the_version = f"id = {version.replace('row.', f'{row}.')} AND status IN {AGREED}{condition}"
        return f"""
            IF EXISTS (SELECT 1 FROM actionplans_strategyversion WHERE {of_the_version}) THEN
                RAISE EXCEPTION 'the text of an agreed version never changes' USING ERRCODE = 'check_violation';
            END IF;
        """  # noqa: S608 - constants of our own

    return pgtrigger.Trigger(
        name="never_changes_once_agreed",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {refuse("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {refuse("NEW", " AND agreement_id IS NOT NULL")} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def own_version():
    """For a row that names its version itself."""
    return never_changes_once_agreed("row.version_id")


def version_of_its(parent, table):
    """For a row whose parent names the version."""
    return never_changes_once_agreed(f"(SELECT version_id FROM {table} WHERE id = row.{parent}_id)")  # noqa: S608
