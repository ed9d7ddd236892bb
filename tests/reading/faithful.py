"""What a Spanish text must not lose of its English one: numbers, what is filled in, tags, the words of a warning."""

import re

# Where the English says the first, the Spanish says one of the second.
ALWAYS_SAID = {
    r"emergency department": r"servicio de urgencias",
    r"emergency number": r"número de emergencias",
    r"\bemergency help\b": r"ayuda de urgencia",
    r"\btoday\b": r"\bhoy\b",
    r"\bnow\b": r"\b(ahora|ya)\b",
    r"\bat once\b": r"\b(enseguida|de golpe)\b",
    r"within (?:a day|\d+ \w+)": r"\ben (menos de )?(un|uno|\d+)\b",
    r"\bcancer\b": r"\bcáncer\b",
    r"\bfever\b": r"\bfiebre\b",
    r"\binfection\b": r"\binfecci(ón|ones)\b",
    r"\bweak(?:er|ness)?\b(?! bone| heart)": r"\b(fuerza|débil(es)?|se defiende)\b",
    r"\bnumb\b": r"\b(dormid[oa]s?|duermen?)\b",
    r"\bboth\b": r"\b(las dos|los dos)\b",
    r"\bwee\b": r"\b(orin\w+|pis)\b",
    r"\bpoo\b": r"\b(defec\w+|heces|caca)\b",
    r"\b(?:do not|don't|can't|cannot|never|not|nobody)\b": (r"\b(no|ni|nunca|nadie|sin|ning\w+|todavía|poco)\b"),
    r"\blegs?\b": r"\bpierna",
    r"\b(?:may|might|could(?! not)|can be|can come)\b": r"\b(pued\w+|podría\w*|podemos|quizás|es posible|a veces)\b",
}
_FILLED_IN, _TAG = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}"), re.compile(r"<[^>]+>")


def lost(english: str, spanish: str) -> list[str]:
    """What the Spanish does not say, in words; nothing where it is all there."""
    found = [
        f"{name}: {wanted} but {there}"
        for name, wanted, there in (
            ("to fill in", _FILLED_IN.findall(english), _FILLED_IN.findall(spanish)),
            ("tags", _TAG.findall(english), _TAG.findall(spanish)),
            ("numbers", _numbers(english), _numbers(spanish)),
        )
        if sorted(wanted) != sorted(there)
    ]
    missing = [
        said
        for english_words, said in ALWAYS_SAID.items()
        if re.search(english_words, english, re.IGNORECASE) and not re.search(said, spanish, re.IGNORECASE)
    ]
    return found + missing


def _numbers(text: str) -> list[str]:
    """4,000 and 4000 are the same."""
    return re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text))
