//! Reads what an early answer left unread.
//!
//! A request that is refused before its body was read would end in a reset connection, and a
//! sender still busy writing would see that and not the answer. One that waits to be asked for its
//! body (`Expect: 100-continue`) and never was sends none, so there is nothing to read.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use futures::StreamExt;
use http::header::EXPECT;
use http_body::{Frame, SizeHint};

/// More than any roster; what is longer gets its reset.
const MOST: usize = 1 << 30;

pub(super) async fn read_to_the_end(request: Request) -> Request {
    let sent = !request.headers().contains_key(EXPECT);
    request.map(|body| {
        Body::new(Whole {
            body: Some(body),
            sent,
        })
    })
}

struct Whole {
    body: Option<Body>,
    /// Its sender sends it, asked or not.
    sent: bool,
}

impl HttpBody for Whole {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Reading asks for it.
        self.sent = true;
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
        if !self.sent {
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
