"""The forms of the review pages. What may be done, and what a field must hold, the actions say."""
