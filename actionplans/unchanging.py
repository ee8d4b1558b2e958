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


def amendments_never_change():
    """For an amendment: once it is decided, only its application or withdrawal is written; then nothing."""
    others = " - 'status' - 'applied_at'"
    refused = "RAISE EXCEPTION 'a decided amendment never changes' USING ERRCODE = 'check_violation';"
    return pgtrigger.Trigger(
        name="amendments_never_change",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.status IN ('decided', 'applied') THEN
                IF TG_OP = 'DELETE' THEN {refused} END IF;
                IF to_jsonb(NEW){others} IS DISTINCT FROM to_jsonb(OLD){others} THEN {refused} END IF;
                IF OLD.status = 'applied' AND NEW IS DISTINCT FROM OLD THEN {refused} END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def changes_of_amendments_never_change():
    """For a change of an amendment: once that is decided, only what was and is by its application is written, once."""
    others = " - 'before' - 'after'"
    refused = "RAISE EXCEPTION 'a decided amendment never changes' USING ERRCODE = 'check_violation';"

    def refuse(row):
        amendment = f"id = {row}.amendment_id AND status IN ('decided', 'applied')"
        found = f"SELECT 1 FROM actionplans_amendment WHERE {amendment}"  # noqa: S608 - constants of our own
        return f"IF EXISTS ({found}) THEN {refused} END IF;"

    return pgtrigger.Trigger(
        name="changes_of_amendments_never_change",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP = 'INSERT' THEN {refuse("NEW")} RETURN NEW; END IF;
            IF TG_OP = 'UPDATE' AND OLD.after IS NULL
                AND to_jsonb(NEW){others} IS NOT DISTINCT FROM to_jsonb(OLD){others} THEN RETURN NEW; END IF;
            {refuse("OLD")}
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            {refuse("NEW")}
            RETURN NEW;
        """,
    )


def adopted_actions_change_by_amendment():
    """For an action: once its plan is adopted, its own fields are written by the application of an amendment only.

    While an amendment is applied, its changes of the action do not yet hold what was before: that is how it is told.
    """
    fields = ["title", "summary", "lead_id", "starts_on", "ends_on", "number", "plan_id"]
    new, old = (", ".join(f"{row}.{name}" for name in fields) for row in ("NEW", "OLD"))
    found = """
        SELECT 1 FROM actionplans_amendmentchange AS change
        JOIN actionplans_amendment AS amendment ON amendment.id = change.amendment_id
        WHERE change.action_id = OLD.id AND change.after IS NULL AND amendment.status = 'applied'
    """
    return pgtrigger.Trigger(
        name="adopted_actions_change_by_amendment",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.status <> 'proposed' AND ROW({new}) IS DISTINCT FROM ROW({old}) AND NOT EXISTS ({found}) THEN
                RAISE EXCEPTION 'an adopted action changes only by amendment' USING ERRCODE = 'check_violation';
            END IF;
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
