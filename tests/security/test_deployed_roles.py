"""What each process may do on AWS: deploy/terraform's policies before a server that enforces them.

Every cell of the table is tried, what must succeed and what must not, by our own adapter. Deleting
alone is tried by another client: ours sends `DeleteObjects`, which S3 checks key by key and moto by
the bucket, whereas both check `DeleteObject` alike; the right is the same one.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from obstore.exceptions import GenericError, PermissionDeniedError

from armarium.adapters.blobs import S3Blobs
from armarium.adapters.blobs.lent import lent_keys
from armarium.adapters.secrets.aws import AwsSecrets
from armarium.ports.secrets import SecretsUnavailable
from tests.support.aws_roles import (
    BUCKET,
    PREFIX,
    PROCESSES,
    REGION,
    Cloud,
    Document,
    enforcing_cloud,
    policy_of,
)

SPACE = "0197f7a0-0000-7000-8000-000000000001"
THING = "0197f7a0-0000-7000-8000-000000000002"
KEYS = {
    "original": f"{SPACE}/{THING}.jpg",
    "incoming": f"{SPACE}/incoming/{THING}",
    "crop": f"{SPACE}/crops/{THING}.jpg",
    "thumbnail": f"{SPACE}/thumbnails/{THING}-512.webp",
    "archive": f"archives/{SPACE}/{THING}.zip",
    "import": f"imports/{SPACE}/{THING}",
    "upload": f"catalogues/uploads/{THING}",
    "reference": f"catalogues/{THING}/0badcafe.jpeg",
}
EVERYTHING = set(KEYS)
PICTURES = {"original", "incoming", "crop", "thumbnail"}
MAY: Mapping[str, Mapping[str, set[str]]] = {
    "api": {
        "put": {"original", "incoming", "thumbnail", "import", "upload"},
        "get": EVERYTHING,
        "delete": EVERYTHING - {"archive"},
        "list": {"bucket"},
    },
    "photo-worker": {"put": {"crop", "thumbnail"}, "get": PICTURES, "delete": set(), "list": set()},
    "worker": {
        "put": {"original", "crop", "archive", "upload", "reference"},
        "get": EVERYTHING,
        "delete": EVERYTHING,
        "list": {"bucket"},
    },
    "migrator": {"put": set(), "get": set(), "delete": set(), "list": set()},
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with enforcing_cloud() as cloud:
        yield cloud


async def what_it_may(cloud: Cloud, credentials: Mapping[str, str]) -> dict[str, set[str]]:
    """The table of one process, found by trying."""
    s3 = cloud.client("s3", credentials)
    owner, blobs = S3Blobs(cloud.blobs(cloud.admin)), S3Blobs(cloud.blobs(credentials))
    may: dict[str, set[str]] = {"put": set(), "get": set(), "delete": set(), "list": set()}
    for name, key in KEYS.items():
        await owner.put(key, b"a picture")
        with suppress(PermissionDeniedError):
            assert await blobs.get(key) == b"a picture"
            may["get"].add(name)
        with suppress(PermissionDeniedError):
            await blobs.put(key, b"another")
        if await owner.get(key) == b"another":
            may["put"].add(name)
        with suppress(ClientError):
            s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{key}")
            may["delete"].add(name)
    await owner.put(KEYS["original"], b"a picture")
    try:
        assert [found async for found in blobs.list("")]
        may["list"].add("bucket")
    except GenericError as refused:  # the one error that obstore has for a refused list
        assert "AccessDenied" in str(refused)  # noqa: PT017  # the other way out is success
    return may


@pytest.mark.parametrize("process", PROCESSES)
async def test_each_process_may_do_what_it_does_and_no_more(cloud: Cloud, process: str) -> None:
    assert await what_it_may(cloud, cloud.assume(process)) == MAY[process]
    # The adapter looks at what it has written.
    assert MAY[process]["put"] <= MAY[process]["get"]


async def test_a_process_needs_no_keys_of_its_own(cloud: Cloud) -> None:
    """What AWS lends by the role signs the store's calls; the server checks each signature."""
    lent = boto3.Session(**cloud.assume("photo-worker"))
    nameless = replace(cloud.blobs(cloud.admin), access_key_id="", secret_access_key="")
    blobs = S3Blobs(nameless, lent_keys=lent_keys(session=lent))
    await blobs.put(KEYS["crop"], b"a crop")
    assert await blobs.get(KEYS["crop"]) == b"a crop"
    with pytest.raises(PermissionDeniedError):
        await blobs.put(KEYS["original"], b"another")


async def test_a_policy_that_gives_too_much_is_seen(cloud: Cloud) -> None:
    """The table can fail: the same trial, with a wider line planted."""
    planted = policy_of("photo-worker")
    planted["Statement"][1]["Resource"] = f"arn:aws:s3:::{BUCKET}/{PREFIX}/*"
    found = await what_it_may(cloud, cloud.assume("photo-worker", planted))
    assert found["put"] == EVERYTHING
    assert found != MAY["photo-worker"]


@pytest.mark.parametrize("process", ["api", "worker"])
async def test_a_large_stream_goes_up_in_parts_and_a_broken_one_leaves_none(
    cloud: Cloud, process: str
) -> None:
    blobs = S3Blobs(cloud.blobs(cloud.assume(process)))
    key = KEYS["import" if process == "api" else "archive"]

    async def parts(*, breaks: bool) -> AsyncIterator[bytes]:
        for _ in range(7):
            yield b"x" * 1_000_000
        if breaks:
            raise RuntimeError("the sender went away")

    assert (await blobs.put(key, parts(breaks=False))).size == 7_000_000
    with pytest.raises(RuntimeError):
        await blobs.put(key, parts(breaks=True))
    assert "Uploads" not in cloud.client("s3").list_multipart_uploads(Bucket=BUCKET)


Act = Callable[[Cloud, Mapping[str, str]], Any]


def by(service: str, act: str, **arguments: Any) -> Act:
    return lambda cloud, who: getattr(cloud.client(service, who), act)(**arguments)


PUBLIC = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{BUCKET}/*",
}
FORBIDDEN: Mapping[str, Act] = {
    "make the bucket public by policy": by(
        "s3",
        "put_bucket_policy",
        Bucket=BUCKET,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]}),
    ),
    "make the bucket public by list": by("s3", "put_bucket_acl", Bucket=BUCKET, ACL="public-read"),
    "lift the block of public access": by("s3", "delete_public_access_block", Bucket=BUCKET),
    "loosen the block of public access": by(
        "s3",
        "put_public_access_block",
        Bucket=BUCKET,
        PublicAccessBlockConfiguration={"BlockPublicAcls": False},
    ),
    "make a picture public": by(
        "s3", "put_object_acl", Bucket=BUCKET, Key=f"{PREFIX}/{KEYS['archive']}", ACL="public-read"
    ),
    "take the encryption away": by("s3", "delete_bucket_encryption", Bucket=BUCKET),
    "stop keeping versions": by(
        "s3",
        "put_bucket_versioning",
        Bucket=BUCKET,
        VersioningConfiguration={"Status": "Suspended"},
    ),
    "drop the bucket": by("s3", "delete_bucket", Bucket=BUCKET),
    "see other buckets": by("s3", "list_buckets"),
    "write outside the folder": by("s3", "put_object", Bucket=BUCKET, Key="elsewhere", Body=b"x"),
    "give itself more": by(
        "iam", "put_role_policy", RoleName="armarium-api", PolicyName="more", PolicyDocument="{}"
    ),
    "make a key": by("iam", "create_access_key", UserName="administrator"),
    "list the secrets": by("secretsmanager", "list_secrets"),
    "change a secret": by(
        "secretsmanager", "put_secret_value", SecretId="armarium/api", SecretString=json.dumps({})
    ),
    "delete the key": lambda cloud, who: cloud.client("kms", who).schedule_key_deletion(
        KeyId=cloud.key_arn, PendingWindowInDays=7
    ),
    "see the keys": by("kms", "list_keys"),
    "become another process": by(
        "sts",
        "assume_role",
        RoleArn="arn:aws:iam::123456789012:role/armarium-migrator",
        RoleSessionName="two",
    ),
}


def trespasses(cloud: Cloud, credentials: Mapping[str, str], process: str) -> set[str]:
    """What it could do of what nobody should."""
    done: set[str] = set()
    others = {
        f"read the secret of {other}": by(
            "secretsmanager", "get_secret_value", SecretId=f"armarium/{other}"
        )
        for other in PROCESSES
        if other != process
    }
    for name, act in {**FORBIDDEN, **others}.items():
        try:
            act(cloud, credentials)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status != 403:
                done.add(f"{name} ({status})")
        else:
            done.add(name)
    return done


@pytest.mark.parametrize("process", PROCESSES)
def test_nobody_opens_the_bucket_nor_reads_what_is_not_theirs(cloud: Cloud, process: str) -> None:
    assert trespasses(cloud, cloud.assume(process), process) == set()


async def test_each_trespass_is_seen_when_somebody_may(cloud: Cloud) -> None:
    """The trial can fail: nothing of it is refused to who may do everything."""
    await S3Blobs(cloud.blobs(cloud.admin)).put(KEYS["archive"], b"an archive")
    others = {f"read the secret of {other}" for other in PROCESSES if other != "photo-worker"}
    seen = trespasses(cloud, cloud.admin, "photo-worker")
    cloud.client("s3").delete_bucket_policy(Bucket=BUCKET)
    assert {re.sub(r" \(\d+\)$", "", each) for each in seen} == {*FORBIDDEN, *others}


def test_a_line_too_many_in_a_policy_is_seen(cloud: Cloud) -> None:
    planted = policy_of("photo-worker")
    line = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    planted["Statement"].append(line)
    seen = trespasses(cloud, cloud.assume("photo-worker", planted), "photo-worker")
    assert seen == {f"read the secret of {other}" for other in PROCESSES if other != "photo-worker"}


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_reads_its_own_settings_by_name(cloud: Cloud, process: str) -> None:
    client = cloud.client("secretsmanager", cloud.assume(process))
    assert AwsSecrets(client=client).read(f"armarium/{process}").current == {}
    other = "migrator" if process != "migrator" else "api"
    with pytest.raises(SecretsUnavailable):
        AwsSecrets(client=client).read(f"armarium/{other}")


def statements(process: str) -> list[Document]:
    return policy_of(process)["Statement"]


def loose(statement: Document) -> list[str]:
    """What is wide in a statement: a verb or a place with nothing before its star."""
    actions, places = (
        [value] if isinstance(value, str) else value
        for value in (statement["Action"], statement["Resource"])
    )
    wide = [action for action in actions if not re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action)]
    wide += [place for place in places if place == "*" or place.startswith("arn:aws:s3:::*")]
    if any(action.startswith("kms:") for action in actions):
        services = statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", [])
        named = {services} if isinstance(services, str) else set(services)
        allowed = {f"{each}.{REGION}.amazonaws.com" for each in ("s3", "secretsmanager")}
        if not named or not named <= allowed:
            wide.append("kms without kms:ViaService")
    return wide


@pytest.mark.parametrize("process", PROCESSES)
def test_policies_name_each_verb_and_the_key_only_through_its_services(process: str) -> None:
    """What the server can't enforce (conditions) is read in the document itself."""
    assert [loose(statement) for statement in statements(process)] == [
        [] for _ in statements(process)
    ]
    assert all(statement["Effect"] == "Allow" for statement in statements(process))


def test_a_loose_statement_is_seen() -> None:
    key = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "KEY"}
    assert loose(key) == ["kms without kms:ViaService"]
    assert loose({**key, "Action": "s3:Get*"}) == ["s3:Get*"]
    assert loose({**key, "Action": ["s3:GetObject"], "Resource": ["*"]}) == ["*"]
    elsewhere = {"StringEquals": {"kms:ViaService": "ec2.eu-central-1.amazonaws.com"}}
    assert loose({**key, "Condition": elsewhere})
