"""Workforce by industry and occupation."""
