"""A second, naive model of subscriptions, and what drives it beside the engine."""
