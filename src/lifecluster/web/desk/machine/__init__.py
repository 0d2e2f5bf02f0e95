"""What programs do at the desk, a module for each theme; each calls the same action as the pages."""

from lifecluster.web.desk.machine import bulk, cases, contacts, enquiries, imports, memberships, referrals, talks, tasks

__all__ = ["bulk", "cases", "contacts", "enquiries", "imports", "memberships", "referrals", "talks", "tasks"]
