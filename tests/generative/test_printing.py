"""Reading what is printed gives the same expression, for any expression the grammar allows."""

from hypothesis import given
from hypothesis import strategies as st

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.tokens import RESERVED, ParseError
from tests.generative.expressions import NODES
from tests.generative.profile import examples


@examples(250)
@given(NODES)
def test_print_then_parse_is_the_identity(node):
    assert parse(str(node)) == node


@examples(100)
@given(NODES)
def test_printing_is_stable(node):
    assert str(parse(str(node))) == str(node)


@examples(100)
@given(NODES)
def test_every_part_stands_where_it_says(node):
    text = str(node)
    for part in e.walk(parse(text)):
        assert parse(text[part.start : part.end]) == part


@examples(100)
@given(NODES, st.sampled_from([" ", "  ", "\n", "\t \n"]))
def test_white_space_between_words_does_not_count(node, space):
    text = str(node)
    if "'" not in text:  # in a text, it does
        assert parse(text.replace(" ", space)) == node


SIGNS = ["(", ")", "{", "}", ",", "+", "-", "*", "/", "=", "<", "a", "b1", "'x'", "3", "4.5"]
WORDS = st.sampled_from([*SIGNS, *sorted(RESERVED)])


@examples(400)
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=20))
def test_any_text_is_read_or_refused_with_its_place(text):
    refused = None
    try:
        node = parse(text)
    except ParseError as error:
        refused = error
    if refused:
        assert refused.message
        assert 1 <= refused.column <= len(text) + 1
    else:
        assert parse(str(node)) == node
