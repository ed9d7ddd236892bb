"""Letters by typst: whatever words come in, a tagged PDF with those words comes out; nothing is fetched or read."""

import pytest

from screening import letters
from tests.pdf_text import squeezed, words_of_pdf


def letter(*texts, **more):
    blocks = [{"t": "text", "words": text, "strong": False} for text in texts]
    data = {"title": "A letter", "language": "en", "rtl": False, "size": 12, "footer": "f", "blocks": blocks}
    return words_of_pdf(letters.pdf("patient.typ", data | more))


@pytest.mark.parametrize(
    "text",
    [
        '#import "/etc/passwd": *',
        '#read("version.typ")',
        "#{while true {}}",
        "$x$ *b* _e_ `r` <l> @r = h - l + e / t: d // c /* c */ \\u{41} ~ -- ...",
        "#set page(width: 1pt)",
        '"quotes" and {"t": "heading"}',
        "https://example.org/#x",
    ],
)
def test_markup_stays_words(text):
    assert squeezed(text) in letter(text)


def test_letters_of_other_scripts_are_shown_and_the_rest_has_its_number():
    shown = letter("é ñ ω Ж", "漢 🌻 \x07 \u2603\ufe0f")
    for word in ("éñωЖ", "(U+6F22)", "(U+1F33B)", "(U+0007)"):
        assert word in shown


def test_what_turns_the_direction_of_reading_is_left_out():
    assert "abc" in letter("a\u202eb\u2066c\u200f")


def test_lines_are_kept_apart():
    assert "onetwo" in letter("one\ntwo\r\n\u2028three")


def test_marks_heaped_on_a_letter_do_not_cost_the_rest():
    shown = letter("e" + "\u0301\u0489\u06dd\u1ab0" * 40 + " Жена")
    assert "e" in shown
    assert "Жена" in shown


BARE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: data.language)
#data.words"""


def test_a_mark_that_fits_its_letter_in_no_font_goes_and_the_letter_stays(tmp_path, monkeypatch):
    """With one font only, whose name a template need not give."""
    monkeypatch.setattr(letters, "FOLDER", tmp_path)
    (tmp_path / "bare.typ").write_text(BARE)
    made = letters.pdf("bare.typ", {"title": "t", "language": "en", "words": "pe\u0485n Жена pe\u064bn"})
    assert words_of_pdf(made) == "pe(U+0485)nЖенаpe(U+064B)n"


@pytest.mark.parametrize("language", ["ar", "he"])
def test_from_right_to_left(language):
    assert letter("שלום 123", language=language, rtl=True, title="שלום")


def test_letters_that_no_font_has_next_to_each_other():
    # The compiler breaks over such a row when it has to part it into lines.
    row = " ".join(map(chr, range(0x6C3, 0x6F0)))
    assert "Walk" in letter(f"Walk. {row * 20}")


def test_a_letter_that_cannot_be_set_says_so():
    with pytest.raises(Exception, match="SVG"):
        letter("x", blocks=[{"t": "picture", "svg": "no picture", "words": "w"}])
