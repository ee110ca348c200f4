"""The roles of deploy/terraform on a server that enforces them.

moto checks each call's signature, and its action and resource against the role's policies. It knows
no conditions and no `?`, so `as_moto_reads` takes the first away (a test of their own holds them)
and writes the second as the `.` of a regular expression, which moto matches with. Which secret is
asked for it finds only where told, by `_asked_secret`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import boto3
from moto import settings as moto_settings
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.server import ThreadedMotoServer

from armarium.adapters.blobs import S3Settings

POLICIES = Path(__file__).parents[2] / "deploy" / "terraform" / "modules" / "roles" / "policies"
PROCESSES = ("api", "photo-worker", "worker", "migrator")
REGION = "eu-central-1"
BUCKET = "pictures-of-roles"
PREFIX = "armarium"
ID = "????????-????-????-????-????????????"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
KEY = f"arn:aws:kms:{REGION}:123456789012:key/one"
SECRET = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:one"
Document = dict[str, Any]


def policy_of(process: str, *, key_arn: str = KEY, secret_arn: str = SECRET) -> Document:
    """The policy as Terraform's templatefile would fill it in."""
    text = (POLICIES / f"{process}.json").read_text()
    filled = Template(text).substitute(
        bucket_arn=f"arn:aws:s3:::{BUCKET}",
        objects=f"arn:aws:s3:::{BUCKET}/{PREFIX}",
        id=ID,
        key_arn=key_arn,
        secret_arn=secret_arn,
        region=REGION,
    )
    return json.loads(filled)


def as_moto_reads(document: Document) -> Document:
    """See above."""
    kept = [
        {name: value for name, value in statement.items() if name != "Condition"}
        for statement in document["Statement"]
    ]
    return json.loads(json.dumps({**document, "Statement": kept}).replace("?", "."))


@dataclass(frozen=True, slots=True)
class Cloud:
    """The server, with a bucket, a key, and for each process a secret and a role."""

    endpoint: str
    admin: Mapping[str, str]
    key_arn: str
    secrets: Mapping[str, str]

    def client(self, service: str, credentials: Mapping[str, str] | None = None) -> Any:
        """A client with somebody's credentials; the administrator's unless told."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            **(credentials or self.admin),
        )

    def assume(self, process: str, policy: Document | None = None) -> dict[str, str]:
        """Credentials of a process's role; `policy` stands in for its own."""
        document = policy or policy_of(
            process, key_arn=self.key_arn, secret_arn=self.secrets[process]
        )
        name = f"armarium-{process}"
        self.client("iam").put_role_policy(
            RoleName=name,
            PolicyName="what-it-does",
            PolicyDocument=json.dumps(as_moto_reads(document)),
        )
        arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{name}"
        given = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="one")["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def keys(self, process: str) -> dict[str, str]:
        """Settings of a house with a process's rights: keys that stay, in place of a role's."""
        iam, name = self.client("iam"), f"user-{process}"
        document = policy_of(process, key_arn=self.key_arn, secret_arn=self.secrets[process])
        iam.create_user(UserName=name)
        iam.put_user_policy(
            UserName=name,
            PolicyName="what-it-does",
            PolicyDocument=json.dumps(as_moto_reads(document)),
        )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "endpoint": self.endpoint,
            "region": REGION,
            "access_key": key["AccessKeyId"],
            "secret_key": key["SecretAccessKey"],
        }

    def blobs(self, credentials: Mapping[str, str]) -> S3Settings:
        """The bucket as our adapter sees it."""
        return S3Settings(
            bucket=BUCKET,
            prefix=PREFIX,
            region=REGION,
            endpoint=self.endpoint,
            access_key_id=credentials["aws_access_key_id"],
            secret_access_key=credentials["aws_secret_access_key"],
            session_token=credentials.get("aws_session_token", ""),
        )


@contextmanager
def enforcing_cloud() -> Iterator[Cloud]:
    """Everything made while nothing is checked yet; from then on every call is."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    before = moto_settings.INITIAL_NO_AUTH_ACTION_COUNT
    SecretsManagerResponse._determine_resource = _asked_secret
    try:
        _, port = server.get_host_and_port()
        cloud = _furnished(f"http://127.0.0.1:{port}")
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0
        yield cloud
    finally:
        moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = before
        del SecretsManagerResponse._determine_resource
        server.stop()
        for service in ("iam", "kms", "s3", "secretsmanager", "sts"):
            get_backend(service).reset()


def _asked_secret(response: Any) -> str:
    """The ARN of the secret that a request names by name or ARN; `*` when it names none."""
    named = response._get_param("SecretId")
    for secret in response.backend.secrets.values():
        if named in (secret.name, secret.arn):
            return secret.arn
    return "*"


def _furnished(endpoint: str) -> Cloud:
    bare = {"aws_access_key_id": "setup", "aws_secret_access_key": "setup"}
    cloud = Cloud(endpoint, bare, "", {})
    iam = cloud.client("iam")
    iam.create_user(UserName="administrator")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_user_policy(UserName="administrator", PolicyName="all", PolicyDocument=document)
    key = iam.create_access_key(UserName="administrator")["AccessKey"]
    for process in PROCESSES:
        iam.create_role(RoleName=f"armarium-{process}", AssumeRolePolicyDocument=json.dumps(TRUST))
    cloud.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    manager = cloud.client("secretsmanager")
    return Cloud(
        endpoint,
        {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        },
        cloud.client("kms").create_key()["KeyMetadata"]["Arn"],
        {
            process: manager.create_secret(Name=f"armarium/{process}", SecretString="{}")["ARN"]
            for process in PROCESSES
        },
    )
