"""The command ``mlicense``, also as ``python -m mlicense``."""

import sys

from mlicense._native import command


def main() -> int:
    """Runs the command with the arguments of this process.

    Returns:
        The exit code.
    """
    return command(["mlicense", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
