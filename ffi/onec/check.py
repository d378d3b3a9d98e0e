"""Checks a bundle for 1C:Enterprise as 1C would find it: `check.py ZIP FOLDER`.

MANIFEST.XML names files that are there, each once, and there are no others; each is for the system
it is named for, by the file itself, and exports what 1C calls and nothing else. INFO.XML has the
version of the names. FOLDER gets the libraries, and a line is printed for each: `OS/ARCH FILE`.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

BUNDLE = "{http://v8.1c.ru/8.2/addin/bundle}"
# What binutils call the files of a system.
FORMATS = {
    "Linux/x86_64": "elf64-x86-64",
    "Windows/x86_64": "pei-x86-64",
    "Windows/i386": "pei-i386",
}
EXPORTED = {
    "DestroyObject",
    "GetAttachType",
    "GetClassNames",
    "GetClassObject",
    "SetPlatformCapabilities",
}


def dumped(option: str, library: pathlib.Path) -> str:
    """What objdump tells of a library."""
    command = ["objdump", option, str(library)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def exported(library: pathlib.Path, form: str) -> set[str]:
    """The names that a library exports, as they stand in it."""
    if form.startswith("elf"):
        symbols = re.findall(r"^[0-9a-f]+ .{7} (\S+)\t.*?(\S+)$", dumped("-T", library), re.M)
        return {name for section, name in symbols if section != "*UND*"}
    _, _, names = dumped("-p", library).partition("[Ordinal/Name Pointer] Table")
    return set(re.findall(r"^\s*\[\s*\d+\].*?(\S+)$", names.split("\n\n")[0], re.M))


def faults(bundle: zipfile.ZipFile, folder: pathlib.Path) -> list[str]:
    """What is wrong with a bundle; what is right is unpacked and printed."""
    names = bundle.namelist()
    wrong = []
    components = list(ElementTree.fromstring(bundle.read("MANIFEST.XML")))
    version = ElementTree.fromstring(bundle.read("INFO.XML")).findtext("version") or ""
    paths = [component.get("path", "") for component in components]
    if sorted(["INFO.XML", "MANIFEST.XML", *paths]) != sorted(names):
        wrong.append(f"it holds {names} and names {paths}")
    for component, path in zip(components, paths, strict=True):
        system = f"{component.get('os')}/{component.get('arch')}"
        if component.tag != f"{BUNDLE}component" or component.get("type") != "native":
            wrong.append(f"{path} is no native component")
        if f"_{version.replace('.', '_')}." not in path:
            wrong.append(f"{path} does not bear the version {version}")
        if path not in names:
            wrong.append(f"{path} is not there")
            continue
        library = pathlib.Path(bundle.extract(path, folder))
        form = re.search(r"file format (\S+)", dumped("-f", library))
        if form is None or form.group(1) != FORMATS.get(system):
            wrong.append(f"{path} is {form and form.group(1)} and not for {system}")
        elif (found := exported(library, form.group(1))) != EXPORTED:
            wrong.append(f"{path} exports {sorted(found)}")
        print(system, library)
    return wrong


def main(path: str, folder: str) -> None:
    """Ends with 1 when something is wrong, and says what."""
    with zipfile.ZipFile(path) as bundle:
        wrong = faults(bundle, pathlib.Path(folder))
    if wrong:
        sys.exit("\n".join(f"{path}: {fault}" for fault in wrong))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
