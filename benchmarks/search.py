"""How long a search takes over many texts: `.venv/bin/python -m benchmarks.search [TEXTS] [TIMES]`.

The texts are made for the measurement, in a transaction of the demonstration's database that is undone at the end, and
so are the readers; meanwhile its tables are locked. The texts have the words of real ones, the strategy's, and as many
invented ones, each as often as Zipf's law has it.
"""

import logging
import os
import sys
from statistics import median, quantiles
from time import perf_counter

from strategy_portal import keeper

TEXTS, TIMES = 100_000, 5
# A fifth of the texts are documents, two fifths actions, two fifths terms of reference.
FILL = """
create temporary table vocabulary on commit drop as
    select row_number() over (order by random()) as rank, word from (
        select distinct lower(word) as word from actionplans_wording, regexp_split_to_table(text, '[^[:alpha:]]+') word
        where length(word) > 2
        union select 'word' || n from generate_series(1, 4000) n
    ) found;
create unique index on vocabulary (rank);
create temporary table passages on commit drop as
    select n as place, string_agg(v.word, ' ') as text
    from (select n, 1 + floor(exp(random() * ln((select count(*) - 1 from vocabulary))))::int as rank
          from generate_series(0, 5999) n, generate_series(1, 15) offset 0) chosen
    join vocabulary v using (rank) group by n;
create unique index on passages (place);
analyze vocabulary; analyze passages;
"""


def passages(row, number):
    """Joins of so many passages, different ones for each row."""
    return " ".join(
        f"join passages p{part} on p{part}.place = mod({row} * 7919 + {part * 104_729}, 6000)"
        for part in range(1, number + 1)
    )


def fill(cursor, texts, plan):
    """Make the texts, without their history, and the index anew."""
    cursor.execute(FILL)
    cursor.execute("set constraints all immediate")  # a table with checks yet to come cannot be altered
    for table in (
        "council_document",
        "actionplans_actionplan",
        "actionplans_action",
        "actionplans_termsofreference",
    ):
        cursor.execute(f"alter table {table} disable trigger user")
    cursor.execute(
        "insert into council_document (number, year, revision, addendum, corrigendum, subject_codes, title, marking)"
        f" select 1000 + mod(n, 90000), 1960 + n / 90000, 0, 0, 0, '{{}}', left(p1.text, 250), 'LIMITE'"
        f" from generate_series(1, %s) n {passages('n', 1)}",
        [texts // 5],
    )
    cursor.execute(
        "insert into actionplans_actionplan"
        " (number, title, strategy_id, starts_on, ends_on, status, action_order, note_months, note_days)"
        " select 20000 + n, 'Cycle ' || n, strategy_id, '2050-01-01', '2051-06-30', 'draft', '{}', 6, 30"
        " from generate_series(0, %s) n, actionplans_actionplan p where p.id = %s",
        [texts * 2 // 5 // 1000, plan.pk],
    )
    cursor.execute(
        "insert into actionplans_action (plan_id, number, title, summary, lead_id, status)"
        " select p.id, mod(n, 1000) + 1, left(p1.text, 90), concat_ws('. ', p2.text, p3.text, p4.text),"
        " l.id, 'proposed'"
        " from generate_series(0, %s) n join actionplans_actionplan p on p.number = 20000 + n / 1000"
        " join (select id, row_number() over (order by id) - 1 as place, count(*) over () as number"
        f"       from accounts_delegation) l on l.place = mod(n, l.number) {passages('n', 4)}",
        [texts * 2 // 5 - 1],
    )
    cursor.execute(
        "insert into actionplans_termsofreference"
        " (action_id, version, status, background, main_goals, expected_outcome, tasks, scope, timetable,"
        " reporting, resources, legal_instruments)"
        " select a.id, 1, case when mod(a.number, 2) = 0 then 'draft' else 'tabled' end,"
        " concat_ws('. ', p1.text, p2.text, p3.text), concat_ws('. ', p4.text, p5.text, p6.text), p7.text,"
        " '', '', '', '', '', ''"
        " from actionplans_action a join actionplans_actionplan p on p.id = a.plan_id"
        f" {passages('a.id', 7)} where p.number >= 20000"
    )
    cursor.execute("select search_rebuild()")
    cursor.execute("analyze")


def questions(cursor):
    """What is looked for: words of every frequency, two and three together, beginnings, phrases, references."""
    cursor.execute("select word from vocabulary order by rank")
    words = [word for (word,) in cursor.fetchall()]
    rare, common = words[len(words) // 2 :: 400][:6], words[2:40:8]
    asked = [
        *rare,
        *common,
        f"{common[0]} {rare[0]}",
        f"{common[1]} {common[2]} {rare[1][:4]}",
        words[200][:5],
    ]
    asked += [f'"{common[0]} {common[1]}"', f"{words[100]} -{common[3]}", f"{words[150]} or {words[160]}"]
    return [*asked, "20003.17", "plan 20005", "1234/60", "C.CCWP.e", "27/11/2026"]


def measure(readers, asked, times, address):
    """Milliseconds of every search of every reader, and the slowest question."""
    from django.test import Client  # noqa: PLC0415 - needs the settings

    took = []
    for who, reader in readers.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(reader)
        client.get(address)
        for typed in asked:
            for _time in range(times):
                begun = perf_counter()
                response = client.get(address, {"q": typed})
                took.append(((perf_counter() - begun) * 1000, who, typed))
                assert response.status_code == 200
    return sorted(took)


def run(texts=TEXTS, times=TIMES):
    """Fill, measure, undo: [(milliseconds, reader, question), …] from the fastest, and the number of texts."""
    from django.db import connection, transaction  # noqa: PLC0415 - needs the settings
    from django.urls import reverse  # noqa: PLC0415

    from accounts.models import Body, Delegation, Membership, User  # noqa: PLC0415
    from actionplans.models import ActionPlan  # noqa: PLC0415
    from search.models import SearchEntry  # noqa: PLC0415
    from strategy_portal.dates import brussels_today  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        fill(cursor, texts, ActionPlan.objects.order_by("pk").first())
        readers = {}
        for who, place in (
            ("secretariat", {"body": Body.objects.secretariat()}),
            ("delegation", {"delegation": Delegation.objects.get(code="BE"), "role": "submitter"}),
            ("committee", {"body": Body.objects.get(code="article-36")}),
        ):
            readers[who] = User.objects.create_user(f"{who}@measured.test", who)
            Membership.objects.create(user=readers[who], from_on=brussels_today(), **place)
        indexed = SearchEntry.objects.count()
        took = measure(readers, questions(cursor), times, reverse("search:search"))
        transaction.set_rollback(True)
    return took, indexed


def main(texts=TEXTS, times=TIMES):
    """Print the figures; 1 when the median is over the budget of 150 ms."""
    logging.disable(logging.WARNING)
    took, indexed = run(texts, times)
    all_ms = [ms for ms, _who, _typed in took]
    middle, tail = median(all_ms), quantiles(all_ms, n=20)[-1]
    print(
        f"{len(all_ms)} searches over {indexed} texts: median {middle:.0f} ms, 95 of 100 under {tail:.0f} ms"
    )
    for ms, who, typed in took[: -(10 * times) : -times]:
        print(f"{ms:6.0f} ms  {who:11}  {typed}")
    return int(middle >= 150)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")
    os.environ["DATABASE_ROLE"] = "owner"  # the planner is told of the new texts, which only the owner may do
    held = keeper.use()
    import django

    django.setup()
    sys.exit(main(*map(int, sys.argv[1:])))
