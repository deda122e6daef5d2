"""Reads Vietnamese administrative progress reports: domain, status and summary of every task."""
