"""The modules in `examples/onec` are BSL and use what there is, and the bundle is what 1C reads."""

import pathlib
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest
import tree_sitter
import tree_sitter_bsl

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted((ROOT / "examples/onec").glob("*.bsl"))
BUNDLE = "{http://v8.1c.ru/8.2/addin/bundle}"


def faults(node: tree_sitter.Node) -> list[str]:
    """Where a text is no BSL."""
    here = [f"line {node.start_point[0] + 1}"] if node.is_error or node.is_missing else []
    return here + [fault for child in node.children for fault in faults(child)]


def parse(text: str) -> tree_sitter.Node:
    # Two things that 1C takes and this grammar does not: raising an exception anew, and making an
    # object by the text of its name.
    known = text.replace("ВызватьИсключение;", 'ВызватьИсключение "";')
    known = re.sub(r'Новый\("AddIn\.MLicense\.(\w+)"\)', r"Новый \1", known)
    language = tree_sitter.Language(tree_sitter_bsl.language())  # type: ignore[attr-defined]
    return tree_sitter.Parser(language).parse(known.encode()).root_node


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_bsl(module: pathlib.Path) -> None:
    assert faults(parse(module.read_text(encoding="utf-8"))) == []


def test_what_is_no_bsl_is_noticed() -> None:
    assert faults(parse("Процедура А()\n\tЕсли Б Тогда\nКонецПроцедуры\n"))


def test_the_modules_use_members_that_are_documented() -> None:
    page = (ROOT / "docs/onec.md").read_text(encoding="utf-8")
    assert len(MODULES) == 4
    used = {
        member
        for module in MODULES
        for member in re.findall(r"\b(?:Клиент|Книга)\.(\w+)", module.read_text(encoding="utf-8"))
    }
    assert len(used) > 20
    assert [member for member in sorted(used) if f"`{member}` / `" not in page] == []


def test_the_modules_call_what_the_common_module_exports() -> None:
    exported = set(
        re.findall(
            r"(?:Функция|Процедура) (\w+)\([^)]*\) Экспорт",
            (ROOT / "examples/onec/licensing.bsl").read_text(encoding="utf-8"),
        )
    )
    for module in ("form", "modules"):
        text = (ROOT / f"examples/onec/{module}.bsl").read_text(encoding="utf-8")
        called = set(re.findall(r"Лицензирование\.(\w+)\(", text))
        assert called
        assert called <= exported, module


def test_every_row_of_the_manual_is_played() -> None:
    rows = (ROOT / "docs/behaviours.md").read_text(encoding="utf-8")
    host = ROOT / "ffi/onec/tests/host"
    tests = " ".join(
        name
        for file in host.glob("*.cpp")
        for name in re.findall(r"\bPLAY\((\w+)\)", file.read_text(encoding="utf-8"))
    )
    wanted = re.findall(r"^\| S-MK-(\d+) \|", rows, re.M)
    assert len(wanted) == 79
    assert [row for row in wanted if f"s_mk_{row}_" not in tests] == []


def bundle(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "ffi/onec/bundle.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_bundle_names_the_library_of_each_system_with_its_version(
    tmp_path: pathlib.Path,
) -> None:
    systems = ["Windows/i386", "Linux/x86_64", "Windows/x86_64"]
    for number, system in enumerate(systems):
        (tmp_path / str(number)).write_bytes(system.encode())
    libraries = [f"{system}={tmp_path / str(number)}" for number, system in enumerate(systems)]
    packed = []
    for folder in ("first", "second"):
        done = bundle(str(tmp_path / folder), "1.2.3-dev", *libraries)
        assert done.returncode == 0, done.stderr
        packed.append((tmp_path / folder / "MLicense.zip").read_bytes())
    assert packed[0] == packed[1]

    with zipfile.ZipFile(tmp_path / "first/MLicense.zip") as opened:
        names = opened.namelist()
        manifest = ElementTree.fromstring(opened.read("MANIFEST.XML"))
        info = ElementTree.fromstring(opened.read("INFO.XML"))
        content = {name: opened.read(name).decode() for name in names[2:]}
    assert manifest.tag == f"{BUNDLE}bundle"
    assert manifest.get("name") == "MLicense"
    found = {
        f"{part.get('os')}/{part.get('arch')}": content[str(part.get("path"))]
        for part in manifest.iter(f"{BUNDLE}component")
        if part.get("type") == "native"
    }
    assert found == {system: system for system in systems}
    assert all("_1_2_3." in name for name in content)
    assert {part.tag: part.text for part in info} == {
        "progid": "MLicense",
        "name": "mlicense",
        "version": "1.2.3",
    }


@pytest.mark.parametrize(
    ("version", "library"), [("dev", "Linux/x86_64=x"), ("1.2.3", "Solaris/sparc=x")]
)
def test_a_bundle_of_what_1c_does_not_know_is_refused(
    tmp_path: pathlib.Path, version: str, library: str
) -> None:
    done = bundle(str(tmp_path), version, library)
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


CALLED = [
    "DestroyObject",
    "GetAttachType",
    "GetClassNames",
    "GetClassObject",
    "SetPlatformCapabilities",
]


def library(folder: pathlib.Path, exported: list[str]) -> pathlib.Path:
    source = "".join(f"int {name}(void) {{ return 0; }}\n" for name in exported)
    made = folder / f"lib{len(exported)}.so"
    command = ["cc", "-shared", "-fPIC", "-o", str(made), "-xc", "-"]
    subprocess.run(command, input=source, text=True, check=True)
    return made


def check(archive: pathlib.Path, folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "ffi/onec/check.py"), str(archive), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_bundle_is_checked_by_what_its_libraries_are(tmp_path: pathlib.Path) -> None:
    whole = library(tmp_path, CALLED)
    for arguments, fault in [
        ([f"Linux/x86_64={whole}"], None),
        ([f"Linux/x86_64={library(tmp_path, CALLED[1:])}"], "exports"),
        ([f"Linux/x86_64={library(tmp_path, [*CALLED, 'DllMain'])}"], "DllMain"),
        ([f"Linux/x86_64={whole}", f"Windows/i386={whole}"], "not for Windows/i386"),
    ]:
        assert bundle(str(tmp_path), "1.2.3", *arguments).returncode == 0
        checked = check(tmp_path / "MLicense.zip", tmp_path / "unpacked")
        assert checked.returncode == (0 if fault is None else 1), checked.stderr
        assert (fault or "") in checked.stderr
    unpacked = tmp_path / "unpacked/MLicenseLin64_1_2_3.so"
    assert unpacked.read_bytes() == whole.read_bytes()


def test_a_bundle_with_a_file_too_many_or_too_few_is_noticed(tmp_path: pathlib.Path) -> None:
    archive = tmp_path / "MLicense.zip"
    assert (
        bundle(str(tmp_path), "1.2.3", f"Linux/x86_64={library(tmp_path, CALLED)}").returncode == 0
    )
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("README.TXT", "")
    assert "README.TXT" in check(archive, tmp_path).stderr
    with zipfile.ZipFile(archive) as opened:
        parts = {name: opened.read(name) for name in ("MANIFEST.XML", "INFO.XML")}
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    checked = check(archive, tmp_path)
    assert checked.returncode == 1
    assert "MLicenseLin64_1_2_3.so is not there" in checked.stderr
