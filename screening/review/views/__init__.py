"""Pages for staff. A view fetches, checks a policy, calls one action and answers."""
