"""The index as it stands and as it should be, for tests."""

from django.db import connection

from search.models import SearchEntry

TABLES = {
    "objective": "actionplans_wording", "section": "actionplans_section", "aim": "actionplans_aim",
    "strategy": "actionplans_strategy", "plan": "actionplans_actionplan", "planpart": "actionplans_actionplan",
    "action": "actionplans_action", "terms": "actionplans_termsofreference", "operation": "jcos_operation",
    "note": "actionplans_progressnote", "amendment": "actionplans_amendment", "point": "council_agendapoint",
    "meeting": "council_meeting", "document": "council_document", "decision": "council_decision",
}  # fmt: skip
COLUMNS = "source, object_id, owner_id, reference, keys, title, body, state, args"


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def entry(source, thing):
    return SearchEntry.objects.get(source=source, object_id=thing.pk)


def differences():
    """Entries that are not what their source says, and texts that have none; by source."""
    found = {}
    for source, table in TABLES.items():
        should = f"select {COLUMNS} from search_texts_{source}(array(select id::bigint from {table}))"
        stands = f"select {COLUMNS} from search_searchentry where source = '{source}'"
        wrong = asked(f"({should} except {stands}) union all ({stands} except {should})")
        if wrong:
            found[source] = wrong
    return found
