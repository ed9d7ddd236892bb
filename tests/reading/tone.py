"""What no patient text says, in English and Spanish, and why: the words of a good clinic's letter."""

import re
from typing import NamedTuple


class Said(NamedTuple):
    """Words found in a text, and what is wrong with them."""

    words: str
    why: str


_ILLNESS = {
    "en": r"cancer|stenosis|hernia\w*|disc|scoliosis|infections?|fractures?|break|broken|tumou?rs?|growths?|arthritis|"
    r"depress\w+|diabetes|disease|cauda|nerves?|clot|emergency",
    "es": r"cáncer|estenosis|hernia\w*|disco|escoliosis|infecci\w+|fracturas?|rotura|tumor(?:es)?|artritis|depresi\w+|"
    r"diabetes|enfermedad|nervios?|coágulo|emergencia",
}
_NOT_SURE = {"en": "(?<!if )(?<!whether )(?<!when )(?<!think )", "es": "(?<!si )(?<!cuando )(?<!que )"}
_DIAGNOSIS = "a diagnosis: only a clinician makes one, so say “can be a sign of” or “you told us about”"
_PROMISE = "a promise nobody can keep"
_READER = "the reader is a person: “you”"
_SHORTER = "a shorter word says the same"
_BLAME = "say what to do; nobody is to blame"

_RULES: dict[str, dict[str, str]] = {
    "en": {
        r"please note|be advised|kindly": "say it without announcing it",
        r"(?<!in)(?<!not )valid\b|invalid|illegal|incorrect|wrong format|failed|you must have": _BLAME,
        r"candidates?|candidacy|eligib\w+": "say “could be a choice”",
        rf"{_NOT_SURE['en']}you (?:have|suffer from)\b(?: \w+){{0,5}}? (?:{_ILLNESS['en']})": _DIAGNOSIS,
        r"patients?|(?<!in )(?<!just in )(?<!that )(?<!this )cases?": _READER,
        r"will (?:cure|fix|heal|work|be cured|get better|help you)|guarantee\w*|risk[- ]free|(?<!not )completely safe|"
        r"painless|100 ?%|miracle|(?<!not a )(?<!never a )(?<!not )promises?": _PROMISE,
        r"utili[sz]e|prior to|in order to|commence\w*|regarding|facilitate|approximately|additional\w*|assistance|"
        r"purchase|obtain|require[sd]?|sufficient|subsequent\w*|terminate|via|etc|e\.g\.|i\.e\.|and/or": _SHORTER,
        r"click|tap here|oops|uh-oh": "plain and calm, on every device",
    },
    "es": {
        r"tenga en cuenta|por favor,? note": "say it without announcing it",
        r"inválid[oa]s?|no válid[oa]s?|incorrect[oa]s?|erróne[oa]s?|ilegal": _BLAME,
        r"candidat[oa]s?": "say “podría ser una opción”",
        rf"{_NOT_SURE['es']}usted (?:tiene|sufre|padece)\b(?: \w+){{0,5}}? (?:{_ILLNESS['es']})": _DIAGNOSIS,
        r"pacientes?|(?<!en )(?<!su )casos?": _READER,
        r"(?:le|lo|la|se) curará|curación total|garanti\w+|sin riesgos?|indolor\w*|milagro\w*|"
        r"(?<!no es una )(?<!nunca una )promesas?": _PROMISE,
        r"tú|tus?|te|ti|contigo|tienes|puedes|quieres|debes|haz|vosotr[oa]s|vuestr\w+": "the reader is “usted”",
        r"utilizar|con el fin de|previamente|asimismo|así como|etc|y/o": _SHORTER,
        r"pinch[ae]|haga clic|cliquee|vosotros|ordenador|móvil|coger": "understood in Spain and in Latin America",
    },
}
_COMPILED = {
    language: [(re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE), why) for pattern, why in rules.items()]
    for language, rules in _RULES.items()
}
_SHOUTS = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{5,}\b|!")
_QUESTION = re.compile(r"[^.!?]*\?")


def said_amiss(text: str, language: str = "en") -> list[Said]:
    """Everything in a text that breaks the tone."""
    found = [Said(match[0], "nobody is shouted at") for match in _SHOUTS.finditer(text)]
    for pattern, why in _COMPILED[language]:
        # Asking whether somebody has an illness tells nobody that they do.
        searched = _QUESTION.sub(" ", text) if why is _DIAGNOSIS else text
        found += [Said(match[0], why) for match in pattern.finditer(searched)]
    return found
