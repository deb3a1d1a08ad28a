"""The servers that the scenarios run against, and clients for them.

Every scenario is written once. `target` names where it runs: "embedded" is `muster serve`,
"ministack" an emulator that we did not write. Where they differ a scenario says so by
`target`, and docs/EMULATORS.md says why.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ["embedded", "ministack"]
PATIENCE = 60


def wait_for(condition, what, patience=PATIENCE):
    """Asks until the answer is true, and gives it."""
    deadline = time.monotonic() + patience
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {patience} s")
        time.sleep(0.02)


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url, token=None):
    request = urllib.request.Request(url)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Serve:
    """One `muster serve`. `endpoint` is the line of JSON that it prints."""

    def __init__(self, binary, data=None, port=None, aws_endpoint=None, env=None):
        command = [str(binary), "serve"]
        command += ["--data", str(data)] if data else []
        command += ["--port", str(port)] if port else []
        command += ["--aws-endpoint", aws_endpoint] if aws_endpoint else []
        env = {**os.environ, **(env or {})}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"muster serve ended with {self.process.wait()}")
        self.endpoint = json.loads(line)

    def stop(self):
        """Asks it to end. What it ended with."""
        stop(self.process)
        self.process.stdout.close()
        return self.process.returncode

    def kill(self):
        """As kill -9 does it: nothing is told."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Ministack:
    """One ministack; `prepared` with the bucket and the queue that `muster serve` would have."""

    def __init__(self, prepared=True):
        port = free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="ministack-")
        env = {
            **os.environ,
            "AUTH": "true",
            # The keys that it takes, whatever ours are.
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "LOG_LEVEL": "WARNING",
            "S3_DATA_DIR": self.folder.name,
            "STATE_DIR": self.folder.name,
            "TMPDIR": self.folder.name,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: self.is_up(self.url), "ministack")
            self.endpoint = self.prepare(self.url) if prepared else None
        except BaseException:
            self.stop()
            raise

    def is_up(self, url):
        if self.process.poll() is not None:
            raise RuntimeError(f"ministack ended with {self.process.returncode}")
        return answers(f"{url}/_ministack/health")

    def prepare(self, url):
        endpoint = {
            "s3": url,
            "sqs": url,
            "region": "us-east-1",
            "access_key_id": "test",
            "secret_access_key": "test",
            "bucket": "muster-rosters",
            "queues": {},
        }
        sqs, s3 = client("sqs", endpoint), client("s3", endpoint)
        # As on AWS, the queue must let S3 in.
        arn = "arn:aws:sqs:us-east-1:000000000000:muster-intake"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = sqs.create_queue(QueueName="muster-intake", Attributes={"Policy": policy})
        endpoint["queues"]["muster-intake"] = made["QueueUrl"]
        s3.create_bucket(Bucket=endpoint["bucket"])
        s3.put_bucket_notification_configuration(
            Bucket=endpoint["bucket"],
            NotificationConfiguration={
                "QueueConfigurations": [
                    {
                        "QueueArn": arn,
                        "Events": ["s3:ObjectCreated:*"],
                    }
                ]
            },
        )
        return endpoint

    def stop(self):
        # It has nothing to lose, and would wait for polls that nobody waits for.
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def client(service, endpoint, **changes):
    """A boto3 client. `changes` replace what the endpoint says."""
    settings = {
        "endpoint_url": endpoint["s3" if service == "s3" else "sqs"],
        "region_name": endpoint["region"],
        "aws_access_key_id": endpoint["access_key_id"],
        "aws_secret_access_key": endpoint["secret_access_key"],
        "config": Config(
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path"},
            retries={"mode": "standard", "total_max_attempts": 1},
            proxies={},
        ),
        **changes,
    }
    return boto3.client(service, **settings)


@pytest.fixture(scope="session")
def muster():
    """The binary."""
    binary = Path(os.environ.get("MUSTER_BIN", ROOT / "target" / "debug" / "muster"))
    if not binary.exists():
        pytest.fail(f"build it first: cargo build -p muster ({binary} is not there)")
    return binary


@pytest.fixture(scope="session")
def embedded(muster):
    server = Serve(muster)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ministack():
    server = Ministack()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=TARGETS)
def target(request):
    """Where a scenario runs."""
    return request.param


@pytest.fixture(scope="session")
def endpoint(target, request):
    return request.getfixturevalue(target).endpoint


@pytest.fixture(scope="session")
def s3(endpoint):
    return client("s3", endpoint)


@pytest.fixture(scope="session")
def sqs(endpoint):
    return client("sqs", endpoint)


@pytest.fixture(scope="session")
def bucket(endpoint):
    return endpoint["bucket"]


@pytest.fixture
def key():
    """A key that no other test uses."""
    return f"rosters/test/{uuid.uuid4()}.csv"
