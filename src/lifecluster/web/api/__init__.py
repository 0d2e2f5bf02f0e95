"""What machines read: the REST API under /api/v1, reconciliation under /reconcile, and addresses that never change."""
