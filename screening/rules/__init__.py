"""The rule language: what a rule set is and what its words mean.

Pure: pydantic and the standard library; no Django, no input or output, no clock. Interpreters stand on this.
"""
