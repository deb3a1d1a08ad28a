//! One presigned PUT, streamed from the file, and what became of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::TryStreamExt;
use model::BatchId;
use tokio_util::io::ReaderStream;
use wire::{DeclaredUpload, PresignedPut};

use crate::context::{Context, Report};
use crate::error::{DeskError, DeskResult};
use crate::gateway::unreachable;

/// An upload of which nothing more was taken for this long is begun again.
const STALLED: Duration = Duration::from_secs(30);
/// Progress is told at most this often.
const TELL: Duration = Duration::from_millis(100);
const PIECE: usize = 64 * 1024;

pub enum Put {
    Stored,
    /// Something lies under the key already: an earlier attempt's answer was lost, perhaps.
    Exists,
    /// The URL is not good any more, or was never: another one may be.
    Expired {
        status: u16,
        code: String,
    },
    /// No answer, or one that says to come back: the file may have arrived.
    Lost(DeskError),
}

pub async fn put(
    context: &Context,
    batch: BatchId,
    upload: &PresignedPut,
    declared: &DeclaredUpload,
) -> DeskResult<Put> {
    // By the server's clock: ours may be off.
    if upload.expires_at <= context.gateway.clock().now() {
        return Ok(Put::Expired {
            status: 403,
            code: "Expired".into(),
        });
    }
    let path = context.home.outbox_file(batch);
    let file = open(&path, declared).await?;
    let url = reqwest::Url::parse(&upload.url).map_err(|_| DeskError::UploadRefused {
        status: 0,
        code: "NotAnAddress".into(),
    })?;
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&taken);
    let pieces = ReaderStream::with_capacity(file, PIECE).inspect_ok(move |piece| {
        counted.fetch_add(piece.len() as u64, Ordering::Relaxed);
    });
    let mut request = context.gateway.clients().for_url(&url).put(url.clone());
    for (name, value) in &upload.headers {
        // The client names the host itself, the same one that was signed.
        if !name.eq_ignore_ascii_case("host") {
            request = request.header(name, value);
        }
    }
    let answer = request.body(reqwest::Body::wrap_stream(pieces)).send();
    let response = tokio::select! {
        answer = answer => answer,
        () = stalled(context, batch, &taken, declared.bytes) => {
            let why = "nothing more was taken".to_owned();
            return Ok(Put::Lost(DeskError::UploadUnreachable(why)));
        }
    };
    let response = match response {
        Ok(response) => response,
        Err(error) => {
            let why = unreachable(error).to_string();
            return Ok(Put::Lost(DeskError::UploadUnreachable(why)));
        }
    };
    let status = response.status().as_u16();
    if response.status().is_success() {
        let (bytes, of) = (declared.bytes, declared.bytes);
        context.report(Report::Uploaded { batch, bytes, of });
        return Ok(Put::Stored);
    }
    let code = s3_code(&response.text().await.unwrap_or_default());
    tracing::info!(%batch, status, code, "the object store did not take the file");
    match (status, code.as_str()) {
        (412, _) => Ok(Put::Exists),
        (403, _) | (400, "AuthorizationQueryParametersError" | "ExpiredToken") => {
            Ok(Put::Expired { status, code })
        }
        (400, "BadDigest" | "XAmzContentSHA256Mismatch" | "InvalidDigest" | "IncompleteBody") => {
            Err(DeskError::UploadCorrupt)
        }
        (408 | 409 | 429 | 500.., _) | (400, "RequestTimeout") => {
            Ok(Put::Lost(DeskError::UploadRefused { status, code }))
        }
        _ => Err(DeskError::UploadRefused { status, code }),
    }
}

async fn open(path: &Path, declared: &DeclaredUpload) -> DeskResult<tokio::fs::File> {
    let file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(DeskError::OutboxGone);
        }
        Err(error) => return Err(error.into()),
    };
    if file.metadata().await?.len() != declared.bytes {
        return Err(DeskError::UploadCorrupt);
    }
    Ok(file)
}

/// Tells progress, and ends when there is none.
async fn stalled(context: &Context, batch: BatchId, taken: &AtomicU64, of: u64) {
    let mut seen = 0;
    let mut since = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(TELL).await;
        let bytes = taken.load(Ordering::Relaxed);
        if bytes != seen {
            (seen, since) = (bytes, tokio::time::Instant::now());
            context.report(Report::Uploaded { batch, bytes, of });
        } else if since.elapsed() > STALLED {
            return;
        }
    }
}

/// The `<Code>` of S3's error document; empty where there is none.
fn s3_code(body: &str) -> String {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map_or("", |(code, _)| code);
    let plain = code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphanumeric());
    if plain {
        code.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::s3_code;

    #[test]
    fn a_code_is_a_plain_word_or_nothing() {
        for (body, code) in [
            (
                "<Error><Code>BadDigest</Code><Message>x</Message></Error>",
                "BadDigest",
            ),
            ("<html>proxy</html>", ""),
            ("<Code>a secret?X=1</Code>", ""),
            ("", ""),
        ] {
            assert_eq!(s3_code(body), code);
        }
    }
}
