"""Words patients meet again and again, and why no shorter one will do. Each counts as one of two syllables."""

_ON_LETTERS = "on the letters and scan reports they get, always beside plain words"
_ON_THE_BOX = "printed on the medicine's box"
_ON_THE_DOOR = "written over the door and said on the phone"
_WHO = "who it is about on every page"
_NO_SHORTER = "no shorter word is exact"

_ENGLISH = {
    _ON_LETTERS: "discectomy laminectomy stenosis scoliosis spondylolysis spondylolisthesis osteoporosis",
    _ON_THE_BOX: "ibuprofen warfarin apixaban clopidogrel tramadol morphine",
    _ON_THE_DOOR: "emergency",
    _WHO: "surgeon surgery clinician specialist",
    _NO_SHORTER: "medicine medicines allergy",
}
_SPANISH = {
    _ON_LETTERS: "discectomía laminectomía estenosis escoliosis espondilólisis espondilolistesis osteoporosis",
    _ON_THE_BOX: "ibuprofeno warfarina apixabán clopidogrel tramadol morfina",
    _ON_THE_DOOR: "emergencia emergencias urgencias",
    _WHO: "cirujano cirugía especialista",
    _NO_SHORTER: "medicamento medicamentos alergia",
}


def _by_word(groups: dict[str, str]) -> dict[str, str]:
    return {word: why for why, words in groups.items() for word in words.split()}


KNOWN = {"en": _by_word(_ENGLISH), "es": _by_word(_SPANISH)}
