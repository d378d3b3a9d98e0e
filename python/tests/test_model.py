"""The engine and a naive model of the same rules live the same random lives."""

from __future__ import annotations

from hypothesis import settings

from model.machine import LIVES, STEPS, Lives

SOAK_LIVES = 10_000
soaking = settings.get_current_profile_name() == "soak"

TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=SOAK_LIVES if soaking else LIVES,
    stateful_step_count=STEPS,
    deadline=None,
    report_multiple_bugs=False,
)
