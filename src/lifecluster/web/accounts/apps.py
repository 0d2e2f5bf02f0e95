"""Django's entry for people."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and what they may do."""

    name = "lifecluster.web.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Join the rooms, and listen to what sign-in does."""
        from django.db.models.signals import post_migrate

        from lifecluster.web.accounts import hearing, jobs, kept, room
        from lifecluster.web.accounts.openid import connections
        from lifecluster.web.accounts.tokens.keeping import tokens_of

        # Roles and permissions are those of lifecluster.policy: no second list of them in the database.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        hearing.listen()
        connections.listen()
        jobs.add()
        room.open_room()
        kept.register(kept.Kept("tokens", 10, copy=tokens_of))
        kept.register(kept.Kept("connections", 10, copy=connections.copies))
