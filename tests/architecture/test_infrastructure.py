"""deploy/terraform by itself; its check finds what is planted, and takes silence for nothing."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import infrastructure  # noqa: E402  # a program beside the package, not in it
from checks import Ending  # noqa: E402
from infrastructure import DEPLOY, filled_in, look, read_checkov, together  # noqa: E402

needs_checkov = pytest.mark.skipif(
    not (infrastructure.TOOLS / "bin" / "checkov").exists(),
    reason="no checkov: `make security` installs it",
)
COUNTS = {
    "passed": 5,
    "failed": 0,
    "skipped": 1,
    "parsing_errors": 0,
    "resource_count": 4,
    "checkov_version": "3.3.30",
}
FAILED = {
    "check_id": "CKV_AWS_20",
    "check_name": "S3 Bucket has an ACL defined which allows public READ access.",
    "file_path": "/main.tf",
    "file_line_range": [1, 3],
    "resource": "aws_s3_bucket.open",
}
OPEN_BUCKET = """
resource "aws_s3_bucket" "open" {
  bucket = "open"
}

resource "aws_s3_bucket_acl" "open" {
  bucket = aws_s3_bucket.open.id
  acl    = "public-read"
}
"""


def report(*failed: dict[str, object], **counts: int) -> str:
    """As checkov 3.3 prints it."""
    return json.dumps(
        {
            "check_type": "terraform",
            "results": {"failed_checks": list(failed)},
            "summary": {**COUNTS, "failed": len(failed), **counts},
        }
    )


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        (report(), Ending.OK),
        (report(FAILED), Ending.FOUND),
        (report(parsing_errors=1), Ending.NOT_RUN),
        (report(resource_count=0), Ending.NOT_RUN),
        (json.dumps({**COUNTS, "resource_count": 0}), Ending.NOT_RUN),
        ("", Ending.NOT_RUN),
        ("{}", Ending.NOT_RUN),
        ("Traceback (most recent call last):", Ending.NOT_RUN),
    ],
)
def test_a_file_that_nobody_could_read_is_not_clean(text: str, ending: Ending) -> None:
    """For such a file, and for an empty folder, checkov exits 0."""
    assert read_checkov(text, "exit 2").ending is ending


def test_a_finding_says_where_and_what() -> None:
    (finding,) = read_checkov(report(FAILED), "").findings
    assert finding.startswith("/main.tf:1 aws_s3_bucket.open: CKV_AWS_20 S3 Bucket has an ACL")


def test_the_worse_of_two_looks_counts() -> None:
    good, bad, absent = (
        read_checkov(text, "exit 2")
        for text in (report(), report(FAILED), report(parsing_errors=1))
    )
    assert together(good, good).ending is Ending.OK
    assert together(good, absent).ending is Ending.NOT_RUN
    assert together(absent, bad).ending is Ending.FOUND


def test_a_missing_tool_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(infrastructure, "TOOLS", tmp_path)
    assert look("terraform", "--directory", str(DEPLOY)).ending is Ending.NOT_RUN


@needs_checkov
def test_a_public_bucket_is_found(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(OPEN_BUCKET)
    outcome = look("terraform", "--directory", str(tmp_path))
    assert outcome.ending is Ending.FOUND
    found = "\n".join(outcome.findings)
    assert "CKV_AWS_20" in found  # public by its list
    assert "CKV2_AWS_6" in found  # no block of public access
    assert "CKV_AWS_145" in found  # no key of one's own


@needs_checkov
def test_a_role_that_may_too_much_is_found(tmp_path: Path) -> None:
    api = json.loads((DEPLOY / "modules/roles/policies/api.json").read_text())
    api["Statement"].append({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    (tmp_path / "api.json").write_text(json.dumps(api))
    document = tmp_path / "policies.template.json"
    document.write_text(json.dumps(filled_in([tmp_path / "api.json"])))
    outcome = look("cloudformation", "--file", str(document))
    assert outcome.ending is Ending.FOUND
    assert "CKV_AWS_109" in "\n".join(outcome.findings)


@needs_checkov
def test_a_broken_file_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "open" {')
    assert look("terraform", "--directory", str(tmp_path)).ending is Ending.NOT_RUN


def test_every_policy_can_be_filled_in() -> None:
    resources = filled_in(DEPLOY.glob("modules/*/policies/*.json"))["Resources"]
    assert set(resources) == {"Api", "PhotoWorker", "Worker", "Migrator", "Trust", "Bucket", "Key"}
    assert "${" not in json.dumps(resources)


def test_every_role_of_terraform_has_its_policy() -> None:
    text = (DEPLOY / "modules/roles/main.tf").read_text()
    match = re.search(r"processes = toset\(\[(.*?)\]\)", text)
    assert match is not None
    processes = set(re.findall(r'"([\w-]+)"', match[1]))
    policies = {file.stem for file in (DEPLOY / "modules/roles/policies").glob("*.json")}
    assert policies == processes | {"trust"}


def blocks(kind: str, file: Path) -> dict[str, str]:
    """The resources of a kind by name; `terraform fmt` puts each end at the margin."""
    found = re.findall(
        rf'^resource "{kind}" "(\w+)" {{\n(.*?)^}}', file.read_text(), re.MULTILINE | re.DOTALL
    )
    return dict(found)


def value(block: str, name: str) -> str | None:
    match = re.search(rf"^  {name} += (.+)$", block, re.MULTILINE)
    return match[1] if match else None


def test_who_reaches_whom_is_what_was_decided() -> None:
    """Visitors come to the edge, the edge to the API, the processes to the database: no more."""
    groups = DEPLOY / "modules/network/groups.tf"
    each, process = "each.value", 'aws_security_group.of["{}"].id'
    ways = {
        name: (
            value(block, "security_group_id"),
            value(block, "referenced_security_group_id") or value(block, "cidr_ipv4"),
            value(block, "for_each"),
            value(block, "from_port"),
            value(block, "to_port"),
        )
        for name, block in blocks("aws_vpc_security_group_ingress_rule", groups).items()
    }
    processes = f"aws_security_group.of[{each}].id"
    assert ways == {
        "visitors": (process.format("edge"), each, "toset(var.visitors)", "443", "443"),
        "api_from_edge": (
            process.format("api"),
            process.format("edge"),
            None,
            "var.api_port",
            "var.api_port",
        ),
        "database": (process.format("database"), processes, "local.processes", "5432", "5432"),
        "endpoints": (process.format("endpoints"), processes, "local.processes", "443", "443"),
    }
    assert 'processes = toset(["api", "photo-worker", "worker", "migrator"])' in groups.read_text()
    variables = (DEPLOY / "variables.tf").read_text()
    assert re.search(r'variable "visitors" {[^}]*default +=? \[\]', variables)
    for other in DEPLOY.rglob("*.tf"):
        text = other.read_text()
        assert other == groups or "security_group_ingress_rule" not in text, other
        assert not re.search(r"^\s*ingress\b|aws_security_group_rule", text, re.MULTILINE), other


def test_groups_are_described_in_letters_that_aws_takes() -> None:
    """It refuses an apostrophe, and only when the group is made."""
    text = (DEPLOY / "modules/network/groups.tf").read_text()
    match = re.search(r"groups = {(.*?)}", text, re.DOTALL)
    assert match is not None
    described = re.findall(r'= "(.+)"$', match[1] + text, re.MULTILINE)
    assert len(described) > 7
    assert all(re.fullmatch(r"[\w .:/()#,@\[\]+=&;{}!$*\"-]+", each) for each in described)


def test_nothing_in_the_network_gets_an_address_by_itself() -> None:
    network = DEPLOY / "modules/network/main.tf"
    assert value(blocks("aws_subnet", network)["public"], "map_public_ip_on_launch") == "false"
    assert value(blocks("aws_subnet", network)["private"], "map_public_ip_on_launch") is None
    assert blocks("aws_default_security_group", network) == {
        "nobody": "  vpc_id = aws_vpc.this.id\n"
    }


def test_each_region_sets_what_has_no_default() -> None:
    variables = (DEPLOY / "variables.tf").read_text()
    declared = dict(
        re.findall(r'^variable "(\w+)" {\n(.*?)^}', variables, re.MULTILINE | re.DOTALL)
    )
    needed = {name for name, block in declared.items() if "default" not in block}
    regions = list((DEPLOY / "regions").glob("*.tfvars"))
    assert len(regions) == 2
    for file in regions:
        given = dict(re.findall(r"^(\w+) += (.+)$", file.read_text(), re.MULTILINE))
        assert needed <= set(given) <= set(declared), file.name
        assert json.loads(given["region"]) == file.stem
        assert all(zone.startswith(file.stem) for zone in json.loads(given["zones"]))


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on this machine")
def test_terraform_would_write_it_no_other_way() -> None:
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-no-color", str(DEPLOY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
