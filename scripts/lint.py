"""The rules of the house that a compiler does not know.

Run through scripts/lint.sh, whose --help lists the rules. A finding reads
`file:line: error: text [rule]`. The same line, or a comment line directly above,
may waive it with a reason: `// lint: allow(<rule>) <reason>`.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Callable

FLOORS = ("models", "messages", "actors", "runtime")
PURE = ("models", "messages", "actors")  # no clock, no threads, no chance
CPP = (".cpp", ".hpp")
TORCH_HOMES = ("models/neural/", "models/training/", "tests/models/neural/",
               "tests/models/training/", "tests/bench/tft.cpp",
               "runtime/neural/")
WARN_LINES, MAX_LINES = 400, 600


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern
    applies: Callable[[str], bool]  # path relative to the root -> bool
    text: str
    view: str = "code"  # "code", "includes" (code with literals) or "raw"


def cpp_in(*folders):
    return lambda path: path.endswith(CPP) and path.split("/")[0] in folders


def is_cmake(path):
    name = os.path.basename(path)
    return name in ("CMakeLists.txt", "CMakePresets.json") or name.endswith(".cmake")


def rule(name, pattern, applies, text, view="code"):
    return Rule(name, re.compile(pattern, re.MULTILINE), applies, text, view)


def include(path_pattern):
    return r'^[ \t]*#[ \t]*include[ \t]*[<"](?:\./)?' + path_pattern


in_floors = cpp_in(*FLOORS)
in_pure = cpp_in(*PURE)

# `[m]` and the like keep a pattern from matching its own text.
RULES = [
    rule("await", r"(?:\.|->)\s*await\s*\(", in_floors,
         "await strands urgent messages; use then and an explicit state"),
    rule("skip", r"\bcaf::skip\b|\bself\s*->\s*skip\b|\bskip_t\b"
         r"|\bset_default_handler\s*\(\s*skip\b|\breturn\s+skip\s*\(\s*\)",
         in_floors, "skip strands urgent messages; answer or drop and count"),
    rule("urgent-request", r"\brequest\s*<[^;(){}]*\bhigh\b", in_floors,
         "request drops its priority; send<high> with an acknowledgement"),
    rule("open-port", r"\bio::publish\b|\bpublish_local_groups\b|\badd_actor_type\b"
         r"|\badd_actor_factory\b|\bmiddleman\s*\(\s*\)\s*\.\s*(?:open|publish)\b",
         in_floors, "opens the node to peers without credentials; use runtime/cluster"),
    rule("registry", r"\bregistry\s*\(\s*\)\s*\.\s*put\b", in_floors,
         "whatever is in the registry can be reached by any peer"),
    rule("print-and-drop", r"\bprint_and_drop\b", in_floors,
         "unexpected messages are counted and logged, not printed"),
    rule("infinite", r"\bcaf::infinite\b|\brequest\s*\([^;]*?,\s*infinite\s*,",
         in_floors, "every wait outside tests has an end; use a named timeout"),
    rule("capture-all", r"\[\s*=\s*[,\]]", cpp_in("actors"),
         "captures by name: [=] hides that self is captured"),
    rule("error-enum-shim", include(r"caf/is_error_code_enum\.hpp"),
         cpp_in(*FLOORS, "tests"),
         "breaks CAF_ERROR_CODE_ENUM; the macro needs no include", "includes"),
    rule("clock", r"\b(?:system|steady|high_resolution|utc|tai|gps)_clock\s*::\s*now\b"
         r"|\bclock_gettime\b|\bgettimeofday\b|\bmake_timestamp\s*\("
         r"|(?:(?<![\w.>:])|\bstd::|(?<!\w)::)time\s*\(\s*(?:nullptr|NULL|0)\s*\)",
         in_pure, "time comes in as data, or from the actor clock"),
    rule("random", r"\brandom_device\b|\b[dlm]rand48\b|\bgetrandom\b|\bgetentropy\b"
         r"|\barc4random\w*|(?:(?<![\w.>:])|\bstd::|(?<!\w)::)s?rand\s*\(",
         in_pure, "chance comes from a seed that is passed in"),
    rule("thread", r"\bstd::(?:jthread|thread|async)\b|\bpthread_create\b"
         r"|\bthis_thread::(?:sleep\w*|yield)\b", in_pure,
         "threads and sleeps live in runtime/"),
    rule("floor", include(r"(?:messages|actors|runtime|tests)/"), cpp_in("models"),
         "models include nothing from the floors above", "includes"),
    rule("floor", include(r"(?:actors|runtime|tests)/"), cpp_in("messages"),
         "messages include nothing from the floors above", "includes"),
    rule("floor", include(r"(?:runtime|tests)/"), cpp_in("actors"),
         "actors include nothing from the floor above", "includes"),
    rule("floor", include(r"tests/"), cpp_in("runtime"),
         "the program includes nothing from tests", "includes"),
    rule("relative-include", include(r"\.\./"), cpp_in(*FLOORS, "tests"),
         "includes start at the root of the repository", "includes"),
    rule("torch", include(r"(?:torch|ATen|c10)/"),
         lambda p: p.endswith(CPP) and not p.startswith(TORCH_HOMES),
         "LibTorch stays inside models/neural, models/training and runtime/neural", "includes"),
    rule("fast-math", r"-ffas[t]-math|-Ofas[t]\b|-funsaf[e]-math-optimizations",
         is_cmake, "breaks NaN and makes results depend on the compiler"),
    rule("sleep", r"\bsleep_(?:for|until)\b|\bu?sleep\s*\(|\bnanosleep\b",
         cpp_in("tests"), "tests step the clock, they do not wait for it"),
    rule("machine-path", r"(?<![\w.$}/-])/(?:hom[e]|roo[t]|User[s]|wor[k])/\w",
         lambda p: True, "names a place on one machine", "raw"),
    rule("registry-host", r"https?://(?:registr[y]|de[b]|mirro[r]s?)\.\w",
         lambda p: True, "names a package registry", "raw"),
]
OTHER_RULES = {
    "no-caf": "models/neural and models/training reach nothing of CAF",
    "long-file": f"over {MAX_LINES} lines in a floor; over {WARN_LINES} is listed",
    "waiver": "a waiver names a rule, gives a reason and is needed",
}

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                                        # comments
    r'|(?:\b(?:u8|[uUL]))?R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                                      # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",                     # characters
    re.DOTALL)
WAIVER = re.compile(r"lint:\s*allow\(([\w-]*)\)[ \t]*([^\n]*)")


def blank(text):
    """The same shape, so that offsets and lines stay what they were."""
    return re.sub(r"[^\n]", " ", text)


def views(path, raw):
    """What each kind of rule sees of a file."""
    if path.endswith(CPP):
        def strip(literals):
            def replace(match):
                token = match.group(0)
                comment = token.startswith(("//", "/*"))
                return blank(token) if comment or literals else token
            return TOKEN.sub(replace, raw)
        # The path of an include looks like a string, hence a view that keeps them.
        return {"code": strip(literals=True), "includes": strip(literals=False),
                "raw": raw}
    if is_cmake(path):
        code = re.sub(r"#[^\n]*", lambda m: blank(m.group(0)), raw)
        return {"code": code, "includes": code, "raw": raw}
    return {"code": raw, "includes": raw, "raw": raw}


class Waivers:
    """The waivers of one file, by line; each has to be used."""

    def __init__(self, path, raw, report):
        self.path, self.report, self.unused = path, report, {}
        known = {r.name for r in RULES} | set(OTHER_RULES)
        lines = raw.splitlines()
        for number, line in enumerate(lines, 1):
            for name, reason in WAIVER.findall(line):
                if name not in known:
                    report(path, number, "waiver", f"there is no rule '{name}'")
                elif not re.search(r"\w", reason):
                    report(path, number, "waiver", f"allow({name}) needs a reason")
                else:
                    self.unused[(number, name)] = line
        self.used = set()

    def cover(self, number, name):
        if (number, name) in self.unused:
            self.used.add((number, name))
            return True
        above = self.unused.get((number - 1, name), "")
        if above.lstrip().startswith(("//", "/*", "#")):
            self.used.add((number - 1, name))
            return True
        return False

    def report_unused(self):
        for number, name in sorted(set(self.unused) - self.used):
            self.report(self.path, number, "waiver", f"allow({name}) waives nothing")


def check_file(root, path, report, warn):
    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            raw = file.read()
    except (UnicodeDecodeError, FileNotFoundError):
        return  # a binary, or deleted but still tracked
    seen = views(path, raw)
    # A document may quote a waiver.
    waivers = Waivers(path, "" if path.endswith(".md") else raw, report)
    for entry in RULES:
        if not entry.applies(path):
            continue
        for match in entry.pattern.finditer(seen[entry.view]):
            number = raw.count("\n", 0, match.start()) + 1
            if not waivers.cover(number, entry.name):
                report(path, number, entry.name, entry.text)
    lines = raw.count("\n")
    if path.endswith(CPP + (".js", ".css")) and path.split("/")[0] in FLOORS:
        if lines > MAX_LINES:
            if not waivers.cover(1, "long-file"):
                report(path, lines, "long-file",
                       f"{lines} lines; the limit is {MAX_LINES}, look for the seam")
        elif lines > WARN_LINES:
            warn(path, lines, "long-file", f"{lines} lines; over {WARN_LINES}")
    waivers.report_unused()


INCLUDE = re.compile(include(r'([^">]+)'), re.MULTILINE)


class Includes:
    """What the files of a tree include, directly or through others."""

    def __init__(self, root):
        self.root, self.known, self.found = root, {}, {}

    def of(self, path):
        """Pairs of a line and a name."""
        if path not in self.known:
            try:
                with open(os.path.join(self.root, path), encoding="utf-8") as file:
                    text = views(path, file.read())["includes"]
            except (UnicodeDecodeError, FileNotFoundError):
                text = ""
            self.known[path] = [(text.count("\n", 0, m.start(1)) + 1, m.group(1))
                                for m in INCLUDE.finditer(text)]
        return self.known[path]

    def reaches(self, path, start):
        """Whether `path` or what it includes is below `start`."""
        if path.startswith(start):
            return True
        if path not in self.found:
            self.found[path] = False  # also where includes go round
            self.found[path] = any(self.reaches(name, start)
                                   for _, name in self.of(path))
        return self.found[path]


def check_no_caf(root, files, report):
    includes = Includes(root)
    for path in files:
        if not path.endswith(CPP) or not path.startswith(
                ("models/neural/", "models/training/")):
            continue
        for line, name in includes.of(path):
            if includes.reaches(name, "caf/"):
                report(path, line, "no-caf",
                       f"{name} brings CAF into the library of models")


def list_files(root):
    """Tracked and new files of a git tree, or all files of a plain folder."""
    if os.path.exists(os.path.join(root, ".git")):
        listing = subprocess.run(
            ["git", "-C", root, "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], capture_output=True, text=True, check=True)
        names = listing.stdout.split("\0")[:-1]
    else:
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, found in os.walk(root) for name in found]
    # Golden vectors are data: large, and nothing in them is ours to phrase.
    return sorted({n for n in names if not n.startswith("tests/golden/")})


def main(argv):
    if argv[1:] == ["--rules"]:
        texts = {r.name: r.text for r in reversed(RULES)} | OTHER_RULES
        for name in dict.fromkeys([r.name for r in RULES] + list(OTHER_RULES)):
            print(f"  {name:17}{texts[name]}")
        return 0
    root = argv[1]
    errors = []

    def report(path, line, name, text):
        errors.append(name)
        print(f"{path}:{line}: error: {text} [{name}]")

    def warn(path, line, name, text):
        print(f"{path}:{line}: warning: {text} [{name}]")

    files = list_files(root)
    for path in files:
        check_file(root, path, report, warn)
    check_no_caf(root, files, report)
    print(f"lint: {len(files)} files, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
