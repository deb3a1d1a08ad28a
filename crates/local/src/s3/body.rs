//! Reads what an early answer left unread.
//!
//! A request that is refused before its body was read would end in a reset connection, and a
//! sender still busy writing would see that and not the answer. One that waits to be asked for its
//! body (`Expect: 100-continue`) and never was sends none, so there is nothing to read.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt;
use http::HeaderValue;
use http::header::{CONNECTION, EXPECT};
use http_body::{Frame, SizeHint};

/// More than any roster; what is longer gets its reset.
const MOST: usize = 1 << 30;

pub(super) async fn read_to_the_end(request: Request, next: Next) -> Response {
    let unasked = request.headers().contains_key(EXPECT);
    let sent = Arc::new(AtomicBool::new(!unasked));
    let request = request.map(|body| {
        Body::new(Whole {
            body: Some(body),
            sent: Arc::clone(&sent),
        })
    });
    let mut response = next.run(request).await;
    if !sent.load(Ordering::Relaxed) {
        // Whether the body still comes is the sender's choice, so nothing may follow it.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

struct Whole {
    body: Option<Body>,
    /// Its sender sends it: unasked, or asked by reading.
    sent: Arc<AtomicBool>,
}

impl HttpBody for Whole {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.sent.store(true, Ordering::Relaxed);
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map(HttpBody::size_hint)
            .unwrap_or_default()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) else {
            return;
        };
        if !self.sent.load(Ordering::Relaxed) {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(discard(body.into_data_stream()));
        }
    }
}

async fn discard(mut body: BodyDataStream) {
    let mut read = 0;
    while let Some(Ok(part)) = body.next().await {
        read += part.len();
        if read > MOST {
            return;
        }
    }
}
