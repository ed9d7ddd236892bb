"""Made-up records for tests. Cases come about through the real actions (cases.py), never by writing rows."""

from tests.factories.cases import (
    ADULT,
    CALM,
    NUMB,
    decided,
    identity,
    in_review,
    referred_emergency,
    save_page,
    started,
    submitted,
    waiting,
)
from tests.factories.records import (
    OfferingFactory,
    PathwayFactory,
    RuleSetVersionFactory,
    SiteFactory,
    UserFactory,
    lumbar_pathway,
    publish_next,
    staff,
    staff_actor,
)
from tests.factories.release import cared_for, make_ready
from tests.factories.rulesets import shipped_document, tiny_document, tiny_ruleset

__all__ = [
    "ADULT",
    "CALM",
    "NUMB",
    "OfferingFactory",
    "PathwayFactory",
    "RuleSetVersionFactory",
    "SiteFactory",
    "UserFactory",
    "cared_for",
    "decided",
    "identity",
    "in_review",
    "lumbar_pathway",
    "make_ready",
    "publish_next",
    "referred_emergency",
    "save_page",
    "shipped_document",
    "staff",
    "staff_actor",
    "started",
    "submitted",
    "tiny_document",
    "tiny_ruleset",
    "waiting",
]
