"""A small back office on mlicense: imports, renewals, answers, charts, and an HTTPS endpoint."""
