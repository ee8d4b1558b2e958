"""The database's own guard of a text that was agreed: new versions amend it, it never changes (15198/09, II.2)."""

import pgtrigger

AGREED = "('agreed', 'in_force', 'superseded')"
AGREED_TERMS = "('agreed', 'superseded')"
REFUSED = "RAISE EXCEPTION 'agreed terms of reference never change' USING ERRCODE = 'check_violation';"
CONFIRMED = "RAISE EXCEPTION 'a confirmed progress note never changes' USING ERRCODE = 'check_violation';"


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


def agreed_terms_never_change():
    """For terms of reference: once they are agreed, only their state and the decision on it are written."""
    others = " - 'status' - 'agreement_id'"
    return pgtrigger.Trigger(
        name="agreed_terms_never_change",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.status IN {AGREED_TERMS} THEN
                IF TG_OP = 'DELETE' THEN {REFUSED} END IF;
                IF to_jsonb(NEW){others} IS DISTINCT FROM to_jsonb(OLD){others} THEN {REFUSED} END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def of_agreed_terms():
    """For a line of terms of reference: none is added to, changed in or taken out of agreed ones."""

    def refuse(row):
        terms = f"id = {row}.terms_id AND status IN {AGREED_TERMS}"
        found = f"SELECT 1 FROM actionplans_termsofreference WHERE {terms}"  # noqa: S608 - constants of our own
        return f"IF EXISTS ({found}) THEN {REFUSED} END IF;"

    return pgtrigger.Trigger(
        name="agreed_terms_never_change",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {refuse("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {refuse("NEW")} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def confirmed_notes_never_change():
    """For a progress note: once the working party has confirmed it, nothing of it is written."""
    return pgtrigger.Trigger(
        name="confirmed_notes_never_change",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.status = 'confirmed' THEN {CONFIRMED} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def of_confirmed_notes():
    """For a value in a progress note: none is added to, changed in or taken out of a confirmed one."""

    def refuse(row):
        found = f"SELECT 1 FROM actionplans_progressnote WHERE id = {row}.note_id AND status = 'confirmed'"  # noqa: S608
        return f"IF EXISTS ({found}) THEN {CONFIRMED} END IF;"

    return pgtrigger.Trigger(
        name="confirmed_notes_never_change",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {refuse("OLD")} END IF;
            IF TG_OP <> 'DELETE' THEN {refuse("NEW")} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
