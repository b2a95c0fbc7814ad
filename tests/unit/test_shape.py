"""The shape of the house: sizes, imports, docstrings, start-up, and that docs name everything."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from offair import cli, config
from offair.model import errors

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "offair"
MODULES = sorted(SOURCE.rglob("*.py"))
PYTHON = sorted(
    path
    for folder in ("src", "tests", "benchmarks", "samples")
    for path in (ROOT / folder).rglob("*.py")
)
TYPESCRIPT = sorted((ROOT / "web-elements" / "src").rglob("*.ts"))
HEAVY = (
    "alembic", "av", "ctranslate2", "faster_whisper", "jinja2", "numpy", "onnxruntime",
    "pydantic", "regex", "rich", "sqlalchemy", "starlette", "uvicorn",
)  # fmt: skip
LONGEST_FILE = 600
LONGEST_FUNCTION = 100


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@pytest.mark.parametrize("path", [*PYTHON, *TYPESCRIPT], ids=_name)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_no_function_is_too_long(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_own_module_is_imported_inside_a_function(path: Path) -> None:
    for function in ast.walk(_tree(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                named = [node.module or ""]
            elif isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            else:
                continue
            own = [one for one in named if one.split(".")[0] == "offair" or node_is_relative(node)]
            assert not own, f"{function.name} imports {own} on line {node.lineno}"


def node_is_relative(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_public_name_is_documented(path: Path) -> None:
    if "migrations" in path.parts and path.parent.name == "versions":
        return
    tree = _tree(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    missing = list(_undocumented(tree, private=False))
    assert not missing, f"without docstring: {missing}"


def _undocumented(node: ast.Module | ast.ClassDef, *, private: bool) -> list[str]:
    missing = []
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if child.name.startswith("_"):
            continue
        overload = any("overload" in ast.dump(one) for one in child.decorator_list)
        setter = any("setter" in ast.dump(one) for one in child.decorator_list)
        if not ast.get_docstring(child) and not overload and not setter:
            missing.append(child.name)
        if isinstance(child, ast.ClassDef):
            missing.extend(f"{child.name}.{name}" for name in _undocumented(child, private=private))
    return missing


def test_the_command_line_starts_light() -> None:
    program = "import sys, offair.cli; print('\\n'.join(sys.modules))"
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in out.stdout.split()}
    assert not loaded & set(HEAVY)


def test_importing_the_desk_loads_no_engine_store_or_media_library() -> None:
    program = "import sys, offair.desk, offair.desk.process, offair.desk.publish\n"
    program += "print('\\n'.join(sys.modules))"
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in out.stdout.split()}
    heavy = {"alembic", "av", "ctranslate2", "faster_whisper", "onnxruntime", "sqlalchemy"}
    assert not loaded & (heavy | {"starlette", "uvicorn", "rich"})


def _docs(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def _settings(model: type[config.Settings] | type[config.BaseModel], prefix: str) -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, config.BaseModel):
            names.extend(_settings(kind, f"{prefix}{name}."))
        else:
            names.append(prefix + name)
    return names


def test_every_setting_is_in_the_docs() -> None:
    page = _docs("settings.md")
    assert [name for name in _settings(config.Settings, "") if f"`{name}`" not in page] == []


def test_every_error_is_in_the_docs() -> None:
    page = _docs("errors.md")
    names = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.OffairError)
    ]
    assert len(names) > 5
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_command_and_option_is_in_the_docs() -> None:
    page = _docs("commands.md")
    missing = []
    for name, (module, _) in cli.COMMANDS.items():
        if f"`offair {name}" not in page:
            missing.append(name)
        source = (SOURCE / "cli" / f"{module.rsplit('.', 1)[1]}.py").read_text(encoding="utf-8")
        missing += [
            f"{name} {option}"
            for option in re.findall(r'"(--[a-z][a-z-]*)"', source)
            if f"`{option}" not in page
        ]
    assert missing == []


def test_no_address_of_a_package_index_and_no_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not any(listed):
        listed = [str(path.relative_to(ROOT)) for path in PYTHON]
    forbidden = re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian|/root/|/home/[a-z]"
    )
    own = Path(__file__).name
    for name in listed:
        path = ROOT / name
        if not name or path.name == own or not path.is_file() or path.suffix in {".mp4", ".m4a"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not forbidden.search(text), f"{name} names a machine's path or an index"
