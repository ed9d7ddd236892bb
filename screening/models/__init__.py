"""What is stored, one file an aggregate."""

from screening.models.assessment import Assessment
from screening.models.audit import AuditEvent, AuditHead
from screening.models.columnar import ColumnarCase, ColumnarStore
from screening.models.draft import Draft
from screening.models.draft_tables import (
    DraftChoice,
    DraftCitation,
    DraftDefinition,
    DraftDisposition,
    DraftFact,
    DraftProfile,
    DraftProperty,
    DraftQuestion,
    DraftRule,
    DraftTimelineEntry,
    DraftVignette,
)
from screening.models.job import Job, JobReading
from screening.models.pathway import Offering, Pathway, RuleSetVersion
from screening.models.patient import Patient
from screening.models.referral import Contact, InformationRequest, Referral, Review
from screening.models.release import SignOff, WithdrawnClaim
from screening.models.site import Site, StaffMember
from screening.models.submission import Revision, Submission

__all__ = [
    "Assessment",
    "AuditEvent",
    "AuditHead",
    "ColumnarCase",
    "ColumnarStore",
    "Contact",
    "Draft",
    "DraftChoice",
    "DraftCitation",
    "DraftDefinition",
    "DraftDisposition",
    "DraftFact",
    "DraftProfile",
    "DraftProperty",
    "DraftQuestion",
    "DraftRule",
    "DraftTimelineEntry",
    "DraftVignette",
    "InformationRequest",
    "Job",
    "JobReading",
    "Offering",
    "Pathway",
    "Patient",
    "Referral",
    "Review",
    "Revision",
    "RuleSetVersion",
    "SignOff",
    "Site",
    "StaffMember",
    "Submission",
    "WithdrawnClaim",
]
