"""How hard patients' texts are to read, and whether they keep the tone: `python -m tests.reading`."""
