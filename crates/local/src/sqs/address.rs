//! How queues and received messages are called: names, URLs, ARNs, receipt handles.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::fault::Fault;
use crate::REGION;

/// The one account that the embedded pipeline has.
pub const ACCOUNT: &str = "000000000000";

/// A name that a standard queue may have: 1 to 80 letters, digits, hyphens and underscores.
pub(super) fn check_name(name: &str) -> Result<(), Fault> {
    if name.ends_with(".fifo") {
        return Err(Fault::unsupported("FIFO queues"));
    }
    let fits = (1..=80).contains(&name.len()) && name.bytes().all(is_word);
    fits.then_some(()).ok_or_else(|| {
        Fault::invalid_parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        )
    })
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

pub(super) fn url(base: &str, name: &str) -> String {
    format!("{base}/{ACCOUNT}/{name}")
}

/// The queue that a URL names. Host and port are not looked at: the port changes from one start to
/// the next, and what was stored before must still find its queue.
pub(super) fn name_in_url(url: &str) -> Result<&str, Fault> {
    let invalid = || Fault::invalid_address(url);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').ok_or_else(invalid)?.1,
        None => url.strip_prefix('/').ok_or_else(invalid)?,
    };
    match path.split_once('/') {
        Some((ACCOUNT, name)) if !name.is_empty() && !name.contains('/') => Ok(name),
        _ => Err(invalid()),
    }
}

pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

pub(super) fn name_in_arn(arn: &str) -> Option<&str> {
    let name = arn.strip_prefix(&format!("arn:aws:sqs:{REGION}:{ACCOUNT}:"))?;
    check_name(name).ok().map(|()| name)
}

/// One receive of one message in one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    pub queue: i64,
    pub seq: i64,
    /// The how-manieth receive it was.
    pub received: u32,
}

impl Receipt {
    pub fn handle(self) -> String {
        let Self {
            queue,
            seq,
            received,
        } = self;
        URL_SAFE_NO_PAD.encode(format!("{queue}.{seq}.{received}"))
    }

    pub fn parse(handle: &str) -> Result<Self, Fault> {
        let invalid = || Fault::receipt_handle_is_invalid(handle);
        let bytes = URL_SAFE_NO_PAD.decode(handle).map_err(|_| invalid())?;
        let text = String::from_utf8(bytes).map_err(|_| invalid())?;
        let mut parts = text.splitn(3, '.');
        let (Some(queue), Some(seq), Some(received)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(invalid());
        };
        Ok(Self {
            queue: queue.parse().map_err(|_| invalid())?,
            seq: seq.parse().map_err(|_| invalid())?,
            received: received.parse().map_err(|_| invalid())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_any_port_names_its_queue() {
        for (url, name) in [
            (
                "http://127.0.0.1:4566/000000000000/muster-intake",
                Some("muster-intake"),
            ),
            ("http://localhost/000000000000/a", Some("a")),
            ("/000000000000/a", Some("a")),
            ("http://127.0.0.1:4566/111111111111/a", None),
            ("http://127.0.0.1:4566/000000000000/", None),
            ("http://127.0.0.1:4566/000000000000/a/b", None),
            ("http://127.0.0.1:4566", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(name_in_url(url).ok(), name, "{url}");
        }
    }

    #[test]
    fn a_receipt_comes_back_from_its_handle() {
        let receipt = Receipt {
            queue: 3,
            seq: 12_345,
            received: 2,
        };
        assert_eq!(Receipt::parse(&receipt.handle()), Ok(receipt));
        for bad in ["", "x", "AAAA", "not base64!"] {
            assert!(Receipt::parse(bad).is_err(), "{bad}");
        }
    }
}
