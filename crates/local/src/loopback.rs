//! Listeners on 127.0.0.1 and the door before them.
//!
//! Loopback is not private: a page in any browser can send requests to it, by its own name or by
//! a name that it made point here. So `Host` must name this machine and this port, a request with
//! an `Origin` is refused, and no CORS header is ever sent.

use std::future::IntoFuture;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::StatusCode};
use http::{HeaderMap, Uri, header};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::{ErrorBody, ErrorCode};

/// After a stop, what is still being answered has this long. A poll of 20 s is cut off: it holds
/// nothing that will not be given again.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// A socket on loopback that is bound and not yet served.
pub struct Door {
    listener: TcpListener,
    port: u16,
}

impl Door {
    /// Binds 127.0.0.1 at this port, or at any.
    pub async fn bind(port: Option<u16>) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
        let listener = TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Serves until `stop`, and a little longer for what is being answered. `refusal` words a
    /// request that may not come from where it comes.
    pub async fn serve(self, router: Router, refusal: fn() -> Response, stop: CancellationToken) {
        let guard = Guard {
            port: self.port,
            refusal,
        };
        let router = router.layer(middleware::from_fn_with_state(guard, check));
        let serving = axum::serve(self.listener, router)
            .with_graceful_shutdown(stop.clone().cancelled_owned())
            .into_future();
        let too_late = async {
            stop.cancelled().await;
            tokio::time::sleep(LAST_ANSWERS).await;
        };
        tokio::select! {
            outcome = serving => {
                if let Err(error) = outcome {
                    tracing::error!(%error, "a listener ended");
                }
            }
            () = too_late => {}
        }
    }
}

/// The gateway's wording.
pub fn not_from_here() -> Response {
    let body = ErrorBody {
        code: ErrorCode::NotFromHere,
        message: "requests come from this machine, by its own name, and from no web page".into(),
        request_id: Uuid::now_v7().to_string(),
    };
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

#[derive(Clone, Copy)]
struct Guard {
    port: u16,
    refusal: fn() -> Response,
}

async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    if may_enter(guard.port, request.uri(), request.headers()) {
        next.run(request).await
    } else {
        (guard.refusal)()
    }
}

fn may_enter(port: u16, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    let addressed = uri.authority().map(http::uri::Authority::as_str);
    !headers.contains_key(header::ORIGIN)
        && host.is_some_and(|host| names_us(host, port))
        && addressed.is_none_or(|host| names_us(host, port))
}

fn names_us(host: &str, port: u16) -> bool {
    let Some((name, given)) = host.rsplit_once(':') else {
        return false;
    };
    given.parse() == Ok(port)
        && (name == "127.0.0.1" || name == "[::1]" || name.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_by_its_own_name_and_no_page() {
        let cases: [(&[(&str, &str)], bool); 12] = [
            (&[("host", "127.0.0.1:9000")], true),
            (&[("host", "localhost:9000")], true),
            (&[("host", "LocalHost:9000")], true),
            (&[("host", "[::1]:9000")], true),
            (&[("host", "127.0.0.1:9001")], false),
            (&[("host", "127.0.0.1")], false),
            (&[("host", "muster.example:9000")], false),
            (&[("host", "127.0.0.1.example:9000")], false),
            (&[("host", "user@127.0.0.1:9000")], false),
            (&[], false),
            (
                &[("host", "127.0.0.1:9000"), ("host", "localhost:9000")],
                false,
            ),
            (
                &[
                    ("host", "127.0.0.1:9000"),
                    ("origin", "http://127.0.0.1:9000"),
                ],
                false,
            ),
        ];
        for (given, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                let name = header::HeaderName::from_bytes(name.as_bytes()).expect("a name");
                headers.append(name, value.parse().expect("a value"));
            }
            let uri = Uri::from_static("/health");
            assert_eq!(may_enter(9000, &uri, &headers), expected, "{given:?}");
        }
    }

    #[test]
    fn an_absolute_target_must_name_us_too() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::HOST,
            header::HeaderValue::from_static("127.0.0.1:9000"),
        );
        let here = Uri::from_static("http://localhost:9000/health");
        let there = Uri::from_static("http://muster.example:9000/health");
        assert!(may_enter(9000, &here, &headers));
        assert!(!may_enter(9000, &there, &headers));
    }
}
