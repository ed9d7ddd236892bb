"""Section 4, the grammar: every production is accepted and prints as it should; all else is refused, with where."""

import pytest

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.tokens import RESERVED, ParseError
from tests.spec.runner import rows

GRAMMAR = """
or-expr   = and-expr { "or" and-expr }
and-expr  = not-expr { "and" not-expr }
not-expr  = "not" ( name | "(" or-expr ")" ) | test
test      = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum
                | "in" set | "contains" string | "is" [ "not" ] "null" ]
          | "exists" "(" name "intersect" set ")"
sum       = product { ("+" | "-") product }
product   = atom { ("*" | "/") atom }
atom      = number | string | "true" | "false" | name | function | "(" or-expr ")" | "-" atom
function  = "Coalesce" "(" sum { "," sum } ")"          the first known value
          | "Score" "(" name ")"                        the score of the chosen choice (every choice must have one)
          | "CountTicked" "(" name ")"                  how many choices are ticked ('none' and don't know not counted)
          | "CountTrue" "(" "{" or-expr { "," or-expr } "}" ")"    how many are true (unknown is not)
          | "AtLeast" "(" number "," "{" or-expr { "," or-expr } "}" ")"
set       = "{" literal { "," literal } "}"             literal = number | string
name      = letter { letter | digit | "_" }             number = digits [ "." digits ]       string = "'" any but ' "'"
"""

# A production, an expression made by it, and how it is printed (nothing: as it was written).
ACCEPTED = """
production                                     | expression                                | prints
----
or-expr: or                                    | a or b                                    |
                                               | a or b or c                               |
                                               | a or (b and c)                            |
                                               | (a and b) or (c and d)                    |
                                               | (a or b) or c                             |
                                               | a or not b                                |
and-expr: and                                  | a and b                                   |
                                               | a and b and c                             |
                                               | a and (b or c)                            |
                                               | a and (b and c)                           |
                                               | not a and not b                           |
not-expr: not a name                           | not a                                     |
                                               | not (a)                                   | not a
not-expr: not a parenthesis                    | not (a = 'x')                             |
                                               | not (a or b)                              |
                                               | not (not a)                               |
                                               | not (not (not a))                         |
test: sum alone                                | a                                         |
                                               | (a)                                       | a
                                               | ((a))                                     | a
test: =                                        | a = 'x'                                   |
                                               | 'x' = a                                   |
                                               | a = b                                     |
                                               | (a + 1) = (b * 2)                         | a + 1 = b * 2
test: !=                                       | a != 'x'                                  |
test: <                                        | a < 3                                     |
test: <=                                       | a <= 3                                    |
test: >                                        | a > 3                                     |
test: >=                                       | a >= 3                                    |
                                               | a+1>=b-1                                  | a + 1 >= b - 1
test: in                                       | a in { 'x', 'y' }                         |
                                               | a in{'x'}                                 | a in { 'x' }
                                               | a + 1 in { 1, 2.5 }                       |
                                               | a in { 1, 'x' }                           |
test: contains                                 | a contains 'x'                            |
test: is null                                  | a is null                                 |
test: is not null                              | a is not null                             |
                                               | (a or b) is null                          |
                                               | (a = 'x') is not null                     |
                                               | (not a) is null                           |
                                               | a + b is null                             |
test: exists … intersect                       | exists (a intersect { 'x' })              |
                                               | exists(a intersect{'x','y'})              | exists (a intersect { 'x', 'y' })
                                               | exists (a intersect { 'x', 1 })           |
sum: +                                         | a + b = 1                                 |
                                               | a + b + c = 1                             |
                                               | a + (b + c) = 1                           |
sum: -                                         | a - b = 1                                 |
                                               | a - (b - c) = 1                           |
                                               | (a - b) - c = 1                           | a - b - c = 1
product: *                                     | a * b = 1                                 |
                                               | (a + b) * c = 1                           |
                                               | a + b * c = 1                             |
product: /                                     | a / b = 1                                 |
                                               | a / (b / c) = 1                           |
                                               | a / b * c = 1                             |
                                               | a / (b * c) = 1                           |
atom: number                                   | 3 = a                                     |
                                               | 3.25 = a                                  |
                                               | 3.0 = a                                   | 3 = a
                                               | 003.50 = a                                | 3.5 = a
                                               | 0.000001 = a                              |
                                               | 123456789012345 = a                       |
atom: string                                   | '' = a                                    |
                                               | 'x y, (z) { "é" and or' = a               |
atom: true                                     | true                                      |
atom: false                                    | false                                     |
                                               | false or true                             |
atom: a parenthesis                            | (a or b) and c                            |
                                               | (a + 1) * 2 = 3                           |
atom: -                                        | -a = 1                                    |
                                               | -3 = a                                    |
                                               | - 3 = a                                   | -3 = a
                                               | --3 = a                                   |
                                               | --a = 1                                   |
                                               | a - -3 = 1                                |
                                               | a - -b = 1                                |
                                               | -(a + b) = 1                              |
                                               | -a * -b = 1                               |
                                               | -Score(a) = 1                             |
function: Coalesce                             | Coalesce(a) = 1                           |
                                               | Coalesce(a, b + 1, 3) = 1                 |
                                               | Coalesce(a,b)=1                           | Coalesce(a, b) = 1
                                               | Coalesce(Coalesce(a, b), c) = 1           |
function: Score                                | Score(a) > 1                              |
function: CountTicked                          | CountTicked(a) > 1                        |
function: CountTrue                            | CountTrue({ a }) > 1                      |
                                               | CountTrue({ a, b or c, not d }) > 1       |
                                               | CountTrue({a and b,c='x'})>1              | CountTrue({ a and b, c = 'x' }) > 1
function: AtLeast                              | AtLeast(2, { a, b, c })                   |
                                               | AtLeast(1, { a or b, c and d })           |
                                               | not (AtLeast(1, { a }))                   |
name                                           | A_1b_                                     |
                                               | android and oration and notable           |
                                               | score = 'x' and coalesce > 1              |
white space does not count                     |   a   and                b                | a and b
"""  # noqa: E501

# ¦ stands for the bar, which parts the cells.
REFUSED = """
says                                                   | expression                     | column | message                   | suggestion
----
an empty expression                                    |                                | 1      | empty                     |
not takes a name or a parenthesis, never a bare comparison | not a = 'x'                | 7      | `not`                     | parentheses
                                                       | not a in { 'x' }               | 7      | `not`                     | parentheses
                                                       | not a is null                  | 7      | `not`                     | parentheses
                                                       | not a contains 'x'             | 7      | `not`                     | parentheses
                                                       | not a > 3                      | 7      | `not`                     | parentheses
                                                       | not a + 1 > 3                  | 7      | `not`                     | parentheses
                                                       | not (a) = 'x'                  | 9      | `not`                     | parentheses
                                                       | not not a                      | 5      | after `not`               |
                                                       | not 3                          | 5      | after `not`               |
                                                       | not 'x' = a                    | 5      | after `not`               |
                                                       | not true                       | 5      | after `not`               |
                                                       | not exists (a intersect { 'x' }) | 5    | after `not`               |
                                                       | not AtLeast(1, { a })          | 5      | after `not`               |
                                                       | not                            | 4      | the expression ends       |
and and or at one level are told apart by parentheses  | a and b or c                   | 1      | `and` and `or`            | parentheses
                                                       | a or b and c                   | 6      | `and` and `or`            | parentheses
                                                       | a or (b and c or d)            | 7      | `and` and `or`            | parentheses
                                                       | x and (a or b and c)           | 13     | `and` and `or`            | parentheses
                                                       | CountTrue({ a and b or c }) = 1 | 13    | `and` and `or`            | parentheses
reserved words are no names                            | and                            | 1      | found `and`               |
                                                       | a = null                       | 5      | found `null`              |
                                                       | is = 'x'                       | 1      | found `is`                |
                                                       | Score > 1                      | 7      | Expected `(`              |
                                                       | contains contains 'x'          | 1      | found `contains`          |
words of the language are written small                | a AND b                        | 3      | found `AND`               | `and`
                                                       | a Or b                         | 3      | found `Or`                | `or`
                                                       | a IS NULL                      | 3      | found `IS`                | `is`
                                                       | a is NULL                      | 6      | found `NULL`              | `null`
                                                       | a IN { 'x' }                   | 3      | found `IN`                | `in`
other languages' signs                                 | a == 'x'                       | 4      | found `=`                 | one `=`
                                                       | a <> 'x'                       | 3      | `<>`                      | `!=`
                                                       | a && b                         | 3      | `&&`                      | `and`
                                                       | a ¦¦ b                         | 3      | `¦¦`                      | `or`
                                                       | !a                             | 1      | `!`                       | `not`
                                                       | a = "x"                        | 5      | `"`                       | `'`
                                                       | a ≤ 3                          | 3      | `≤`                       | `<=`
                                                       | a ≥ 3                          | 3      | `≥`                       | `>=`
                                                       | a ≠ 3                          | 3      | `≠`                       | `!=`
                                                       | a % 3 = 1                      | 3      | `%`                       |
                                                       | a = $x                         | 5      | `$`                       |
a string without its end                               | a = 'x                         | 5      | closing quote             | '
                                                       | a = 'it's'                     | 10     | closing quote             |
numbers                                                | a = .5                         | 5      | `.`                       |
                                                       | a = 5.                         | 6      | `.`                       |
                                                       | a = 1e5                        | 6      | found `e5`                |
                                                       | a = 1_000                      | 6      | `_`                       |
                                                       | a = 1,5                        | 6      | found `,`                 |
                                                       | a = 1234567890123456           | 5      | too long                  |
                                                       | a = ٣                          | 5      | `٣`                       |
names                                                  | _a                             | 1      | `_`                       |
                                                       | a = 'x' and ä                  | 13     | `ä`                       |
                                                       | a.b = 'x'                      | 2      | `.`                       |
                                                       | 3a                             | 2      | found `a`                 |
a test has one operator                                | 1 < a < 3                      | 7      | the end                   |
                                                       | a = 'x' = 'y'                  | 9      | the end                   |
                                                       | a is null is null              | 11     | the end                   |
a part is missing                                      | a and                          | 6      | the expression ends       |
                                                       | or a                           | 1      | found `or`                |
                                                       | a =                            | 4      | the expression ends       |
                                                       | = a                            | 1      | found `=`                 |
                                                       | a + = 3                        | 5      | found `=`                 |
                                                       | a is                           | 5      | `null`                    |
                                                       | a is not                       | 9      | `null`                    |
                                                       | a is 'x'                       | 6      | `null`                    |
                                                       | a b                            | 3      | the end                   |
                                                       | a -                            | 4      | the expression ends       |
parentheses come in pairs                              | (a                             | 3      | `)`                       |
                                                       | a)                             | 2      | the end                   |
                                                       | ()                             | 2      | found `)`                 |
                                                       | (a, b)                         | 3      | `)`                       |
a set holds literals                                   | a in { }                       | 8      | found `}`                 |
                                                       | a in { b }                     | 8      | found `b`                 |
                                                       | a in { 'x' 'y' }               | 12     | `}`                       |
                                                       | a in { 'x', }                  | 13     | found `}`                 |
                                                       | a in { -3 }                    | 8      | found `-`                 |
                                                       | a in 'x'                       | 6      | `{`                       |
                                                       | a in b                         | 6      | `{`                       |
                                                       | a in { 'x'                     | 11     | `}`                       |
contains takes a string                                | a contains b                   | 12     | quotes                    |
                                                       | a contains 3                   | 12     | quotes                    |
                                                       | a contains { 'x' }             | 12     | quotes                    |
exists takes a name, intersect and a set               | exists a                       | 8      | `(`                       |
                                                       | exists (a)                     | 10     | `intersect`               |
                                                       | exists ('x' intersect { 'x' }) | 9      | found `'x'`               |
                                                       | exists (a + 1 intersect { 'x' }) | 11   | `intersect`               |
                                                       | exists (a intersect b)         | 21     | `{`                       |
functions take what the page says                      | Coalesce()                     | 10     | found `)`                 |
                                                       | Coalesce(a or b)               | 12     | `)`                       |
                                                       | Score(a, b)                    | 8      | `)`                       |
                                                       | Score('x')                     | 7      | found `'x'`               |
                                                       | Score((a))                     | 7      | found `(`                 |
                                                       | CountTicked(3)                 | 13     | found `3`                 |
                                                       | CountTrue(a)                   | 11     | `{`                       |
                                                       | CountTrue({ })                 | 13     | found `}`                 |
                                                       | AtLeast({ a })                 | 9      | a number                  |
                                                       | AtLeast(2)                     | 10     | `,`                       |
                                                       | AtLeast(2, a)                  | 12     | `{`                       |
                                                       | AtLeast(a, { b })              | 9      | a number                  |
                                                       | AtLeast(-1, { b })             | 9      | a number                  |
                                                       | Sum(a)                         | 4      | the end                   |
"""  # noqa: E501

NODES = {
    "a or b or c": e.Or((e.Name("a"), e.Name("b"), e.Name("c"))),
    "a or (b or c)": e.Or((e.Name("a"), e.Or((e.Name("b"), e.Name("c"))))),
    "a and (b or c)": e.And((e.Name("a"), e.Or((e.Name("b"), e.Name("c"))))),
    "not a and b": e.And((e.Not(e.Name("a")), e.Name("b"))),
    "not (a and b)": e.Not(e.And((e.Name("a"), e.Name("b")))),
    "a = 'x'": e.Compare(e.Name("a"), "=", e.Text("x")),
    "a + 1 < b": e.Compare(e.Arithmetic(e.Name("a"), "+", e.Number(1.0)), "<", e.Name("b")),
    "a - b - c = 1": e.Compare(
        e.Arithmetic(e.Arithmetic(e.Name("a"), "-", e.Name("b")), "-", e.Name("c")), "=", e.Number(1.0)
    ),
    "a - b * c = 1": e.Compare(
        e.Arithmetic(e.Name("a"), "-", e.Arithmetic(e.Name("b"), "*", e.Name("c"))), "=", e.Number(1.0)
    ),
    "-a * b = 1": e.Compare(e.Arithmetic(e.Minus(e.Name("a")), "*", e.Name("b")), "=", e.Number(1.0)),
    "-2.5 = a": e.Compare(e.Number(-2.5), "=", e.Name("a")),
    "a in { 'x', 2 }": e.In(e.Name("a"), (e.Text("x"), e.Number(2.0))),
    "a contains 'x'": e.Contains(e.Name("a"), e.Text("x")),
    "exists (a intersect { 'x' })": e.Intersects(e.Name("a"), (e.Text("x"),)),
    "a is null": e.IsNull(e.Name("a"), negated=False),
    "(a or b) is not null": e.IsNull(e.Or((e.Name("a"), e.Name("b"))), negated=True),
    "true": e.Boolean(True),
    "Coalesce(a, 1) = 1": e.Compare(e.Coalesce((e.Name("a"), e.Number(1.0))), "=", e.Number(1.0)),
    "Score(a) = 1": e.Compare(e.Score(e.Name("a")), "=", e.Number(1.0)),
    "CountTicked(a) = 1": e.Compare(e.CountTicked(e.Name("a")), "=", e.Number(1.0)),
    "CountTrue({ a }) = 1": e.Compare(e.CountTrue((e.Name("a"),)), "=", e.Number(1.0)),
    "AtLeast(2, { a, b })": e.AtLeast(e.Number(2.0), (e.Name("a"), e.Name("b"))),
}


def _unbar(text: str) -> str:
    return text.replace("¦", "|")


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['production']} ({row['expression']})") for row in rows(ACCEPTED)]
)
def test_accepted(row):
    node = parse(row["expression"])
    printed = row["prints"] or row["expression"]
    assert str(node) == printed
    assert parse(printed) == node


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['says']} ({row['expression']})") for row in rows(REFUSED)])
def test_refused_with_column_and_suggestion(row):
    with pytest.raises(ParseError) as caught:
        parse(_unbar(row["expression"]))
    assert caught.value.column == int(row["column"])
    assert _unbar(row["message"]) in caught.value.message
    if row["suggestion"]:
        assert row["suggestion"] in caught.value.suggestion


@pytest.mark.parametrize("text", NODES)
def test_the_nodes_it_makes(text):
    assert parse(text) == NODES[text]
    assert str(NODES[text]) == text


def test_every_alternative_of_the_grammar_has_a_row():
    named = {row["production"] for row in rows(ACCEPTED)}
    heads = {line.split("=")[0].strip() for line in GRAMMAR.strip().splitlines() if not line.startswith(" ")}
    heads = {head for head in heads if head} - {"set"}
    assert {head for head in heads if not any(name.startswith(head) for name in named)} == set()


def test_the_words_of_the_grammar_are_reserved():
    words = {word.strip('"') for word in GRAMMAR.split() if word.startswith('"') and word.strip('"').isalpha()}
    assert words == RESERVED


@pytest.mark.parametrize(("open_", "close"), [("(", ")"), ("not (", ")"), ("AtLeast(1, { ", " })")])
def test_nesting_is_bounded(open_, close):
    assert parse(open_ * 45 + "a" + close * 45)
    with pytest.raises(ParseError, match="deeper"):
        parse(open_ * 60 + "a" + close * 60)


def test_positions_point_into_the_text_but_do_not_count():
    text = "a = 'x' and  not (b > 3)"
    node = parse(text)
    assert isinstance(node, e.And)
    assert [text[part.start : part.end] for part in node.parts] == ["a = 'x'", "not (b > 3)"]
    assert node == parse(" a='x' and not (b>3)")


@pytest.mark.parametrize("text", [row["expression"] for row in rows(ACCEPTED)])
def test_every_node_knows_where_it_stands(text):
    for node in e.walk(parse(text)):
        assert parse(text[node.start : node.end]) == node
