"""People: accounts, second step, roles, memberships, the audit of what is done to them, and the mail they get."""
