"""What patients see. Each view finds, asks a policy, calls at most one action and answers."""
