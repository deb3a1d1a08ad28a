//! The operations.

use std::collections::BTreeMap;
use std::io::SeekFrom;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::objects::{CommitError, Condition, ContentHeaders, Incoming, Meta, Objects};
use super::upload::{Claims, disk};
use super::{Bucket, Sink, event, listing};

const READ: usize = 256 * 1024;

#[derive(Clone)]
pub(super) struct Service {
    bucket: Arc<Bucket>,
    sink: Arc<dyn Sink>,
}

impl Service {
    pub(super) fn new(bucket: Bucket, sink: Arc<dyn Sink>) -> Self {
        Self {
            bucket: Arc::new(bucket),
            sink,
        }
    }

    fn check_bucket(&self, name: &str) -> S3Result<()> {
        if name == self.bucket.name {
            Ok(())
        } else {
            Err(s3_error!(
                NoSuchBucket,
                "The specified bucket does not exist"
            ))
        }
    }

    /// Runs what waits for the disk where waiting is allowed.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Objects) -> T + Send + 'static,
    ) -> S3Result<T> {
        let bucket = Arc::clone(&self.bucket);
        tokio::task::spawn_blocking(move || work(&bucket.objects))
            .await
            .map_err(|error| disk(error.into()))
    }

    fn find(&self, bucket: &str, key: &str) -> S3Result<Arc<Meta>> {
        self.check_bucket(bucket)?;
        self.bucket.objects.get(key).ok_or_else(no_such_key)
    }

    /// Makes the object visible and tells the sink.
    async fn finish(
        self,
        incoming: Incoming,
        meta: Meta,
        condition: Condition,
    ) -> S3Result<Arc<Meta>> {
        let committed = self
            .on_disk(move |objects| objects.commit(incoming, meta, &condition))
            .await?;
        let meta = committed.map_err(|error| match error {
            CommitError::Precondition => s3_error!(
                PreconditionFailed,
                "At least one of the pre-conditions you specified did not hold"
            ),
            CommitError::Missing => no_such_key(),
            CommitError::Io(error) => disk(error),
        })?;
        let event = event::created(&self.bucket.name, &self.bucket.region, &meta);
        if let Err(error) = self.sink.created(event).await {
            tracing::warn!(%error, "nobody was told of a stored object");
        }
        Ok(meta)
    }
}

#[async_trait]
impl S3 for Service {
    async fn put_object(
        &self,
        mut req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        self.check_bucket(&req.input.bucket)?;
        refuse_what_is_not_there(&req.input)?;
        let condition = condition(&req.input)?;
        let claims = Claims::of(&req.input, &req.headers)?;
        let incoming = self.bucket.objects.incoming();
        let body = req.input.body.take();
        let (md5, hasher) = claims.write(body, incoming.path()).await?;
        let trailers = req.trailing_headers.as_ref().and_then(|after| after.take());
        let found = claims.verify(md5, hasher, trailers)?;
        let input = req.input;
        let meta = Meta {
            key: input.key,
            file: incoming.id,
            bytes: claims.length,
            md5: found.md5,
            checksums: found.checksums,
            headers: ContentHeaders {
                content_type: input.content_type,
                content_disposition: input.content_disposition,
                content_encoding: input.content_encoding.filter(|kind| kind != "aws-chunked"),
                content_language: input.content_language,
                cache_control: input.cache_control,
            },
            user: input.metadata.into_iter().flatten().collect(),
            modified: Timestamp::now(),
        };
        // A task of its own: a sender that hangs up now may not come between the two steps.
        let finish = tokio::spawn(self.clone().finish(incoming, meta, condition));
        let meta = finish.await.map_err(|error| disk(error.into()))??;
        let sums = meta.checksums.clone();
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(meta.e_tag()),
            checksum_type: whole(&meta),
            checksum_crc32: sums.crc32,
            checksum_crc32c: sums.crc32c,
            checksum_crc64nvme: sums.crc64nvme,
            checksum_sha1: sums.sha1,
            checksum_sha256: sums.sha256,
            ..PutObjectOutput::default()
        }))
    }

    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        self.check_bucket(&input.bucket)?;
        let key = input.key;
        let found = self
            .on_disk(move |objects| objects.read(&key))
            .await?
            .map_err(disk)?;
        let (meta, file) = found.ok_or_else(no_such_key)?;
        check_conditions(&meta, input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let range = part_of(&meta, input.range.as_ref())?;
        let (start, end) = range.unwrap_or((0, meta.bytes));
        let mut file = tokio::fs::File::from_std(file);
        if start > 0 {
            file.seek(SeekFrom::Start(start)).await.map_err(disk)?;
        }
        let body = ReaderStream::with_capacity(file.take(end - start), READ);
        // A part has no checksum of its own.
        let asked = input.checksum_mode.is_some() && range.is_none();
        let sums = if asked {
            meta.checksums.clone()
        } else {
            <_>::default()
        };
        let headers = meta.headers.clone();
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(body)),
            content_length: i64::try_from(end - start).ok(),
            content_range: range.map(|range| content_range(range, meta.bytes)),
            accept_ranges: Some("bytes".into()),
            e_tag: Some(meta.e_tag()),
            last_modified: Some(modified(&meta)),
            content_type: input.response_content_type.or(headers.content_type),
            content_disposition: input
                .response_content_disposition
                .or(headers.content_disposition),
            content_encoding: headers.content_encoding,
            content_language: headers.content_language,
            cache_control: headers.cache_control,
            metadata: user(&meta),
            checksum_type: asked.then(|| whole(&meta)).flatten(),
            checksum_crc32: sums.crc32,
            checksum_crc32c: sums.crc32c,
            checksum_crc64nvme: sums.crc64nvme,
            checksum_sha1: sums.sha1,
            checksum_sha256: sums.sha256,
            ..GetObjectOutput::default()
        }))
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = req.input;
        let meta = self.find(&input.bucket, &input.key)?;
        check_conditions(&meta, input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let range = part_of(&meta, input.range.as_ref())?;
        let (start, end) = range.unwrap_or((0, meta.bytes));
        let asked = input.checksum_mode.is_some() && range.is_none();
        let sums = if asked {
            meta.checksums.clone()
        } else {
            <_>::default()
        };
        let headers = meta.headers.clone();
        Ok(S3Response::new(HeadObjectOutput {
            content_length: i64::try_from(end - start).ok(),
            content_range: range.map(|range| content_range(range, meta.bytes)),
            accept_ranges: Some("bytes".into()),
            e_tag: Some(meta.e_tag()),
            last_modified: Some(modified(&meta)),
            content_type: headers.content_type,
            content_disposition: headers.content_disposition,
            content_encoding: headers.content_encoding,
            content_language: headers.content_language,
            cache_control: headers.cache_control,
            metadata: user(&meta),
            checksum_type: asked.then(|| whole(&meta)).flatten(),
            checksum_crc32: sums.crc32,
            checksum_crc32c: sums.crc32c,
            checksum_crc64nvme: sums.crc64nvme,
            checksum_sha1: sums.sha1,
            checksum_sha256: sums.sha256,
            ..HeadObjectOutput::default()
        }))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.check_bucket(&req.input.bucket)?;
        let key = req.input.key;
        self.on_disk(move |objects| objects.delete(&key))
            .await?
            .map_err(disk)?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.check_bucket(&req.input.bucket)?;
        listing::list(&self.bucket.objects, req.input).map(S3Response::new)
    }

    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.check_bucket(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput {
            bucket_region: Some(self.bucket.region.clone()),
            ..HeadBucketOutput::default()
        }))
    }

    /// One's own bucket is there already, which in `us-east-1` is success. There is no other.
    async fn create_bucket(
        &self,
        req: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        if req.input.bucket != self.bucket.name {
            return Err(s3_error!(
                AccessDenied,
                "There is one bucket here, and it is there"
            ));
        }
        Ok(S3Response::new(CreateBucketOutput {
            location: Some(format!("/{}", self.bucket.name)),
        }))
    }

    async fn list_buckets(
        &self,
        _req: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let bucket = s3s::dto::Bucket {
            name: Some(self.bucket.name.clone()),
            bucket_region: Some(self.bucket.region.clone()),
            ..s3s::dto::Bucket::default()
        };
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(vec![bucket]),
            ..ListBucketsOutput::default()
        }))
    }

    async fn get_bucket_location(
        &self,
        req: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.check_bucket(&req.input.bucket)?;
        // `us-east-1` has no name here.
        Ok(S3Response::new(GetBucketLocationOutput::default()))
    }
}

/// What would change what an object means, and is not kept here.
fn refuse_what_is_not_there(input: &PutObjectInput) -> S3Result<()> {
    // A bucket made today takes only the ACL that says what is so anyway.
    let owners = |acl: &ObjectCannedACL| {
        let acl = acl.as_str();
        acl == ObjectCannedACL::PRIVATE || acl == ObjectCannedACL::BUCKET_OWNER_FULL_CONTROL
    };
    if input.acl.as_ref().is_some_and(|acl| !owners(acl)) {
        return Err(s3_error!(
            AccessControlListNotSupported,
            "The bucket does not allow ACLs"
        ));
    }
    let standard = |class: &StorageClass| class.as_str() == StorageClass::STANDARD;
    let refused = input
        .storage_class
        .as_ref()
        .is_some_and(|class| !standard(class))
        || input.sse_customer_key.is_some()
        || input.object_lock_mode.is_some()
        || input.tagging.is_some()
        || input.website_redirect_location.is_some()
        || input.write_offset_bytes.is_some();
    if refused {
        return Err(not_implemented());
    }
    Ok(())
}

fn condition(input: &PutObjectInput) -> S3Result<Condition> {
    match (&input.if_none_match, &input.if_match) {
        (None, None) => Ok(Condition::Always),
        (Some(none), None) if none.is_any() => Ok(Condition::NotThere),
        (None, Some(tag)) => tag
            .as_etag()
            .map(|tag| Condition::Is(tag.clone()))
            .ok_or_else(not_implemented),
        _ => Err(not_implemented()),
    }
}

fn check_conditions(
    meta: &Meta,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    let tag = meta.e_tag();
    let is = |condition: &ETagCondition| {
        condition.is_any()
            || condition
                .as_etag()
                .is_some_and(|given| given.weak_cmp(&tag))
    };
    if if_match.is_some_and(|condition| !is(condition)) {
        return Err(s3_error!(
            PreconditionFailed,
            "At least one of the pre-conditions you specified did not hold"
        ));
    }
    if if_none_match.is_some_and(is) {
        return Err(s3_error!(NotModified, "Not Modified"));
    }
    Ok(())
}

/// Start and end (excluded) of what was asked for, where it is not everything.
fn part_of(meta: &Meta, range: Option<&Range>) -> S3Result<Option<(u64, u64)>> {
    let Some(range) = range else { return Ok(None) };
    let range = range
        .check(meta.bytes)
        .map_err(|_| s3_error!(InvalidRange, "The requested range is not satisfiable"))?;
    Ok(Some((range.start, range.end)))
}

fn content_range((start, end): (u64, u64), bytes: u64) -> String {
    format!("bytes {start}-{}/{bytes}", end - 1)
}

fn modified(meta: &Meta) -> s3s::dto::Timestamp {
    std::time::SystemTime::from(meta.modified).into()
}

fn whole(meta: &Meta) -> Option<ChecksumType> {
    (meta.checksums != <_>::default()).then(|| ChecksumType::from_static(ChecksumType::FULL_OBJECT))
}

fn user(meta: &Meta) -> Option<Metadata> {
    let user: BTreeMap<_, _> = meta.user.clone();
    (!user.is_empty()).then(|| user.into_iter().collect())
}

fn no_such_key() -> s3s::S3Error {
    s3_error!(NoSuchKey, "The specified key does not exist.")
}

fn not_implemented() -> s3s::S3Error {
    s3_error!(
        NotImplemented,
        "A header you provided implies functionality that is not implemented"
    )
}
