"""Council document numbers: every form of the real texts, what is refused, and the round trip."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from council.documents import (
    FIRST_YEAR,
    LAST_YEAR,
    DocumentNumberError,
    Reference,
    parse,
)
from council.fields import DocumentNumberField, document_number

REAL = {
    "15198/09": Reference(15198, 2009),
    "12936/1/09 REV 1": Reference(12936, 2009, 1),
    "14743/1/11 REV 1": Reference(14743, 2011, 1),
    "10837/2/12 REV 2": Reference(10837, 2012, 2),
    "12583/5/17 REV 5": Reference(12583, 2017, 5),
    "15315/2/03 ENFOCUSTOM 41 REV 2": Reference(15315, 2003, 2, subject_codes=("ENFOCUSTOM 41",)),
    "11167/5/03 ENFOCUSTOM 29 ENFOPOL 84 REV 5": Reference(
        11167, 2003, 5, subject_codes=("ENFOCUSTOM 29", "ENFOPOL 84")
    ),
    "8353/02 ENFOCUSTOM 17 + COR 1": Reference(8353, 2002, corrigendum=1, subject_codes=("ENFOCUSTOM 17",)),
    "11415/16 ADD 1": Reference(11415, 2016, addendum=1),
    "6900/1/03 ENFOCUSTOM 1 REV 1": Reference(6900, 2003, 1, subject_codes=("ENFOCUSTOM 1",)),
    "17514/1/08 ENFOCUSTOM 114 REV 1": Reference(17514, 2008, 1, subject_codes=("ENFOCUSTOM 114",)),
    "12936/1/09 REV 1 ENFOCUSTOM 85 ENFOPOL 207": Reference(
        12936, 2009, 1, subject_codes=("ENFOCUSTOM 85", "ENFOPOL 207")
    ),
    "15198/09 ENFOCUSTOM 118 ENFOPOL 272": Reference(
        15198, 2009, subject_codes=("ENFOCUSTOM 118", "ENFOPOL 272")
    ),
    "ST/10247/2023/INIT": Reference(10247, 2023),
    "ST 12345 2000 ADD 1 COR 1": Reference(12345, 2000, addendum=1, corrigendum=1),
}


def same(one, other):
    """Equal, the subject codes included."""
    return (one, one.subject_codes) == (other, other.subject_codes)


@pytest.mark.parametrize(("text", "reference"), REAL.items())
def test_every_form_of_the_real_texts_is_read(text, reference):
    assert same(parse(text), reference)


@pytest.mark.parametrize(
    ("text", "canonical"),
    {
        "15315/2/03 ENFOCUSTOM 41 REV 2": "15315/2/03 REV 2",
        "8353/02 ENFOCUSTOM 17 + COR 1": "8353/02 COR 1",
        "ST/10247/2023/INIT": "10247/23",
        "ST 9927 2016 REV 1": "9927/1/16 REV 1",
        "ST-9927-2016-REV-1": "9927/1/16 REV 1",
        "ST 12345 2000 ADD 1 COR 1": "12345/00 ADD 1 COR 1",
        "14743/1/11": "14743/1/11 REV 1",
        "14743/11 REV 1": "14743/1/11 REV 1",
        " st 14743 / 1 / 11\u00a0rev1 ": "14743/1/11 REV 1",
        "15198/2009": "15198/09",
        "10409/97": "10409/97",
    }.items(),
)
def test_every_form_is_written_in_one(text, canonical):
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "sentence"),
    {
        "": "Write a document number, as in 15198/09 or 14743/1/11 REV 1.",
        "the strategy": "Write a document number, as in 15198/09 or 14743/1/11 REV 1.",
        "１５１９８/09": "Write a document number, as in 15198/09 or 14743/1/11 REV 1.",
        "15198/09\x00": "This holds a character that cannot be seen. Type the number again.",
        "\u202e15198/09": "This holds a character that cannot be seen. Type the number again.",
        "118/09": "A document number starts with four or five digits, as in 15198/09.",
        "015198/09": "A document number starts with four or five digits, as in 15198/09.",
        "151980/09": "A document number starts with four or five digits, as in 15198/09.",
        "15198/9": "Write the year with two or four digits, as in 15198/09.",
        "15198/1949": "The year lies between 1950 and 2049.",
        "14743/1/11 REV 2": "The number says revision 1, its end says REV 2. "
        "Write 14743/1/11 REV 1 or 14743/2/11 REV 2.",
        "14743/0/11": "The number after REV is between 1 and 9999.",
        "14743/11 REV 0": "The number after REV is between 1 and 9999.",
        "14743/1/11 REV 1 REV 1": "REV stands twice.",
        "11415/16 ADD 1 REV 1": "Write REV before ADD and ADD before COR, as in 14743/1/11 REV 1 ADD 2.",
        "ST 10247 2023 INIT REV 1": "INIT is the first text, REV a revision of it: write one of them.",
        "14743/1/11 REV 1 LIMITE": "Leave out LIMITE: the marking has its own field.",
        "14743/11 ADD": "“ADD” is not understood. After the number come REV, ADD, COR and subject codes, each with "
        "its number.",
        "15198/09" + " X" * 200: "This is too long for a document number.",
    }.items(),
)
def test_what_is_no_document_number_is_refused_in_plain_words(text, sentence):
    with pytest.raises(DocumentNumberError) as refused:
        parse(text)
    assert str(refused.value) == sentence


references = st.builds(
    Reference,
    st.integers(1000, 99999),
    st.integers(FIRST_YEAR, LAST_YEAR),
    st.integers(0, 9999),
    st.integers(0, 9999),
    st.integers(0, 9999),
    st.lists(
        st.builds(
            "{} {}".format,
            st.sampled_from(["ENFOCUSTOM", "ENFOPOL", "UD", "JAI"]),
            st.integers(1, 9999),
        ),
        max_size=3,
    ).map(tuple),
)


@given(references)
def test_what_is_written_is_read_back_with_its_codes(reference):
    assert same(parse(reference.with_codes), reference)
    assert same(
        parse(str(reference)),
        Reference(*reference.sort_key[1::-1], *reference.sort_key[2:]),
    )


@given(references)
def test_the_register_writes_the_same_document(reference):
    parts = {
        "REV": reference.revision,
        "ADD": reference.addendum,
        "COR": reference.corrigendum,
    }
    for blank in " /-":
        text = blank.join(["ST", str(reference.number), str(reference.year)])
        text += "".join(f"{blank}{kind}{blank}{n}" for kind, n in parts.items() if n)
        assert parse(text) == reference


@given(st.text(max_size=60) | st.from_regex(r"\A[0-9/ REVADCOST+,]{0,40}\Z"))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        reference = parse(text)
    except DocumentNumberError as refused:
        assert str(refused).endswith(".")
    else:
        assert parse(str(reference)) == reference


def test_subject_codes_do_not_make_another_document():
    assert parse("15315/2/03 ENFOCUSTOM 41 REV 2") == parse("15315/2/03 REV 2")
    assert len({parse("15315/2/03 ENFOCUSTOM 41 REV 2"), parse("15315/2/03")}) == 1


def test_documents_are_ordered_by_year_then_number_then_revision():
    texts = [
        "15198/09",
        "10409/97",
        "14743/1/11 REV 1",
        "14743/11",
        "8353/02 COR 1",
        "8353/02 ADD 1",
        "8353/02",
    ]
    assert [str(r) for r in sorted(map(parse, texts))] == [
        "10409/97", "8353/02", "8353/02 COR 1", "8353/02 ADD 1", "15198/09", "14743/11", "14743/1/11 REV 1",
    ]  # fmt: skip


def test_the_validator_gives_the_one_form_or_a_validation_error():
    assert document_number("15315/2/03 ENFOCUSTOM 41 REV 2") == "15315/2/03 REV 2"
    with pytest.raises(ValidationError) as refused:
        document_number("15198")
    assert refused.value.messages == ["Write a document number, as in 15198/09 or 14743/1/11 REV 1."]


def test_the_field_gives_a_reference_and_shows_it_with_its_codes():
    field = DocumentNumberField()
    assert same(
        field.clean("8353/02 ENFOCUSTOM 17 + COR 1"),
        REAL["8353/02 ENFOCUSTOM 17 + COR 1"],
    )
    assert field.prepare_value(REAL["8353/02 ENFOCUSTOM 17 + COR 1"]) == "8353/02 COR 1 ENFOCUSTOM 17"


def test_the_field_refuses_in_the_parsers_words():
    with pytest.raises(ValidationError) as refused:
        DocumentNumberField().clean("14743/0/11")
    assert refused.value.messages == ["The number after REV is between 1 and 9999."]


def test_an_optional_field_may_stay_empty():
    assert DocumentNumberField(required=False).clean("  ") is None


def test_another_way_of_writing_the_number_is_no_change():
    field = DocumentNumberField(required=False)
    assert not field.has_changed("14743/1/11 REV 1", "ST 14743 2011 REV 1")
    assert not field.has_changed(None, "")
    assert field.has_changed("14743/1/11 REV 1", "14743/11")
    assert field.has_changed("14743/1/11 REV 1", "nonsense")
