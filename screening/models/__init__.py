"""What is stored, one file an aggregate."""

from screening.models.access import Tries, WayBack
from screening.models.assessment import Assessment
from screening.models.audit import AuditEvent, AuditHead
from screening.models.call_back import CallBack
from screening.models.columnar import ColumnarCase, ColumnarStore
from screening.models.draft import Draft
from screening.models.draft_tables import (
    DraftChoice,
    DraftCitation,
    DraftDefinition,
    DraftDisposition,
    DraftFact,
    DraftMatter,
    DraftOption,
    DraftPoint,
    DraftProfile,
    DraftProperty,
    DraftQuestion,
    DraftQuestionToAsk,
    DraftRule,
    DraftTimelineEntry,
    DraftVignette,
)
from screening.models.draft_translation import DraftTranslation
from screening.models.job import Job, JobReading
from screening.models.message import Message
from screening.models.pathway import Offering, Pathway, RuleSetVersion
from screening.models.patient import Patient
from screening.models.referral import Contact, InformationRequest, Referral, Review
from screening.models.release import SignOff, WithdrawnClaim
from screening.models.settled import Settled
from screening.models.site import Site, StaffMember
from screening.models.submission import Revision, Submission
from screening.models.wish import Correction, ErasureRequest, FormerDetails

__all__ = [
    "Assessment",
    "AuditEvent",
    "AuditHead",
    "CallBack",
    "ColumnarCase",
    "ColumnarStore",
    "Contact",
    "Correction",
    "Draft",
    "DraftChoice",
    "DraftCitation",
    "DraftDefinition",
    "DraftDisposition",
    "DraftFact",
    "DraftMatter",
    "DraftOption",
    "DraftPoint",
    "DraftProfile",
    "DraftProperty",
    "DraftQuestion",
    "DraftQuestionToAsk",
    "DraftRule",
    "DraftTimelineEntry",
    "DraftTranslation",
    "DraftVignette",
    "ErasureRequest",
    "FormerDetails",
    "InformationRequest",
    "Job",
    "JobReading",
    "Message",
    "Offering",
    "Pathway",
    "Patient",
    "Referral",
    "Review",
    "Revision",
    "RuleSetVersion",
    "Settled",
    "SignOff",
    "Site",
    "StaffMember",
    "Submission",
    "Tries",
    "WayBack",
    "WithdrawnClaim",
]
