"""What is needed from all over a rule set to write any part of it: links, words for conditions, and who uses what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from screening.interpreters.prose.markdown import code, code_block, link, text
from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.ruleset import RuleSet
from screening.rules.wording import Clause, wording


class Index:
    """One rule set, with what its parts say of each other."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.wording = wording(ruleset)
        self.users: dict[str, list[str]] = defaultdict(list)
        """question or definition → links to what mentions it"""
        self.cited: dict[str, list[str]] = defaultdict(list)
        self.reflected: dict[str, list[str]] = defaultdict(list)
        self._find_users()
        self._find_sources()

    def _find_users(self) -> None:
        for question in self.ruleset.questions:
            if question.show_if:
                self._uses(question.show_if, to_question(question.id))
        for definition in self.ruleset.definitions:
            self._uses(definition.is_, to_definition(definition.id))
        for rule in self.ruleset.rules:
            self._uses(rule.when, to_rule(rule.id))
        for prop in self.ruleset.properties:
            for expression in filter(None, (prop.given, prop.requires)):
                self._uses(expression, to_property(prop.id))

    def _uses(self, expression: str, user: str) -> None:
        for name in e.names(parse(expression)):
            if user not in self.users[name]:
                self.users[name].append(user)

    def _find_sources(self) -> None:
        education = self.ruleset.education
        users = [(to_rule(rule.id), rule.cites, rule.reflects) for rule in self.ruleset.rules]
        users += [(to_fact(fact.id), fact.citations, fact.reflects) for fact in education.facts]
        users += [
            (link(text(f"time line: {entry.when}"), "#timeline"), (), entry.reflects) for entry in education.timeline
        ]
        users.append((link("the options", "#options"), education.citations, ()))
        users += [(link(text(part.id), f"#option-{part.id}"), part.citations, ()) for part in education.options]
        users += [(link(text(part.id), f"#point-{part.id}"), part.citations, ()) for part in education.points]
        for user, cites, reflects in users:
            for citation_id in cites:
                self.cited[citation_id].append(user)
            for statement_id in reflects:
                self.reflected[statement_id].append(user)

    # -- names of other parts

    def disposition(self, disposition_id: str) -> str:
        """A disposition by its label, linked."""
        return link(text(self.ruleset.disposition(disposition_id).label), f"#disposition-{disposition_id}")

    def dispositions(self, disposition_ids: Iterable[str], last: str = "or") -> str:
        """Several dispositions."""
        *most, final = map(self.disposition, disposition_ids)
        return f"{', '.join(most)} {last} {final}" if most else final

    def procedures(self, procedure_ids: Iterable[str]) -> str:
        """Several procedures by their labels."""
        return ", ".join(text(self.ruleset.procedure(procedure_id).label) for procedure_id in procedure_ids)

    def citations(self, citation_ids: Iterable[str]) -> str:
        """Several citations by their ids, linked; what is not yet confirmed says so."""
        return ", ".join(map(self._citation, citation_ids))

    def _citation(self, citation_id: str) -> str:
        note = " (to be confirmed)" if self.ruleset.citations[citation_id].status == "to_confirm" else ""
        return link(text(citation_id), f"#citation-{citation_id}") + note

    # -- conditions

    def condition(self, expression: str, opening: str) -> Iterator[str]:
        """A condition in words, after its opening ("**When**"), and as it is written."""
        clause = self.wording.clause(parse(expression))
        if clause.parts:
            yield f"{opening} {self.say(clause)}:"
            yield ""
            yield from self.bullets(clause.parts, 0)
        else:
            yield f"{opening} {self.say(clause)}"
        yield ""
        yield from code_block(expression)
        yield ""

    def bullets(self, clauses: Iterable[Clause], depth: int) -> Iterator[str]:
        """Clauses as a nested list."""
        for clause in clauses:
            yield f"{'  ' * depth}- {self.say(clause)}{':' if clause.parts else ''}"
            yield from self.bullets(clause.parts, depth + 1)

    def say(self, clause: Clause) -> str:
        """A clause's own words, with links to the definitions it names."""
        said = text(clause.text)
        for definition_id in clause.definitions:
            said = said.replace(f"({text(definition_id)})", f"({to_definition(definition_id)})")
        return said


def to_question(question_id: str) -> str:
    """A link to a question."""
    return link(code(question_id), f"#question-{question_id}")


def to_definition(definition_id: str) -> str:
    """A link to a definition."""
    return link(code(definition_id), f"#definition-{definition_id}")


def to_rule(rule_id: str) -> str:
    """A link to a rule."""
    return link(text(rule_id), f"#rule-{rule_id}")


def to_property(property_id: str) -> str:
    """A link to a property."""
    return link(text(property_id), f"#property-{property_id}")


def to_fact(fact_id: str) -> str:
    """A link to an education fact."""
    return link(text(fact_id), f"#fact-{fact_id}")


def to_statement(statement_id: str) -> str:
    """A link to a source statement."""
    return link(text(statement_id), f"#statement-{statement_id}")
