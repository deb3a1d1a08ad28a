"""SQS by boto3: what a client that we did not write may rely on, here and at an emulator.

Where the two differ, `target` says so; why is told in docs/EMULATORS.md.
"""

import hashlib
import json
import threading
import time
import uuid

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def queue(sqs):
    """Makes queues of this test's own, and deletes them at its end."""
    made = []

    def make(attributes=None, name=None):
        name = name or f"peer-{uuid.uuid4()}"
        url = sqs.create_queue(QueueName=name, Attributes=attributes or {})["QueueUrl"]
        made.append(url)
        return url

    yield make
    for url in made:
        try:
            sqs.delete_queue(QueueUrl=url)
        except ClientError:
            pass  # The test deleted it itself.


def attributes(sqs, url, *names):
    asked = list(names) or ["All"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)
    return answer.get("Attributes", {})


def tally(sqs, url):
    got = attributes(sqs, url)
    names = ("", "Delayed", "NotVisible")
    return tuple(int(got[f"ApproximateNumberOfMessages{name}"]) for name in names)


def receive(sqs, url, **options):
    options = {"MaxNumberOfMessages": 10, **options}
    return sqs.receive_message(QueueUrl=url, **options).get("Messages", [])


def refusal(call, **arguments):
    """Code and HTTP status of a refusal."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def redrive(sqs, url, receives):
    arn = attributes(sqs, url, "QueueArn")["QueueArn"]
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives})


def test_a_queue_is_made_once(sqs, queue):
    name = f"peer-{uuid.uuid4()}"
    url = queue({"VisibilityTimeout": "5"}, name)
    assert url.endswith(f"/000000000000/{name}")
    assert queue({"VisibilityTimeout": "5"}, name) == url
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
    with pytest.raises(sqs.exceptions.QueueNameExists):
        sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "6"})


def test_queues_are_listed_in_pages(sqs, queue):
    prefix = f"peer-{uuid.uuid4()}"
    urls = [queue(name=f"{prefix}-{n}") for n in range(5)]
    pages = sqs.get_paginator("list_queues").paginate(
        QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2}
    )
    sizes, listed = [], []
    for page in pages:
        sizes.append(len(page["QueueUrls"]))
        listed += page["QueueUrls"]
    assert sorted(listed) == urls
    assert sizes == [2, 2, 1]


def test_attributes_are_set_and_read(sqs, queue):
    url = queue()
    before = attributes(sqs, url)
    for name, value in {
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": "30",
    }.items():
        assert before[name] == value, name
    assert before["QueueArn"].startswith("arn:aws:sqs:us-east-1:000000000000:peer-")
    assert abs(int(before["CreatedTimestamp"]) - time.time()) < 60
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    assert attributes(sqs, url, "VisibilityTimeout") == {"VisibilityTimeout": "7"}


def test_a_message_arrives_as_it_was_sent(sqs, queue):
    url = queue()
    body = json.dumps({"olá": "mundo 🎉"}, ensure_ascii=False)
    said = {
        "text": {"DataType": "String", "StringValue": "ção"},
        "number": {"DataType": "Number", "StringValue": "-1.5"},
        "bytes": {"DataType": "Binary.x", "BinaryValue": b"\x00\x01\xff"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=said)
    assert sent["MD5OfMessageBody"] == hashlib.md5(body.encode()).hexdigest()
    [message] = receive(
        sqs, url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    )
    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == body
    assert message["MessageAttributes"] == said
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    system = message["Attributes"]
    assert system["ApproximateReceiveCount"] == "1"
    assert abs(int(system["SentTimestamp"]) / 1000 - time.time()) < 60
    assert int(system["ApproximateFirstReceiveTimestamp"]) >= int(system["SentTimestamp"])
    assert system["SenderId"]
    assert tally(sqs, url) == (0, 0, 1)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert tally(sqs, url) == (0, 0, 0)


def test_attributes_are_given_to_who_asks(sqs, queue):
    url = queue({"VisibilityTimeout": "0"})
    said = {
        name: {"DataType": "String", "StringValue": name} for name in ("a.one", "a.two", "b")
    }
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=said)
    for asked, names in {"All": ["a.one", "a.two", "b"], "a.*": ["a.one", "a.two"], "b": ["b"]}.items():
        [message] = receive(sqs, url, MessageAttributeNames=[asked])
        assert sorted(message["MessageAttributes"]) == names
    [message] = receive(sqs, url)
    assert "MessageAttributes" not in message and "Attributes" not in message
    [message] = receive(sqs, url, AttributeNames=["SentTimestamp"])
    assert list(message["Attributes"]) == ["SentTimestamp"]


def test_batches_answer_for_each_entry(sqs, queue):
    url = queue()
    entries = [{"Id": str(n), "MessageBody": f"m{n}"} for n in range(10)]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [entry["Id"] for entry in sent["Successful"]] == [str(n) for n in range(10)]
    received = receive(sqs, url)
    assert sorted(message["Body"] for message in received) == [f"m{n}" for n in range(10)]

    hide = [
        {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
        for n, message in enumerate(received)
    ]
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=hide[:5])
    assert len(changed["Successful"]) == 5
    assert tally(sqs, url) == (5, 0, 5)

    delete = [
        {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
        for n, message in enumerate(received)
    ]
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=delete)
    assert len(deleted["Successful"]) == 10 and not deleted.get("Failed")
    assert tally(sqs, url) == (0, 0, 0)


def test_one_bad_entry_does_not_stop_the_others(sqs, queue, target):
    url = queue({"MaximumMessageSize": "1024"})
    entries = [
        {"Id": "good", "MessageBody": "fine"},
        {"Id": "long", "MessageBody": "x" * 1025},
        {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
    ]
    if target == "ministack":
        entries.pop()  # It takes any delay.
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [entry["Id"] for entry in sent["Successful"]] == ["good"]
    failed = {entry["Id"]: entry for entry in sent["Failed"]}
    assert set(failed) == {"long", "late"} & {entry["Id"] for entry in entries}
    for entry in failed.values():
        assert entry["SenderFault"] is True
        assert entry["Code"] == "InvalidParameterValue"

    [message] = receive(sqs, url)
    delete = [
        {"Id": "good", "ReceiptHandle": message["ReceiptHandle"]},
        {"Id": "bad", "ReceiptHandle": "nonsense"},
    ]
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=delete)
    assert [entry["Id"] for entry in deleted["Successful"]] == ["good"]
    assert [entry["Code"] for entry in deleted["Failed"]] == ["ReceiptHandleIsInvalid"]


def test_whole_batches_are_refused(sqs, queue):
    url = queue()
    send = sqs.send_message_batch
    one = {"Id": "a", "MessageBody": "x"}
    eleven = [{"Id": str(n), "MessageBody": "x"} for n in range(11)]
    half = "x" * 600_000
    with pytest.raises(sqs.exceptions.TooManyEntriesInBatchRequest):
        send(QueueUrl=url, Entries=eleven)
    with pytest.raises(sqs.exceptions.BatchRequestTooLong):
        send(QueueUrl=url, Entries=[{**one, "MessageBody": half}, {"Id": "b", "MessageBody": half}])
    with pytest.raises(sqs.exceptions.EmptyBatchRequest):
        send(QueueUrl=url, Entries=[])
    with pytest.raises(sqs.exceptions.BatchEntryIdsNotDistinct):
        send(QueueUrl=url, Entries=[one, one])
    with pytest.raises(sqs.exceptions.InvalidBatchEntryId):
        send(QueueUrl=url, Entries=[{**one, "Id": "a b"}])
    assert tally(sqs, url) == (0, 0, 0)


def test_refusals_have_the_codes_that_sdks_know(sqs, queue, target):
    url = queue()
    nothing = url.rsplit("/", 1)[0] + "/nothing"
    missing = ("AWS.SimpleQueueService.NonExistentQueue", 400)
    assert refusal(sqs.get_queue_url, QueueName="nothing") == missing
    assert refusal(sqs.send_message, QueueUrl=nothing, MessageBody="x") == missing
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.receive_message(QueueUrl=nothing)
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    with pytest.raises(sqs.exceptions.InvalidAttributeValue):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "43201"})
    with pytest.raises(sqs.exceptions.InvalidMessageContents):
        sqs.send_message(QueueUrl=url, MessageBody="\x00")
    if target == "embedded":
        with pytest.raises(sqs.exceptions.InvalidAttributeName):
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Colour": "blue"})
        too_many = {"QueueUrl": url, "MaxNumberOfMessages": 11}
        assert refusal(sqs.receive_message, **too_many) == ("InvalidParameterValue", 400)


def test_what_is_not_here_is_refused(sqs, queue, target):
    if target == "ministack":
        pytest.skip("has FIFO queues and tags")
    with pytest.raises(sqs.exceptions.UnsupportedOperation):
        sqs.create_queue(QueueName="peer.fifo", Attributes={"FifoQueue": "true"})
    with pytest.raises(sqs.exceptions.UnsupportedOperation):
        sqs.tag_queue(QueueUrl=queue(), Tags={"a": "b"})


def test_what_is_not_deleted_comes_back_and_dies_after_its_receives(sqs, queue):
    dead = queue()
    url = queue({"VisibilityTimeout": "30", "RedrivePolicy": redrive(sqs, dead, 2)})
    sent = sqs.send_message(QueueUrl=url, MessageBody="poison")
    for count in ("1", "2"):
        [message] = receive(sqs, url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
        assert message["Attributes"]["ApproximateReceiveCount"] == count
        back = {"ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
        sqs.change_message_visibility(QueueUrl=url, **back)
    assert receive(sqs, url) == []
    [message] = receive(sqs, dead, MessageSystemAttributeNames=["All"])
    assert message["MessageId"] == sent["MessageId"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "3"


def test_a_dead_letter_tells_where_it_died(sqs, queue, target):
    dead = queue()
    url = queue({"RedrivePolicy": redrive(sqs, dead, 1)})
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    [message] = receive(sqs, url)
    back = {"ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
    sqs.change_message_visibility(QueueUrl=url, **back)
    assert receive(sqs, url) == []
    [message] = receive(sqs, dead, MessageSystemAttributeNames=["DeadLetterQueueSourceArn"])
    source = attributes(sqs, url, "QueueArn")["QueueArn"]
    assert message["Attributes"] == {"DeadLetterQueueSourceArn": source}
    if target == "embedded":
        sources = sqs.list_dead_letter_source_queues(QueueUrl=dead)
        assert sources["queueUrls"] == [url]


def test_visibility_is_the_receivers(sqs, queue, target):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    [message] = receive(sqs, url, VisibilityTimeout=600)
    assert receive(sqs, url) == []
    handle = message["ReceiptHandle"]
    change = sqs.change_message_visibility
    change(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    if target == "embedded":
        with pytest.raises(sqs.exceptions.MessageNotInflight):
            change(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=5)
    [again] = receive(sqs, url)
    assert again["ReceiptHandle"] != handle
    too_long = {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 43201}
    if target == "embedded":
        assert refusal(change, **too_long) == ("InvalidParameterValue", 400)


def test_a_poll_is_woken_by_a_send(sqs, queue):
    url = queue()
    later = threading.Timer(0.5, sqs.send_message, kwargs={"QueueUrl": url, "MessageBody": "x"})
    later.start()
    began = time.monotonic()
    [message] = receive(sqs, url, WaitTimeSeconds=20)
    later.join()
    assert message["Body"] == "x"
    assert time.monotonic() - began < 15, "not at the end of the poll"


def test_a_poll_ends_with_nothing(sqs, queue):
    assert receive(sqs, queue(), WaitTimeSeconds=1) == []


def test_delayed_messages_come_later(sqs, queue):
    url = queue({"DelaySeconds": "1"})
    sqs.send_message(QueueUrl=url, MessageBody="by the queue")
    sqs.send_message(QueueUrl=url, MessageBody="much later", DelaySeconds=900)
    assert receive(sqs, url) == []
    assert tally(sqs, url) == (0, 2, 0)
    [message] = receive(sqs, url, WaitTimeSeconds=10)
    assert message["Body"] == "by the queue"


def test_a_purge_empties_a_queue(sqs, queue):
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.purge_queue(QueueUrl=url)
    assert tally(sqs, url) == (0, 0, 0)


def test_a_quiet_group_is_not_behind_a_noisy_one(sqs, queue, target):
    if target == "ministack":
        pytest.skip("serves standard queues in the order of sending, groups or not")
    url = queue()
    for start in range(0, 50, 10):
        entries = [
            {"Id": str(n), "MessageBody": f"noisy {start + n}", "MessageGroupId": "noisy"}
            for n in range(10)
        ]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    sqs.send_message(QueueUrl=url, MessageBody="quiet", MessageGroupId="quiet")
    first = receive(sqs, url, MaxNumberOfMessages=2)
    assert [message["Body"] for message in first] == ["noisy 0", "quiet"]


def test_the_longest_message_fits(sqs, queue):
    url = queue()
    longest = 1_048_576
    body = "x" * longest
    sqs.send_message(QueueUrl=url, MessageBody=body)
    [message] = receive(sqs, url)
    assert message["Body"] == body
    longer = {"QueueUrl": url, "MessageBody": body + "x"}
    assert refusal(sqs.send_message, **longer) == ("InvalidParameterValue", 400)


def test_wrong_keys_are_refused(sqs, target, queue):
    if target == "ministack":
        pytest.skip("does not verify SQS signatures")
    import boto3

    def client(key, secret, token=None):
        return boto3.client(
            "sqs",
            endpoint_url=sqs.meta.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
        )

    owner = sqs._request_signer._credentials.get_frozen_credentials()
    wrong = client(owner.access_key, "x" * 40)
    nobody = client("NOBODY", owner.secret_key)
    token = client(owner.access_key, owner.secret_key, "a token that it has not")
    for refused, code in {
        wrong: "SignatureDoesNotMatch",
        nobody: "InvalidClientTokenId",
        token: "InvalidClientTokenId",
    }.items():
        assert refusal(refused.list_queues) == (code, 403)
