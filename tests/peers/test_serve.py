"""`muster serve` as whoever starts it sees it."""

import contextlib
import json
import signal
import stat
import subprocess
import threading

import pytest
from botocore.exceptions import BotoCoreError
from conftest import Serve, answers, client, free_port

WORKING = ["muster-intake", "muster-batch-lane", "muster-refusals", "muster-email"]


@pytest.fixture
def serve(muster):
    """Starts any number, and ends what is left of them."""
    started = []

    def start(**arguments):
        started.append(Serve(muster, **arguments))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


def test_the_line_says_where_everything_is(serve, tmp_path):
    data = tmp_path / "data"
    endpoint = serve(data=data).endpoint
    for face in ["gateway", "s3", "sqs"]:
        assert endpoint[face].startswith("http://127.0.0.1:")
    assert endpoint["region"] == "us-east-1"
    assert endpoint["bucket"] == "muster-rosters"
    assert len(endpoint["secret_access_key"]) == 40
    assert set(endpoint["queues"]) >= {*WORKING, *(f"{name}-dlq" for name in WORKING)}
    assert answers(f"{endpoint['gateway']}/health", endpoint["token"])
    assert not answers(f"{endpoint['gateway']}/health"), "nothing is told without a token"

    file = data / "endpoint.json"
    assert json.loads(file.read_text()) == endpoint
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    sqs = client("sqs", endpoint)
    for name in WORKING:
        asked = sqs.get_queue_attributes(
            QueueUrl=endpoint["queues"][name], AttributeNames=["RedrivePolicy"]
        )
        policy = json.loads(asked["Attributes"]["RedrivePolicy"])
        assert policy["deadLetterTargetArn"].endswith(f":{name}-dlq")
        assert int(policy["maxReceiveCount"]) == 3


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_clean_stop_leaves_nothing_behind(serve, tmp_path, how):
    kept = serve(data=tmp_path / "data")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    passing = serve(env={"TMPDIR": str(temporary)})
    assert len(list(temporary.iterdir())) == 1
    for server in [kept, passing]:
        server.process.send_signal(how)
        assert server.process.wait() == 0
    assert not (tmp_path / "data" / "endpoint.json").exists()
    assert list(temporary.iterdir()) == []


def test_a_waiting_poll_does_not_hold_the_stop(serve):
    server = serve()
    sqs = client("sqs", server.endpoint)
    queue = server.endpoint["queues"]["muster-email-dlq"]

    def poll():
        # The stop may come before the request does.
        with contextlib.suppress(BotoCoreError):
            sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)

    waiting = threading.Thread(target=poll)
    waiting.start()
    assert server.stop() == 0
    waiting.join()


def test_a_second_process_does_not_share_a_folder(serve, muster, tmp_path):
    first = serve(data=tmp_path)
    command = [muster, "serve", "--data", tmp_path]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stdout == ""
    assert "another process owns the data folder" in second.stderr
    assert json.loads((tmp_path / "endpoint.json").read_text()) == first.endpoint
    assert answers(f"{first.endpoint['gateway']}/health", first.endpoint["token"])


def test_after_a_kill_the_folder_is_free_and_nothing_is_lost(serve, tmp_path):
    first = serve(data=tmp_path)
    # Not one of the working queues: those have readers.
    sqs = client("sqs", first.endpoint)
    queue = sqs.create_queue(QueueName="of-nobody")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="kept")
    first.kill()
    assert (tmp_path / "endpoint.json").exists()

    second = serve(data=tmp_path)
    for secret in ["access_key_id", "secret_access_key", "token"]:
        assert second.endpoint[secret] == first.endpoint[secret]
    sqs = client("sqs", second.endpoint)
    queue = sqs.get_queue_url(QueueName="of-nobody")["QueueUrl"]
    received = sqs.receive_message(QueueUrl=queue)
    assert [message["Body"] for message in received["Messages"]] == ["kept"]


def test_the_gateways_port_can_be_chosen(serve, muster):
    port = free_port()
    assert serve(port=port).endpoint["gateway"] == f"http://127.0.0.1:{port}"
    command = [muster, "serve", "--port", str(port)]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert taken.returncode == 1
    assert "cannot listen" in taken.stderr


def test_an_endpoint_that_does_not_answer_ends_the_start(muster, tmp_path):
    nowhere = f"http://127.0.0.1:{free_port()}"
    command = [muster, "serve", "--data", tmp_path, "--aws-endpoint", nowhere]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "queues does not answer: no connection" in ended.stderr
    assert not (tmp_path / "endpoint.json").exists()
