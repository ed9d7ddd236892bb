"""The only code that writes. Each action is keyword-only, one transaction, and leaves an audit event.

Rows are locked in one order, so that no two actions ever wait for each other: the submission, then the referral, then
(by recording) the end of the audit chain.
"""
