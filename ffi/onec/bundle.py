"""Packs the component for 1C:Enterprise: `bundle.py FOLDER VERSION OS/ARCH=LIBRARY...`.

FOLDER/MLicense.zip holds a library for each system under a name with the version, by which 1C keeps
them apart; MANIFEST.XML, which says which is which; and INFO.XML for the catalogue of add-ins of
1C's standard subsystems library. The same libraries make the same bytes.
"""

from __future__ import annotations

import pathlib
import re
import sys
import zipfile
from xml.etree import ElementTree

NAME = "MLicense"
# What 1C calls a system, and how its libraries end.
SYSTEMS = {
    ("Linux", "x86_64"): "Lin64_{}.so",
    ("Windows", "x86_64"): "Win64_{}.dll",
    ("Windows", "i386"): "Win32_{}.dll",
}
# ZIP has no earlier day, and the day a bundle is made on is of no account.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def document(root: ElementTree.Element) -> bytes:
    """The XML as 1C's examples have it, with capitals in the encoding."""
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def manifest(names: dict[tuple[str, str], str]) -> bytes:
    """What 1C reads to find the library for a system."""
    bundle = ElementTree.Element(
        "bundle", {"xmlns": "http://v8.1c.ru/8.2/addin/bundle", "name": NAME}
    )
    for (system, arch), path in names.items():
        about = {"os": system, "path": path, "type": "native", "arch": arch}
        ElementTree.SubElement(bundle, "component", about)
    return document(bundle)


def info(version: str) -> bytes:
    """What the standard subsystems library reads when a file is loaded into its catalogue."""
    about = ElementTree.Element("info")
    for name, text in (("progid", NAME), ("name", "mlicense"), ("version", version)):
        ElementTree.SubElement(about, name).text = text
    return document(about)


def main(folder: str, version: str, *libraries: str) -> None:
    """Writes the bundle and says what is in it."""
    numbers = re.match(r"\d+\.\d+\.\d+", version)
    if numbers is None:
        sys.exit(f"`{version}` is no version of three numbers")
    given: dict[tuple[str, str], pathlib.Path] = {}
    for library in libraries:
        place, _, path = library.partition("=")
        system, _, arch = place.partition("/")
        if (system, arch) not in SYSTEMS:
            sys.exit(f"`{place}` is none of {', '.join('/'.join(known) for known in SYSTEMS)}")
        given[system, arch] = pathlib.Path(path)
    suffix = numbers.group().replace(".", "_")
    names = {known: NAME + SYSTEMS[known].format(suffix) for known in SYSTEMS if known in given}
    parts = {"MANIFEST.XML": manifest(names), "INFO.XML": info(numbers.group())}
    parts |= {name: given[known].read_bytes() for known, name in names.items()}
    target = pathlib.Path(folder) / f"{NAME}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            bundle.writestr(entry, content)
    print(f"{target}: {target.stat().st_size} bytes")
    for name, content in parts.items():
        print(f"    {name}: {len(content)} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
