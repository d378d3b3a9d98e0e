"""Writes the licences of everything that is linked into a package.

``notices.py TARGET CRATE... >THIRD-PARTY.txt``: the normal dependencies of these crates of the
workspace on this target, as ``cargo metadata`` resolves them, each with the texts that its own
archive brings. A crate without any text is told by the name of its licence, whose text stands
beside when another crate brings it; one without a name stops the script.
"""

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")


def metadata(target: str) -> dict[str, Any]:
    """Asks cargo what the workspace is made of."""
    command = ["cargo", "metadata", "--format-version=1", "--filter-platform", target]
    command += ["--features", "mlicense-cli/postgres"]
    command += os.environ.get("CARGO_FLAGS", "").split()
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    loaded: dict[str, Any] = json.loads(found.stdout)
    return loaded


def linked(found: dict[str, Any], crates: list[str]) -> list[dict[str, Any]]:
    """Finds the packages that are linked into the crates, their own left out."""
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    left = [name for name, package in packages.items() if package["name"] in crates]
    seen: set[str] = set()
    while left:
        package = left.pop()
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                left.append(dependency["pkg"])
    foreign = [packages[one] for one in seen if packages[one]["source"] is not None]
    return sorted(foreign, key=lambda package: (package["name"], package["version"]))


def texts(package: dict[str, Any]) -> list[tuple[str, str]]:
    """Reads the texts of licences in the archive of a package."""
    folder = pathlib.Path(package["manifest_path"]).parent
    named = [path for path in sorted(folder.iterdir()) if path.name.upper().startswith(NAMES)]
    files = [path for path in named if path.is_file()]
    if package["license_file"]:
        files.append(folder / package["license_file"])
    unique = dict.fromkeys(files)
    return [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in unique]


def main() -> int:
    """Writes the notices on standard output."""
    target, *crates = sys.argv[1:]
    packages = linked(metadata(target), crates)
    nameless = [package["name"] for package in packages if not package["license"]]
    if nameless:
        print("no licence is named by:", ", ".join(nameless), file=sys.stderr)
        return 1
    print("What is linked into mlicense beside its own code, and under which licences.\n")
    for package in packages:
        print(f"{package['name']} {package['version']}: {package['license']}")
    shown: set[str] = set()
    for package in packages:
        for name, text in texts(package):
            if text in shown:
                continue
            shown.add(text)
            print(f"\n{'=' * 80}\n{package['name']} {package['version']}, {name}\n")
            print(text.rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
