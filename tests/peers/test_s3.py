"""S3 as boto3 and a plain HTTP client see it."""

import base64
import hashlib
import http.client
import json
import re
import threading
import urllib.parse
import uuid
import zlib

import pytest
from botocore.exceptions import ClientError
from conftest import client, wait_for

BODY = b"row_no,full_name\r\n1,Ana Concei\xc3\xa7\xc3\xa3o\r\n"
TYPE = "text/csv; charset=utf-8"


def b64(digest):
    return base64.b64encode(digest).decode()


def sha256(body):
    return b64(hashlib.sha256(body).digest())


class Presigned:
    """A PUT as presign signs it, and the headers that go with it."""

    def __init__(self, s3, bucket, key, body=BODY, expires=900):
        self.headers = {
            "content-type": TYPE,
            "content-length": str(len(body)),
            "if-none-match": "*",
            "x-amz-checksum-sha256": sha256(body),
        }
        self.url = s3.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ContentType": TYPE,
                "ContentLength": len(body),
                "IfNoneMatch": "*",
                "ChecksumSHA256": self.headers["x-amz-checksum-sha256"],
            },
            ExpiresIn=expires,
        )

    def put(self, body=BODY, without=(), url=None, **changes):
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        headers = {**self.headers, **changed}
        kept = {name: value for name, value in headers.items() if name not in without}
        return send("PUT", url or self.url, body, kept)


def send(method, url, body=b"", headers=None):
    """Sends exactly this, and gives status and S3's error code."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body=body, headers=headers or {})
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    code = re.search("<Code>(.*?)</Code>", text)
    return answer.status, code.group(1) if code else ""


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    answer = refused.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_a_presigned_put_is_stored(s3, bucket, key):
    presigned = Presigned(s3, bucket, key)
    signed = "content-length;content-type;host;if-none-match;x-amz-checksum-sha256"
    assert urllib.parse.quote(signed, safe="") in presigned.url
    assert presigned.put() == (200, "")
    head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    assert head["ContentLength"] == len(BODY)
    assert head["ContentType"] == TYPE
    assert head["ChecksumSHA256"] == sha256(BODY)
    assert head["ETag"] == f'"{hashlib.md5(BODY).hexdigest()}"'
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == BODY


def test_a_second_put_is_refused(s3, bucket, key):
    presigned = Presigned(s3, bucket, key)
    assert presigned.put() == (200, "")
    assert presigned.put() == (412, "PreconditionFailed")
    s3.delete_object(Bucket=bucket, Key=key)
    assert presigned.put() == (200, "")


def test_of_puts_that_race_one_is_stored(s3, bucket, key):
    presigned = Presigned(s3, bucket, key)
    outcomes, together = [], threading.Barrier(8)

    def race():
        together.wait()
        outcomes.append(presigned.put())

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == [(200, "")] + [(412, "PreconditionFailed")] * 7


def test_signed_put_get_range_head_list_delete(s3, bucket):
    folder = f"listed/{uuid.uuid4()}"
    keys = [f"{folder}/{name}" for name in ["a/1", "a/2", "b c", "são"]]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=BODY, Metadata={"of": "muster"})
    assert s3.head_object(Bucket=bucket, Key=keys[2])["Metadata"] == {"of": "muster"}

    for asked, expected in [
        ("bytes=0-3", BODY[:4]),
        ("bytes=5-", BODY[5:]),
        ("bytes=-4", BODY[-4:]),
        (f"bytes=5-{len(BODY) + 99}", BODY[5:]),
    ]:
        part = s3.get_object(Bucket=bucket, Key=keys[0], Range=asked)
        assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
        assert part["Body"].read() == expected
    beyond = refusal(s3.get_object, Bucket=bucket, Key=keys[0], Range=f"bytes={len(BODY)}-")
    assert beyond == (416, "InvalidRange")

    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=f"{folder}/", PaginationConfig={"PageSize": 1}
    )
    assert [item["Key"] for page in pages for item in page.get("Contents", [])] == keys
    folded = s3.list_objects_v2(Bucket=bucket, Prefix=f"{folder}/", Delimiter="/")
    assert [item["Key"] for item in folded["Contents"]] == keys[2:]
    assert folded["CommonPrefixes"] == [{"Prefix": f"{folder}/a/"}]
    assert folded["KeyCount"] == 3

    for key in keys + keys:
        s3.delete_object(Bucket=bucket, Key=key)
    assert s3.list_objects_v2(Bucket=bucket, Prefix=f"{folder}/")["KeyCount"] == 0
    assert refusal(s3.get_object, Bucket=bucket, Key=keys[0]) == (404, "NoSuchKey")
    assert refusal(s3.head_object, Bucket=bucket, Key=keys[0]) == (404, "404")


def test_a_put_that_is_not_what_was_signed(s3, bucket, key):
    presigned = Presigned(s3, bucket, key)
    mismatch = (403, "SignatureDoesNotMatch")
    longer = BODY + b"x"
    assert presigned.put(BODY[::-1]) == (400, "BadDigest")
    assert presigned.put(longer, content_length=str(len(longer))) == mismatch
    assert presigned.put(content_type="text/html") == mismatch
    assert presigned.put(without=["if-none-match"]) == mismatch
    assert refusal(s3.head_object, Bucket=bucket, Key=key)[0] == 404


def test_signatures_and_keys_that_are_wrong(s3, bucket, key, endpoint, target):
    presigned = Presigned(s3, bucket, key)
    signature = re.search("X-Amz-Signature=([0-9a-f]{64})", presigned.url).group(1)
    forged = presigned.url.replace(signature, signature[::-1])
    assert presigned.put(url=forged) == (403, "SignatureDoesNotMatch")
    moved = presigned.url.replace(".csv?", ".txt?")
    assert presigned.put(url=moved) == (403, "SignatureDoesNotMatch")

    stranger = client("s3", endpoint, aws_access_key_id="AKIAAAAAAAAAAAAAAAAA")
    liar = client("s3", endpoint, aws_secret_access_key="x" * 40)
    assert refusal(stranger.list_objects_v2, Bucket=bucket) == (403, "InvalidAccessKeyId")
    assert Presigned(stranger, bucket, key).put() == (403, "InvalidAccessKeyId")
    assert send("GET", f"{endpoint['s3']}/{bucket}/{key}") == (403, "AccessDenied")
    if target == "embedded":
        # ministack verifies the signatures of presigned URLs only.
        assert refusal(liar.list_objects_v2, Bucket=bucket) == (403, "SignatureDoesNotMatch")
        # The signature that S3 gave up.
        old = {"authorization": "AWS x:y", "date": "Mon, 01 Jan 2029 00:00:00 GMT"}
        status, _ = send("GET", f"{endpoint['s3']}/{bucket}/{key}", headers=old)
        assert status in (400, 403)


def test_a_url_ends_and_may_not_live_longer_than_a_week(s3, bucket, key):
    brief = Presigned(s3, bucket, key, expires=1)
    expired = (403, "AccessDenied")
    # Each time a new body that is wrong, so that the URL is not used up.
    wait_for(lambda: brief.put(BODY[::-1]) == expired, "the end of the URL", patience=15)
    assert brief.put() == expired
    long = Presigned(s3, bucket, key, expires=7 * 24 * 3600 + 1)
    assert long.put() == (400, "AuthorizationQueryParametersError")
    week = Presigned(s3, bucket, key, expires=7 * 24 * 3600)
    assert week.put() == (200, "")


def test_checksums_of_a_signed_put(s3, bucket, key, target):
    wrong = b"another body"
    put = {"Bucket": bucket, "Key": key, "Body": BODY}
    assert refusal(s3.put_object, **put, ChecksumSHA256=sha256(wrong)) == (400, "BadDigest")
    crc = b64(zlib.crc32(wrong).to_bytes(4, "big"))
    assert refusal(s3.put_object, **put, ChecksumCRC32=crc) == (400, "BadDigest")
    md5 = b64(hashlib.md5(wrong).digest())
    assert refusal(s3.put_object, **put, ContentMD5=md5) == (400, "BadDigest")
    assert refusal(s3.put_object, **put, ContentMD5="no") == (400, "InvalidDigest")
    malformed = (400, "InvalidRequest" if target == "embedded" else "BadDigest")
    assert refusal(s3.put_object, **put, ChecksumSHA256="no") == malformed
    if target == "embedded":
        right = b64(zlib.crc32(BODY).to_bytes(4, "big"))
        both = {"ChecksumSHA256": sha256(BODY), "ChecksumCRC32": right}
        assert refusal(s3.put_object, **put, **both) == (400, "InvalidRequest")

    assert refusal(s3.head_object, Bucket=bucket, Key=key)[0] == 404
    for algorithm in ["CRC32", "SHA256", "SHA1"]:
        s3.put_object(**put, ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        assert got["Body"].read() == BODY
        assert f"Checksum{algorithm}" in got


def test_the_hash_that_signs_the_body_is_verified(endpoint, bucket, key):
    """x-amz-content-sha256 is part of the signature, and the body must have that hash."""
    signer = client("s3", endpoint)
    sent = {}

    def swap(request, **_):
        sent["headers"] = dict(request.headers)
        sent["url"] = request.url

    signer.meta.events.register("before-send.s3.PutObject", swap)
    signer.put_object(Bucket=bucket, Key=key, Body=BODY, ChecksumSHA256=sha256(BODY))
    headers = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in sent["headers"].items()
    }
    if headers["X-Amz-Content-SHA256"] == "UNSIGNED-PAYLOAD":
        pytest.skip("this boto3 does not sign bodies over HTTP")
    status, code = send("PUT", sent["url"], BODY[::-1], headers)
    assert status == 400
    assert code in ("XAmzContentSHA256Mismatch", "BadDigest")


CLIMBING = [
    "../../climbed",
    "../../../../../../../../tmp/climbed",
    "/etc/passwd",
    "..\\..\\climbed",
    "C:\\climbed",
    "CON",
    "a.",
    "nul\0nul",
    "." * 3,
    "k" * 1024,
]


@pytest.mark.parametrize("climbing", CLIMBING, ids=range(len(CLIMBING)))
def test_keys_stay_names(endpoint, bucket, climbing, s3):
    """A key is a name and nothing more: what was stored under it comes back by it alone."""
    s3.put_object(Bucket=bucket, Key=climbing, Body=climbing.encode())
    assert s3.get_object(Bucket=bucket, Key=climbing)["Body"].read() == climbing.encode()
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=climbing)["Contents"]
    assert climbing in [item["Key"] for item in listed]
    s3.delete_object(Bucket=bucket, Key=climbing)
    # As a path that no client has tidied, unsigned.
    path = f"/{bucket}/" + urllib.parse.quote(climbing, safe="./\\:")
    assert send("GET", endpoint["s3"] + path)[0] in (400, 403)


def test_a_key_may_not_be_longer_than_1024_bytes(s3, bucket, target):
    if target != "embedded":
        pytest.skip("ministack takes longer ones")
    status, code = refusal(s3.put_object, Bucket=bucket, Key="ã" * 513, Body=b"")
    assert (status, code) == (400, "KeyTooLongError")


def test_other_buckets_are_not_there(s3):
    assert refusal(s3.list_objects_v2, Bucket="another-bucket") == (404, "NoSuchBucket")
    assert refusal(s3.put_object, Bucket="another-bucket", Key="k", Body=b"")[0] == 404
    assert refusal(s3.head_bucket, Bucket="another-bucket")[0] == 404


def test_what_is_not_there_is_refused_and_not_ignored(s3, bucket, key, target):
    put = {"Bucket": bucket, "Key": key, "Body": BODY}
    public = refusal(s3.put_object, **put, ACL="public-read")
    assert public == (400, "AccessControlListNotSupported")
    if target != "embedded":
        pytest.skip("ministack has the rest")
    for more in [
        {"StorageClass": "GLACIER"},
        {"Tagging": "a=b"},
        {"IfNoneMatch": '"etag"'},
    ]:
        assert refusal(s3.put_object, **put, **more) == (501, "NotImplemented"), more
    assert refusal(s3.create_multipart_upload, Bucket=bucket, Key=key)[0] == 501
    assert refusal(s3.head_object, Bucket=bucket, Key=key)[0] == 404


def test_news_of_an_object_reach_the_intake_queue(s3, sqs, bucket, endpoint, target):
    if target == "embedded":
        pytest.skip("extract takes them first; crates/local/tests/s3.rs holds the same event")
    name = f"rosters/test/{uuid.uuid4()} são paulo.csv"
    intake = endpoint["queues"]["muster-intake"]
    assert Presigned(s3, bucket, name).put() == (200, "")

    def news():
        """Takes everything; what other tests stored is theirs and done with."""
        answer = sqs.receive_message(QueueUrl=intake, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=intake, ReceiptHandle=message["ReceiptHandle"])
            for record in json.loads(message["Body"]).get("Records", []):
                if urllib.parse.unquote_plus(record["s3"]["object"]["key"]) == name:
                    return record
        return None

    record = wait_for(news, "the event")
    assert record["eventSource"] == "aws:s3"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["awsRegion"] == "us-east-1"
    assert record["s3"]["bucket"]["name"] == bucket
    stored = record["s3"]["object"]
    assert stored["key"] == urllib.parse.quote_plus(name, safe="/")
    assert stored["size"] == len(BODY)
    assert stored["eTag"] == hashlib.md5(BODY).hexdigest()


def test_objects_outlive_a_kill(muster, tmp_path):
    from conftest import Serve

    first = Serve(muster, data=tmp_path / "data")
    try:
        s3, bucket = client("s3", first.endpoint), first.endpoint["bucket"]
        assert Presigned(s3, bucket, "kept").put() == (200, "")
        # An upload that is under way when it happens.
        half = http.client.HTTPConnection(urllib.parse.urlsplit(first.endpoint["s3"]).netloc)
        presigned = Presigned(s3, bucket, "torn")
        half.putrequest("PUT", presigned.url.removeprefix(first.endpoint["s3"]))
        for name, value in presigned.headers.items():
            half.putheader(name, value)
        half.endheaders()
        half.send(BODY[:5])
        data = tmp_path / "data" / "objects" / "data"
        wait_for(lambda: len(list(data.iterdir())) == 2, "the beginning of the upload")
    finally:
        first.kill()
    second = Serve(muster, data=tmp_path / "data")
    try:
        assert second.endpoint["secret_access_key"] == first.endpoint["secret_access_key"]
        s3 = client("s3", second.endpoint)
        assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == BODY
        listed = s3.list_objects_v2(Bucket=bucket)
        assert [item["Key"] for item in listed["Contents"]] == ["kept"]
        assert len(list(data.iterdir())) == 1
        assert Presigned(s3, bucket, "kept").put() == (412, "PreconditionFailed")
    finally:
        second.stop()
