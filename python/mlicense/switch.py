"""Whether a module of the program is on, and who switched it off."""

from __future__ import annotations

from enum import Enum

from mlicense._native import Decision, Feature, switched

__all__ = ["Switch"]


class Switch(str, Enum):
    """The switch of a module of the host program, true while the module runs.

    The program keeps its value beside its settings, and follows every check. What a lost licence
    switched off comes back by itself; what the user switched off does not.

    Examples:
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> printing = Switch.ON.after(client.check("print"))
        >>> printing
        <Switch.DISABLED_BY_LICENSE: 'DisabledByLicense'>
        >>> bool(printing), Switch("DisabledByUser").after(client.check("print")).name
        (False, 'DISABLED_BY_USER')
        >>> Switch("off")
        Traceback (most recent call last):
        ValueError: 'off' is not a valid Switch
    """

    ON = "On"
    """The module runs."""
    DISABLED_BY_LICENSE = "DisabledByLicense"
    """The licence does not allow it; on again as soon as it is allowed."""
    DISABLED_BY_USER = "DisabledByUser"
    """The user does not want it, whatever the licence allows."""

    def __bool__(self) -> bool:
        return self is Switch.ON

    def after(self, decision: Decision | Feature) -> Switch:
        """Says how the switch stands after a check of the module's feature.

        Args:
            decision: What :meth:`Client.check` answered, or the feature itself.

        Returns:
            The switch to keep until the next check.
        """
        return Switch(switched(self.value, bool(decision)))
