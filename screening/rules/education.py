"""What a rule set teaches patients: facts, the time line of getting well, and the parts of a decision aid."""

from typing import Annotated, Literal

from pydantic import Field

from screening.rules.parts import AnyCaseId, Day, Many, Part, PatientTitle, PatientWords

Week = Annotated[int, Field(ge=-520, le=520)]
"""counted from the day of the operation; before it, less than 0"""

Share = Annotated[int, Field(ge=0, le=100)]


class Fact(Part):
    id: AnyCaseId
    text: PatientWords
    reflects: Many[str] = ()
    citations: Many[str] = ()


class TimelineEntry(Part):
    when: PatientTitle
    text: PatientWords
    reflects: Many[str] = ()
    from_week: Week | None = None
    to_week: Week | None = None
    """where it lies in the picture; only one of the two: it is open on the other side; neither: it is not drawn"""


class Option(Part):
    """One way to go on that a patient may choose between."""

    id: AnyCaseId
    label: PatientTitle
    what: PatientWords
    not_known: PatientWords
    """what nobody can say for sure, as plainly as the rest"""
    citations: Many[str] = ()


class Point(Part):
    """One thing that can go well, or badly, with an option."""

    id: AnyCaseId
    option: str
    kind: Literal["benefit", "harm"]
    text: PatientWords
    low: Share | None = None
    high: Share | None = None
    """of 100 people, for how many it was so in the studies, for the picture; alone or alike: one number"""
    citations: Many[str] = ()


class Matter(Part):
    """Something that may matter to a patient, to be weighed by them."""

    id: AnyCaseId
    text: PatientTitle


class QuestionToAsk(Part):
    """A question a patient may take to the surgeon."""

    id: AnyCaseId
    text: PatientTitle
    dispositions: Many[str] = ()
    """for patients with one of these; none: for everyone"""


class AboutDecision(Part):
    """What a decision aid says of itself. Days as in ISO 8601."""

    about: PatientWords = ""
    """the choice in general: what it is about, who meets it, what happens without doing anything"""
    known: PatientWords = ""
    not_known: PatientWords = ""
    made_by: PatientWords = ""
    funding: PatientWords = ""
    """who paid for it, and who gains from a choice"""
    updated: Day = ""
    next_review: Day = ""
    citations: Many[str] = ()
    """what `about` and `known` rest on"""


class Education(AboutDecision):
    facts: Many[Fact] = ()
    timeline: Many[TimelineEntry] = ()
    options: Many[Option] = ()
    points: Many[Point] = ()
    what_matters: Many[Matter] = ()
    questions_to_ask: Many[QuestionToAsk] = ()
