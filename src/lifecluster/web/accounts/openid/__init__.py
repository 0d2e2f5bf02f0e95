"""Signing in through another service (OpenID Connect), where the settings name one."""
