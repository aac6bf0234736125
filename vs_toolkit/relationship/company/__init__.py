"""All relationships of the company: their value, and who gets the account teams."""
