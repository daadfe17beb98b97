"""Every sentence in which the station may speak to its kiosk, read out of the station's source.

A sentence is a text or an f-string that goes into a KnownError, into a refusal or into a fault of
the settings, or that ends with a full stop. What is filled in becomes {0}, {1} and so on.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SPEAKING = ("config", "drivers", "station")
# What these say stands on a terminal, in a log or goes to the CDC: no kiosk hears it.
_ELSEWHERE = (
    "config/editing.py",
    "station/__main__.py",
    "station/cdc/",
    "station/commands/",
    "station/core/anatomy.py",
    "station/core/audit.py",
    "station/core/estimation.py",
    "station/core/linearity.py",
    "station/core/swept_source.py",
    "station/estimation/",
    "station/evaluation/",
    "station/ledger/adding.py",
    "station/ledger/copies.py",
    "station/ledger/identities.py",
    "station/ledger/joining.py",
    "station/ledger/trail.py",
    "station/ledger/trail_proof.py",
    "station/pki/",
    "station/reporting/payload.py",
    "station/reporting/schema.py",
    "station/runtime/bridge.py",
    "station/runtime/bridge_client.py",
    "station/runtime/bridge_frames.py",
    "station/service/certificates.py",
    "station/service/scarcity.py",
    "station/service/supervisor.py",
    "station/service/units.py",
    "station/vision/",
)
# Their sentences are put together of parts, none of which has a full stop.
_IN_PARTS = (
    "config/",
    "station/core/room.py",
    "station/reporting/tls.py",
)
# What simulated devices refuse reaches the kiosk as the end of one of the station's sentences.
_OBEYING = (
    "simulators/commands.py",
    "simulators/faults.py",
    "simulators/hub.py",
    "simulators/models/fluke418x.py",
    "simulators/models/plugging.py",
    "simulators/serve/control.py",
)
_TOLD = {"CommandRefused", "ConfigError", "VersionError", "_refuse_faults"}
_WITH_REFUSAL = {"CaseRefused", "SignInRefused"}
_UNHEARD = re.compile(r"debug|info|warning|error|critical|exception|compile|\w+(Error|Warning)")
_FILLED = re.compile(r"\{[^{}]*\}")


def sentences() -> dict[str, str]:
    """Return each sentence with the file that says it."""
    paths = (path for folder in _SPEAKING for path in sorted((ROOT / folder).rglob("*.py")))
    places = {path.relative_to(ROOT).as_posix(): path for path in paths}
    trees = {
        place: ast.parse(path.read_text("utf-8"))
        for place, path in places.items()
        if not place.startswith(_ELSEWHERE)
    }
    errors = _kinds_of("KnownError", trees.values())
    found: dict[str, str] = {}
    for place, tree in trees.items():
        for text in _Said(tree, errors, in_parts=place.startswith(_IN_PARTS)).texts():
            found.setdefault(text, place)
    return found


def refusals() -> set[str]:
    """Return each sentence in which simulated devices refuse what they are told."""
    found: set[str] = set()
    for place in _OBEYING:
        tree = ast.parse((ROOT / place).read_text("utf-8"))
        texts = [_text(part, {}) for node in ast.walk(tree) for part in _refused(node)]
        found |= {text for text in texts if text is not None}
    return found


def _refused(node: ast.AST) -> Iterable[ast.AST]:
    """Return what is said where something is refused: by an error, or as an answer's error."""
    if isinstance(node, ast.Call) and _name(node.func) == "ValueError":
        return node.args
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [
            value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "error"
        ]
    return ()


def _kinds_of(root: str, trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of a class and of all that come from it."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, count = {root}, 0
    while len(found) > count:
        count = len(found)
        found |= {one.name for one in classes if {_name(base) for base in one.bases} & found}
    return found


class _Said:
    """What one file says."""

    def __init__(self, tree: ast.Module, errors: set[str], *, in_parts: bool) -> None:
        self._tree = tree
        self._errors = errors
        self._in_parts = in_parts
        self._parents = {
            child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
        }
        self._constants = _constants(tree)

    def texts(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            text = _text(node, self._constants)
            if text is not None and self._is_said(node, text):
                yield text

    def _is_said(self, node: ast.AST, text: str) -> bool:
        parent = self._parents[node]
        if isinstance(parent, ast.JoinedStr | ast.FormattedValue | ast.Expr):
            return False
        if not re.search("[A-Za-z]", _FILLED.sub("", text)):
            return False
        is_phrase = " " in text.strip()
        call = self._call_around(node)
        if call is not None:
            name = _name(call.func)
            if name in _WITH_REFUSAL:
                return _name(call.args[0]) == "OTHER"
            if name in {*self._errors, *_TOLD, "__init__"}:
                return is_phrase or text.endswith(".")
            if _UNHEARD.fullmatch(name):
                return False
        return is_phrase and (self._in_parts or text.rstrip().endswith("."))

    def _call_around(self, node: ast.AST) -> ast.Call | None:
        """Return the call that the text is an argument of, if any."""
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
            if isinstance(node, ast.Call):
                return node
        return None


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that have a name, as far as a name stands for one text only."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            found.setdefault(node.targets[0].id, set()).add(value if isinstance(value, str) else "")
    return {name: texts.pop() for name, texts in found.items() if len(texts) == 1 and all(texts)}


def _text(node: ast.AST, constants: Mapping[str, str]) -> str | None:
    """Return a text with its places numbered; a named text stands where its name did."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = [node.value]
    elif isinstance(node, ast.JoinedStr):
        parts = [_part(part, constants) for part in node.values]
    else:
        return None
    places = iter(range(len(_FILLED.findall("".join(parts)))))
    return _FILLED.sub(lambda _: f"{{{next(places)}}}", "".join(parts))


def _part(node: ast.expr, constants: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.FormattedValue):
        return constants.get(_name(node.value), "{}")
    return "{}"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
