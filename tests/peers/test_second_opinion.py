"""The whole path, from a file on disk to a closed receipt, through an S3 and an SQS that we did not
write, and through our own: what becomes of every row must be the same.

Each story is told once and runs on both at the same time. What ministack does otherwise on the way
stands in docs/EMULATORS.md.
"""

import contextlib
import email
import email.policy
import json
import os
import subprocess
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import TARGETS, Ministack, Serve, client, free_port, wait_for

HEADER = (
    "employee_number,full_name,email,document,phone,birth_date,hire_date,department,job_title,"
    "manager_email,salary,language"
)
BLOCKED = "mailinator.com"
REGISTERED = ("registered", "notified")


def cpf(n):
    """A CPF whose check digits fit."""
    digits = [int(digit) for digit in f"{100_000_000 + 7 * n}"]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def roster(rows, blocked=()):
    """Invented people in canonical form, the e-mails of some in a domain that is refused."""
    lines = [HEADER]
    for n in range(1, rows + 1):
        name = "Pessoa " + chr(ord("A") + n // 26) + chr(ord("a") + n % 26)
        domain = BLOCKED if n in blocked else "example.com"
        lines.append(
            f"{n:06},{name},pessoa{n}@{domain},{cpf(n)},+5511987654321,1990-04-23,2026-12-01,"
            "Vendas,Analista,,5400.00,pt-BR"
        )
    return "\r\n".join([*lines, ""])


class Scene:
    """A pipeline on one broker, and a desk beside it."""

    def __init__(self, target, muster, folder):
        self.target, self.muster, self.folder = target, muster, folder
        folder.mkdir()
        self.peer = Ministack(prepared=False) if target == "ministack" else None
        self.port, self.server, self.commands = free_port(), None, []
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self):
        peer = self.peer.url if self.peer else None
        self.server = Serve(
            self.muster, data=self.folder / "data", port=self.port, aws_endpoint=peer
        )
        self.endpoint = self.server.endpoint

    def kill_and_start(self):
        self.server.kill()
        self.start()

    def begin(self, *arguments):
        """Starts a command of the desk's."""
        env = {
            **os.environ,
            "LANG": "C",
            "MUSTER_CONNECTION": self.endpoint["gateway"],
            "MUSTER_HOME": str(self.folder / "desk"),
            "MUSTER_TOKEN": self.endpoint["token"],
        }
        command = [str(self.muster), *map(str, arguments)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True)
        self.commands.append(process)
        return process

    def end(self, process):
        """What a command prints, once it has ended well."""
        out, told = process.communicate()
        assert process.returncode == 0, f"{self.target}: {process.args}: {told}"
        return out

    def run(self, *arguments):
        return self.end(self.begin(*arguments))

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def file(self, text):
        path = self.folder / "roster.csv"
        path.write_text(text, newline="")
        return path

    def ask(self, path):
        request = urllib.request.Request(
            self.endpoint["gateway"] + path,
            headers={"Authorization": f"Bearer {self.endpoint['token']}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def tell_registry(self, **changes):
        body = json.dumps({**self.ask("/v1/demo/registry"), **changes}).encode()
        request = urllib.request.Request(
            f"{self.endpoint['gateway']}/v1/demo/registry",
            method="PUT",
            data=body,
            headers={
                "Authorization": f"Bearer {self.endpoint['token']}",
                "Content-Type": "application/json",
            },
        )
        urllib.request.urlopen(request, timeout=30).close()

    def batch(self):
        """The only batch, once there is one."""
        batches = self.ask("/v1/batches")["batches"]
        return batches[0] if batches else None

    def histories(self, rows):
        """What every row went through, in order."""
        batch = self.batch()["batch_id"]
        told = (self.ask(f"/v1/batches/{batch}/rows/{n}")["events"] for n in range(1, rows + 1))
        return [[(e["generation"], e["state"]) for e in events] for events in told]

    def mails(self):
        """How many welcome e-mails each person got."""
        paths = (self.folder / "data" / "mailbox").rglob("*.eml")
        read = (email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in paths)
        return Counter(mail["To"] for mail in read)

    def close(self):
        for process in self.commands:
            if process.poll() is None:
                process.kill()
            process.wait()
        if self.server and self.server.process.poll() is None:
            self.server.stop()
        if self.peer:
            self.peer.stop()


def account(receipt):
    """A receipt without what differs from one sending to the next. Whether an e-mail is out yet
    is not what it waits for."""
    states = Counter()
    for state, rows in receipt["states"].items():
        states["registered" if state in REGISTERED else state] += rows
    file = receipt["file"]
    return {"closed": receipt["closed"], "total": receipt["total"], "file": file, **states}


@contextlib.contextmanager
def scenes(muster, folder):
    """One scene on each broker."""
    with contextlib.ExitStack() as stack:
        opened = []
        for target in TARGETS:
            opened.append(Scene(target, muster, folder / target))
            stack.callback(opened[-1].close)
        yield opened


def on_both(story, opened):
    """What a story came to on our own broker, after it came to the same on the other."""
    with ThreadPoolExecutor() as pool:
        ours, theirs = pool.map(story, opened)
    assert theirs == ours
    return ours


def ten_rows(scene):
    receipt = scene.json("onboard", scene.file(roster(10)))
    wait_for(lambda: scene.mails().total() == 10, "the e-mails")
    return account(receipt), scene.histories(10), scene.mails()


def refusals(scene):
    blocked = {2, 5, 7, 9}
    refused = scene.json("onboard", scene.file(roster(12, blocked)))
    listed = scene.json("rejected", "list")
    group = ["rejected", "correct", "--code", "blocked-email-domain"]
    change = ["--replace", "email", BLOCKED, "example.com", "--yes"]
    corrected = scene.json(*group, *change)
    wait_for(lambda: scene.mails().total() == 12, "the e-mails")
    scene.run("resume")
    return {
        "refused": account(refused),
        "listed": sorted((row["row_no"], row["reason"]["code"]) for row in listed["rows"]),
        "corrected": sorted((row["row_no"], row["outcome"]) for row in corrected),
        "receipt": account(json.loads(scene.run("receipt", "last"))),
        "histories": scene.histories(12),
        "mails": scene.mails(),
    }


def a_kill(scene):
    """kill -9 while every loop on the lane has rows in its hands."""
    rows = 60
    scene.tell_registry(latency_ms=500)
    sending = scene.begin("onboard", scene.file(roster(rows)), "--json")

    def in_the_middle():
        batch = scene.batch()
        there = sum((batch or {"tally": {}})["tally"].get(state, 0) for state in REGISTERED)
        return 0 < there < rows and batch

    wait_for(in_the_middle, "the first registration")
    scene.kill_and_start()
    receipt = json.loads(scene.end(sending))
    once = [Counter(state for _, state in events)["registered"] for events in scene.histories(rows)]
    twice = [to for to, mails in scene.mails().items() if mails > 1]
    return account(receipt), once, twice


@pytest.fixture(scope="module", autouse=True)
def killed(muster, tmp_path_factory):
    """Runs beside the other stories: what a killed process had received comes back to ministack's
    queues after the thirty seconds of its visibility, and no sooner."""
    with ThreadPoolExecutor() as pool, scenes(muster, tmp_path_factory.mktemp("kill")) as opened:
        yield pool.submit(on_both, a_kill, opened)


def test_ten_rows_come_to_a_closed_receipt(muster, tmp_path):
    with scenes(muster, tmp_path) as opened:
        receipt, histories, mails = on_both(ten_rows, opened)
    assert (receipt["closed"], receipt["total"], receipt["registered"]) == (True, 10, 10)
    assert {events[-1] for events in map(tuple, histories)} == {(1, "notified")}
    assert set(mails.values()) == {1}


def test_refused_rows_are_corrected_as_a_group_and_the_receipt_closes(muster, tmp_path):
    with scenes(muster, tmp_path) as opened:
        told = on_both(refusals, opened)
    assert told["listed"] == [(n, "blocked-email-domain") for n in (2, 5, 7, 9)]
    assert told["corrected"] == [(n, "accepted") for n in (2, 5, 7, 9)]
    assert (told["refused"]["rejected"], told["refused"]["registered"]) == (4, 8)
    assert told["receipt"]["closed"] and told["receipt"]["registered"] == 12
    assert set(told["mails"].values()) == {1}


def test_a_pipeline_killed_in_the_middle_goes_on(killed):
    receipt, registered, mailed_twice = killed.result()
    assert (receipt["closed"], receipt["total"], receipt["registered"]) == (True, 60, 60)
    assert set(registered) == {1}
    assert mailed_twice == []


def test_everything_is_made_at_the_endpoint(muster, tmp_path):
    scene = Scene("ministack", muster, tmp_path / "scene")
    try:
        endpoint = scene.endpoint
        assert endpoint["s3"] == endpoint["sqs"] == scene.peer.url
        sqs, s3 = client("sqs", endpoint), client("s3", endpoint)
        for name in ["muster-intake", "muster-batch-lane", "muster-refusals", "muster-email"]:
            assert endpoint["queues"][name].startswith(scene.peer.url)
            policy = sqs.get_queue_attributes(
                QueueUrl=endpoint["queues"][name], AttributeNames=["RedrivePolicy"]
            )["Attributes"]["RedrivePolicy"]
            assert json.loads(policy)["deadLetterTargetArn"].endswith(f":{name}-dlq")
        told = s3.get_bucket_notification_configuration(Bucket=endpoint["bucket"])
        [queue] = told["QueueConfigurations"]
        assert queue["QueueArn"].endswith(":muster-intake")
        assert queue["Events"] == ["s3:ObjectCreated:*"]

        scene.json("onboard", scene.file(roster(1)))
        queues = [url.rsplit("/", 1)[1] for url in sqs.list_queues()["QueueUrls"]]
        assert "muster-rejected-embedded" in queues
        assert [name for name in queues if name.startswith("muster-status-")]
        # Starting again finds it all there.
        scene.kill_and_start()
        assert scene.batch()["tally"]
    finally:
        scene.close()
