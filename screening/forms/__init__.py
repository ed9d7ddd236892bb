"""What people fill in about the questions of a rule set: reading what they typed. Reads and writes nothing stored.

numbers.py, dates.py: what somebody typed → an answer. units.py: units and counts in words. body.py: the picture of
where it hurts. questions.py: a form of some questions where staff fill them in, and the rows that
templates/_components/question.html shows. A patient's page keeps what it gets before it checks it (intake), and an
editor may type a wrong answer on purpose (admin): theirs are other forms.
"""
