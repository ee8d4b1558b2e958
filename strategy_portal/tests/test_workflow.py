"""Steps: what a table of steps allows, how refusals speak, and whose verb a change carries."""

from types import SimpleNamespace

import pghistory.runtime
import pytest

from strategy_portal.workflow import NotAllowed, Reason, Step, Workflow, acting, within_sentence


class Lamp:
    """Stands in for a row: `Workflow`'s questions need only a state and its word."""

    STEPS = {
        "light": Step(frozenset({"off"}), "on", "Light", (lambda lamp: lamp.trouble,)),
        "put_out": Step(frozenset({"on"}), "off", "Put out"),
    }
    first_step_to = Workflow.first_step_to
    reasons_against = Workflow.reasons_against
    _wrong_state = Workflow._wrong_state
    AFTER_IS = {"oil": "in want of oil"}
    VERB_NUMBER = Workflow.VERB_NUMBER
    state_words = Workflow.state_words
    why_not = Workflow.why_not
    take = Workflow.take
    decide = Workflow.decide
    trouble = ""

    def __init__(self, status="off", trouble=""):
        self.status, self.trouble, self.moves = status, trouble, []

    def __str__(self):
        return "Lamp 3"

    def get_status_display(self):
        return self.status.capitalize()

    def move(self, verb, **given):
        self.moves.append((verb, given))


@pytest.mark.parametrize(
    ("label", "words"),
    [("Results noted by the CCWP", "results noted by the CCWP"), ("CCWP Plenary", "CCWP Plenary"), ("", "")],
)
def test_a_label_within_a_sentence_keeps_its_abbreviations(label, words):
    assert within_sentence(label) == words


def test_a_step_from_another_state_says_in_which_state_the_thing_is():
    assert Lamp("on").why_not("light") == "Lamp 3 is on."
    assert Lamp("oil").why_not("light") == "Lamp 3 is in want of oil."
    assert Lamp("off").why_not("light") == ""


class Lamps(Lamp):
    """A thing whose name is a plural, as terms of reference."""

    STEPS = {**Lamp.STEPS, "dim": Step(frozenset({"on"}), "dimmed", "Dim")}
    VERB_NUMBER = 2
    _meta = SimpleNamespace(app_label="desk", model_name="lamps")

    def __str__(self):
        return "Lamps 3 and 4"


def test_the_verb_follows_a_name_that_is_a_plural():
    assert Lamps("on").why_not("light") == "Lamps 3 and 4 are on."
    assert Lamps("off").why_not("dim") == "Lamps 3 and 4 are off. Light first."


class Paper(Lamp):
    """A text on its way, with a step back, an exception and a way round."""

    STEPS = {
        "table": Step(frozenset({"draft"}), "tabled", "Table the paper"),
        "return": Step(frozenset({"tabled"}), "draft", "Return to draft"),
        "shelve": Step(frozenset({"draft"}), "shelved", "Shelve", reason_required=True),
        "unshelve": Step(frozenset({"shelved"}), "draft", "Take up again"),
        "agree": Step(frozenset({"tabled"}), "agreed", "Record the agreement"),
        "publish": Step(frozenset({"agreed"}), "published", "Publish"),
    }
    _meta = SimpleNamespace(app_label="desk", model_name="paper")

    def get_step_url(self, verb):
        return f"/papers/3/{verb}/"


@pytest.mark.parametrize(
    ("status", "verb", "first"),
    [
        ("draft", "agree", "table"),
        ("draft", "publish", "table"),
        ("tabled", "publish", "agree"),
        ("shelved", "publish", "unshelve"),
        ("tabled", "agree", ""),  # now
        ("draft", "return", ""),  # reached already
        ("published", "agree", ""),  # no way back
        ("draft", "unshelve", ""),  # only through an exception
        ("tabled", "shelve", ""),  # an exception is nobody's aim
    ],
)
def test_the_step_that_comes_first_is_read_from_the_table(status, verb, first):
    assert Paper(status).first_step_to(verb) == first


@pytest.mark.parametrize(("may", "url"), [(True, "/papers/3/table/"), (False, "")])
def test_the_step_that_comes_first_is_linked_for_a_reader_who_may_take_it(may, url):
    reader = SimpleNamespace(has_perm=lambda name, thing: may and name == "desk.table_paper")
    assert Paper("draft").reasons_against("publish", reader) == [
        Reason("Lamp 3 is draft. Table the paper first.", url)
    ]
    assert Paper("draft").why_not("publish") == "Lamp 3 is draft. Table the paper first."


def test_needs_are_asked_only_in_the_right_state():
    assert Lamp("on", "No oil.").reasons_against("light") == [Reason("Lamp 3 is on.")]
    assert Lamp("off", "No oil.").reasons_against("light") == [Reason("No oil.")]


def test_a_need_may_give_several_reasons_with_their_links():
    reasons = [Reason("No oil.", "/oil/"), Reason("No wick.")]
    lamp = Lamp("off", reasons)
    assert lamp.reasons_against("light") == reasons
    assert lamp.why_not("light") == "No oil. No wick."


def test_what_is_no_step_is_an_error_of_the_program():
    with pytest.raises(KeyError):
        Lamp().why_not("explode")


def test_a_refusal_speaks_in_sentences():
    refusal = NotAllowed("No oil.", Reason("No wick.", "/wicks/"))
    assert str(refusal) == "No oil. No wick."
    assert refusal.reasons == [Reason("No oil."), Reason("No wick.", "/wicks/")]


def test_a_step_is_taken_through_the_models_own_method_where_it_has_one():
    lamp, user = Lamp(), SimpleNamespace(pk=7)
    lamp.take("light", by=user, note="Dusk")
    assert lamp.moves == [("light", {"by": user, "note": "Dusk"})]
    lamp.put_out = lambda **given: lamp.moves.append(("own", given))
    lamp.take("put_out", by=user)
    assert lamp.moves[-1] == ("own", {"by": user, "note": ""})


def context():
    """What an event of this moment would keep, without its time."""
    metadata = pghistory.runtime._tracker.value.metadata
    return {key: value for key, value in metadata.items() if key != "at"}


@pytest.mark.django_db
def test_nested_acts_keep_their_own_verbs_and_give_back_the_outer_one():
    anna, bruno = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    with acting(anna, "create", "New"):
        assert context() == {"user": 1, "verb": "create", "note": "New"}
        with acting(bruno, "table"):
            assert context() == {"user": 2, "verb": "table", "note": ""}
            with acting(verb="adopt", note="At the meeting"):
                assert context() == {"user": 2, "verb": "adopt", "note": "At the meeting"}
        assert context() == {"user": 1, "verb": "create", "note": "New"}


@pytest.mark.django_db
def test_an_act_that_fails_gives_back_the_outer_one_too():
    with acting(SimpleNamespace(pk=1), "create"):
        with pytest.raises(NotAllowed), acting(SimpleNamespace(pk=2), "table"):
            raise NotAllowed("No.")
        assert context() == {"user": 1, "verb": "create", "note": ""}


@pytest.mark.django_db
def test_every_act_carries_the_portals_moment():
    with acting():
        assert pghistory.runtime._tracker.value.metadata["at"].endswith("+00:00")
