"""Look for weaknesses with every tool that can run here, and say which could not.

`make security` calls it; names of checks as arguments choose some. A check ends in one of three
ways, and the third is never taken for the first: `ok`, `FOUND`, `NOT RUN` (a tool or an advisory
database could not be reached). Exit status: 0 all ran and found nothing, 1 something was found,
3 nothing was found by those that ran, but not all did.

The tools live in an environment of their own (.tools/security, scripts/security-tools.txt): their
dependencies are not the product's, and `make test` stays as light as it was. checkov, which wants
other versions of what they share, has another (.tools/checkov, scripts/checkov-tools.txt).
"""

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from typing import Any

import build_web
from checks import (
    ARTIFACTS,
    ROOT,
    Ending,
    Outcome,
    as_json,
    found_or_ok,
    install,
    not_run,
    run,
    why,
)
from infrastructure import infrastructure

TOOLS = ROOT / ".tools" / "security"
BIN = TOOLS / "bin"
PINS = ROOT / "scripts" / "security-tools.txt"
BASELINE = ROOT / ".secrets.baseline"
WEB_LOCK = ROOT / "web" / "pnpm-lock.yaml"
OWN_NAME = "armarium"


def accepted_by_ruff(finding: dict[str, Any], ignores: dict[str, list[str]]) -> bool:
    """Whether a justification that Ruff reads stands at the line.

    Ruff's S rules are Bandit's by another letter (S608 is B608), so one written reason serves both.
    """
    rule = "S" + finding["test_id"].removeprefix("B")
    path = finding["filename"].removeprefix("./")
    if any(fnmatch(path, glob) and rule in rules for glob, rules in ignores.items()):
        return True
    lines = (ROOT / path).read_text().splitlines()
    first, last = min(finding["line_range"]), max(finding["line_range"])
    near = lines[max(0, first - 2) : last + 1]
    named = re.compile(rf"noqa: [A-Z0-9, ]*\b{rule}\b")
    whole = re.compile(rf"^# ruff: noqa: [A-Z0-9, ]*\b{rule}\b")
    return any(named.search(line) for line in near) or any(whole.match(line) for line in lines)


def bandit() -> Outcome:
    """Python that is dangerous as such."""
    done = run([str(BIN / "bandit"), "-q", "-f", "json", "-c", "pyproject.toml", "-r", *PYTHON])
    report = as_json(done.stdout)
    if report is None or report["errors"]:
        return not_run(why(done) if report is None else f"unreadable: {report['errors'][0]}")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ignores = settings["tool"]["ruff"]["lint"]["per-file-ignores"]
    return found_or_ok(
        (
            f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}"
            for each in report["results"]
            if not accepted_by_ruff(each, ignores)
        ),
        f"{len(report['metrics']) - 1} files",
    )


def semgrep() -> Outcome:
    """The rules of this house, .semgrep/; nothing is fetched and nothing reported."""
    command = [str(BIN / "semgrep"), "scan", "--config", ".semgrep", "--metrics", "off"]
    options = ["--disable-version-check", "--json", "--quiet", *PYTHON, "web/src"]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = run([*command, *options], env=environment)
    report = as_json(done.stdout)
    if report is None:
        return not_run(why(done))
    broken = [each for each in report["errors"] if each["level"] != "warn"]
    if broken:
        return not_run(f"incomplete: {broken[0].get('message', '')[:160]}")
    return found_or_ok(
        (
            f"{each['path']}:{each['start']['line']} {each['check_id']} {each['extra']['message']}"
            for each in report["results"]
        ),
        f"{len(report['paths']['scanned'])} files, {len(report['errors'])} of them in part",
    )


def secrets() -> Outcome:
    """Keys and passwords in tracked files, save those that .secrets.baseline names as examples."""
    if not BASELINE.exists():
        return not_run("there is no .secrets.baseline")
    known = as_json(BASELINE.read_text())
    tracked = run(["git", "ls-files", "-z"]).stdout.split("\0")
    skipped = re.compile("|".join(known["exclude"]))
    files = [name for name in tracked if name and not skipped.search(name)]
    # Each name of a detector that is switched off is written in the baseline with its reason.
    off = [part for name in known["disabled"] for part in ("--disable-plugin", name)]
    done = run([str(BIN / "detect-secrets"), "scan", *off, *files])
    report = as_json(done.stdout)
    if report is None:
        return not_run(why(done))
    examples = {(each["filename"], each["hashed_secret"]) for each in known["examples"]}
    return found_or_ok(
        (
            f"{name}:{each['line_number']} {each['type']} {each['hashed_secret']}"
            for name, listed in report["results"].items()
            for each in listed
            if (name, each["hashed_secret"]) not in examples
        ),
        f"{len(files)} files",
    )


def python_advisories() -> Outcome:
    """Known weaknesses of the installed Python packages."""
    packages = next((ROOT / ".venv" / "lib").glob("python*/site-packages"), None)
    if packages is None:
        return not_run("there is no .venv")
    spoken = ["--format", "json", "--progress-spinner", "off"]
    done = run([str(BIN / "pip-audit"), "--path", str(packages), *spoken])
    return read_pip_audit(done.stdout, why(done))


def read_pip_audit(text: str, otherwise: str) -> Outcome:
    """What pip-audit's report proves. It exits 0 for packages that it could not ask about."""
    report = as_json(text)
    if report is None:
        return not_run(otherwise)
    packages = report["dependencies"]
    weak = [
        f"{each['name']} {each['version']}: {hole['id']}, mended in {hole['fix_versions']}"
        for each in packages
        for hole in each.get("vulns", [])
    ]
    unasked = [
        each["name"] for each in packages if "skip_reason" in each and each["name"] != OWN_NAME
    ]
    if weak:
        return Outcome(Ending.FOUND, f"{len(weak)} in {len(packages)} packages", tuple(weak))
    if unasked or not packages:
        return not_run(f"no advisories could be had for {len(unasked)} of {len(packages)} packages")
    return Outcome(Ending.OK, f"{len(packages)} packages")


def web_advisories() -> Outcome:
    """Known weaknesses of the web app's packages, from npm's advisories, by pnpm's lock."""
    try:
        node = build_web.find_node()
    except build_web.BuildProblem as problem:
        return not_run(str(problem).splitlines()[0])
    pnpm = ["exec", "--yes", f"--package={build_web.PNPM}", "--", "pnpm", "audit", "--json"]
    done = run(
        [str(node.binary), str(node.npm_cli), *pnpm], cwd=ROOT / "web", env=node.environment()
    )
    return read_pnpm_audit(done.stdout, why(done))


def read_pnpm_audit(text: str, otherwise: str) -> Outcome:
    """What pnpm's report proves; an answer without the counts is an answer of a failure."""
    report = as_json(text)
    if not isinstance(report, dict) or "advisories" not in report or "metadata" not in report:
        return not_run(otherwise)
    count = report["metadata"].get("totalDependencies") or report["metadata"].get("dependencies")
    return found_or_ok(
        (
            f"{each['module_name']} {each['vulnerable_versions']}: {each['title']}"
            for each in report["advisories"].values()
        ),
        f"{count} packages",
    )


def workflows() -> Outcome:
    """What GitHub's workflows let a stranger's change do."""
    done = run([str(BIN / "zizmor"), "--offline", "--format", "json", ".github/workflows"])
    report = as_json(done.stdout)
    if report is None:
        return not_run(why(done))
    return found_or_ok(
        (
            f"{each['ident']}: {each['desc']}"
            for each in report
            if not each.get("ignored") and each["determinations"]["severity"] != "Informational"
        ),
        ".github/workflows",
    )


def sbom() -> Outcome:
    """Every package of the product and of its web app, artifacts/security/sbom.json (CycloneDX)."""
    command = [str(BIN / "cyclonedx-py"), "environment", "--pyproject", "pyproject.toml"]
    done = run([*command, "--of", "JSON", str(ROOT / ".venv")])
    document = as_json(done.stdout)
    if document is None:
        return not_run(why(done))
    python = len(document["components"])
    document["components"] += web_components(WEB_LOCK.read_text())
    (ARTIFACTS / "sbom.json").write_text(json.dumps(document, indent=1) + "\n")
    return Outcome(
        Ending.OK, f"{python} Python and {len(document['components']) - python} web packages"
    )


LOCKED = re.compile(r"^  '?(@?[^@'\s]+)@([^:'(]+)'?:\n    resolution:", re.MULTILINE)


def web_components(lock: str) -> list[dict[str, Any]]:
    """The packages of pnpm's lock as CycloneDX components."""
    made: list[dict[str, Any]] = []
    for name, version in LOCKED.findall(lock):
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        made.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        )
    return made


PYTHON = ("src", "scripts", "migrations")
CHECKS: dict[str, Callable[[], Outcome]] = {
    "bandit": bandit,
    "semgrep": semgrep,
    "secrets": secrets,
    "python advisories": python_advisories,
    "web advisories": web_advisories,
    "workflows": workflows,
    "infrastructure": infrastructure,
    "sbom": sbom,
}


def status_of(outcomes: Iterable[Outcome]) -> int:
    """The exit status: a finding outweighs a check that did not run, which outweighs success."""
    endings = {outcome.ending for outcome in outcomes}
    return 1 if Ending.FOUND in endings else 3 if Ending.NOT_RUN in endings or not endings else 0


def main(names: list[str]) -> int:
    """Run the named checks, or all."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        sys.exit(f"No check is called {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}.")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    missing = install(TOOLS, PINS) if set(names or CHECKS) - {"infrastructure"} else None
    outcomes: dict[str, Outcome] = {}
    lines: list[str] = []
    for name in names or CHECKS:
        begun = time.monotonic()
        outcome = not_run(missing) if missing else CHECKS[name]()
        outcomes[name] = outcome
        for finding in outcome.findings:
            print(f"{name}: {finding}", flush=True)
        seconds = time.monotonic() - begun
        lines.append(f"  {outcome.ending:8} {name:18} {seconds:6.1f} s  {outcome.detail}")
    print("\n=== security", *lines, sep="\n")
    absent = sum(outcome.ending is Ending.NOT_RUN for outcome in outcomes.values())
    if absent:
        print(f"\n{absent} of {len(outcomes)} checks did not run: they prove nothing.")
    (ARTIFACTS / "summary.json").write_text(
        json.dumps({name: [each.ending, each.detail] for name, each in outcomes.items()}, indent=1)
        + "\n"
    )
    return status_of(outcomes.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
