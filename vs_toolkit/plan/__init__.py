"""The customer plan: who the customer is to us, whom we know, what it needs, what we do next."""
