"""The infrastructure check of `make security`: checkov over deploy/, without any network.

checkov can't fill in a template, so the policies, which stand in files of their own, are filled in
here with stand-ins and put before it as CloudFormation, which it reads whole.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import Any

from checks import ARTIFACTS, ROOT, Ending, Outcome, as_json, install, not_run, run, why

DEPLOY = ROOT / "deploy" / "terraform"
TOOLS = ROOT / ".tools" / "checkov"
PINS = ROOT / "scripts" / "checkov-tools.txt"
ACCOUNT = "123456789012"
STAND_INS = {
    "account": ACCOUNT,
    "bucket_arn": "arn:aws:s3:::pictures",
    "id": "????????-????-????-????-????????????",
    "key_arn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/one",
    "objects": "arn:aws:s3:::pictures/armarium",
    "partition": "aws",
    "region": "eu-central-1",
    "secret_arn": f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:armarium/one",
    "service": "ecs-tasks.amazonaws.com",
}
"""What Terraform would know; a variable that a template has besides makes the check not run."""


def infrastructure() -> Outcome:
    """Public buckets, missing encryption, roles that may too much, open doors in the network."""
    missing = install(TOOLS, PINS)
    if missing:
        return not_run(missing)
    try:
        policies = filled_in(DEPLOY.glob("modules/*/policies/*.json"))
    except (KeyError, ValueError) as error:
        return not_run(f"a policy cannot be filled in: {error!r}")
    file = ARTIFACTS / "policies.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(policies, indent=1) + "\n")
    return together(
        look("terraform", "--directory", str(DEPLOY)), look("cloudformation", "--file", str(file))
    )


def look(framework: str, *where: str) -> Outcome:
    """One run of checkov."""
    offline = ["--skip-download", "--download-external-modules", "false"]
    spoken = ["--framework", framework, "--compact", "--quiet", "--output", "json"]
    # A key in the environment would make it report to its maker's service.
    mine = {name: value for name, value in os.environ.items() if name != "BC_API_KEY"}
    done = run([str(TOOLS / "bin" / "checkov"), *where, *offline, *spoken], env=mine)
    return read_checkov(done.stdout, why(done))


def read_checkov(text: str, otherwise: str) -> Outcome:
    """What a report proves. checkov exits 0 for files that it cannot read, and for none at all."""
    report = as_json(text)
    if not isinstance(report, dict):
        return not_run(otherwise)
    # Where there is no file of its kind, the counts are all that it says.
    summary = report.get("summary", report)
    if "parsing_errors" not in summary:
        return not_run(otherwise)
    if summary["parsing_errors"]:
        return not_run(f"{summary['parsing_errors']} files cannot be read")
    if not summary["resource_count"]:
        return not_run("it looked at nothing")
    failed = tuple(
        f"{each['file_path']}:{each['file_line_range'][0]} {each['resource']}: "
        f"{each['check_id']} {each['check_name']}"
        for each in report["results"]["failed_checks"]
    )
    counts = f"{summary['resource_count']} resources, {summary['skipped']} checks waived"
    if failed:
        return Outcome(Ending.FOUND, f"{len(failed)} in {counts}", failed)
    return Outcome(Ending.OK, counts)


def together(*outcomes: Outcome) -> Outcome:
    """A finding outweighs what did not run, which outweighs success."""
    order = (Ending.FOUND, Ending.NOT_RUN, Ending.OK)
    ending = min((each.ending for each in outcomes), key=order.index)
    findings = tuple(finding for each in outcomes for finding in each.findings)
    return Outcome(ending, "; ".join(each.detail for each in outcomes), findings)


def filled_in(files: Iterable[Path]) -> dict[str, Any]:
    """The policies as a CloudFormation document.

    Raises:
        KeyError: when a template asks for what has no stand-in.
        ValueError: when there is none, or one is no JSON once it is filled in.
    """
    resources: dict[str, Any] = {}
    for file in sorted(files):
        document = json.loads(Template(file.read_text()).substitute(STAND_INS))
        resources[file.stem.title().replace("-", "")] = _carrier(file.stem, document)
    if not resources:
        raise ValueError("there are no policies")
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def _carrier(name: str, document: dict[str, Any]) -> dict[str, Any]:
    """The resource that carries such a policy."""
    if name == "bucket":
        properties = {"Bucket": "pictures", "PolicyDocument": document}
        return {"Type": "AWS::S3::BucketPolicy", "Properties": properties}
    if name == "key":
        properties = {"EnableKeyRotation": True, "KeyPolicy": document}
        return {"Type": "AWS::KMS::Key", "Properties": properties}
    if name == "trust":
        properties = {"AssumeRolePolicyDocument": document}
        return {"Type": "AWS::IAM::Role", "Properties": properties}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
