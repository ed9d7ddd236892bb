"""Form fields for the questions of a rule set, where staff fill them in. Reads and writes nothing stored.

numbers.py: what somebody typed → a number in the question's unit. questions.py: a form of some questions, and the rows
that templates/_components/question.html shows. A patient's page keeps what it gets before it checks it (intake), and an
editor may type a wrong answer on purpose (admin): theirs are other forms.
"""
