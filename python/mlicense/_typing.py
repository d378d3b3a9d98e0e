"""What the package takes of `typing`, whose import takes longer than all the rest."""

# The name is enough for type checkers.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import final as final
    from typing import overload as overload

    from typing_extensions import dataclass_transform as dataclass_transform
else:

    def dataclass_transform(**_):
        return lambda decorated: decorated

    def final(decorated):
        return decorated

    overload = final
