"""The third door: rule editors change drafts and publish, administrators look after their clinic. Actions write."""

from screening.admin import clinics, pathways, records, rows

__all__ = ["clinics", "pathways", "records", "rows"]
