//! The network between a desk and its pipeline, which a test may trouble: the gateway and the
//! object store behind one address, one request on a connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use crate::Endpoint;

/// What happens to the next upload, once.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// The connection is cut after so many bytes, and so many later ones find nobody.
    Cut { after: u64, then_nobody: u32 },
    /// The object store never hears of it: a presigned URL that has expired.
    Expired,
    /// The file arrives, and the answer does not.
    AnswerLost,
}

pub struct Proxy {
    address: String,
    network: Arc<Network>,
}

struct Network {
    gateway: String,
    s3: String,
    trouble: Mutex<Option<Trouble>>,
    nobody: AtomicU32,
    uploads: AtomicU32,
}

impl Proxy {
    pub fn before(endpoint: &Endpoint, trouble: Trouble) -> Self {
        let authority = |url: &str| url.trim_start_matches("http://").to_owned();
        let network = Arc::new(Network {
            gateway: authority(&endpoint.gateway),
            s3: authority(&endpoint.s3),
            trouble: Mutex::new(Some(trouble)),
            nobody: AtomicU32::new(0),
            uploads: AtomicU32::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a listener");
        let address = listener.local_addr().expect("an address").to_string();
        let (shared, here) = (Arc::clone(&network), address.clone());
        // It ends with the test's process.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (network, here) = (Arc::clone(&shared), here.clone());
                // Whoever hangs up early ends that connection and nothing else.
                std::thread::spawn(move || drop(network.carry(client, &here)));
            }
        });
        Self { address, network }
    }

    /// The endpoint as a desk behind this network sees it.
    pub fn endpoint(&self, endpoint: &Endpoint) -> Endpoint {
        Endpoint {
            gateway: format!("http://{}", self.address),
            ..endpoint.clone()
        }
    }

    /// Uploads that were begun.
    pub fn uploads(&self) -> u32 {
        self.network.uploads.load(Ordering::SeqCst)
    }
}

impl Network {
    fn carry(&self, mut client: TcpStream, here: &str) -> std::io::Result<()> {
        let is_down = |left: u32| left.checked_sub(1);
        let (order, nobody) = (Ordering::SeqCst, &self.nobody);
        if nobody.fetch_update(order, order, is_down).is_ok() {
            return Ok(());
        }
        let head = head(&mut client)?;
        let to_gateway = head
            .lines()
            .next()
            .is_some_and(|line| line.contains(" /v1/"));
        let upstream = if to_gateway { &self.gateway } else { &self.s3 };
        let trouble = if head.starts_with("PUT ") && !to_gateway {
            self.uploads.fetch_add(1, Ordering::SeqCst);
            self.trouble.lock().expect("no test panics in here").take()
        } else {
            None
        };
        let length = header(&head, "content-length").and_then(|text| text.parse().ok());
        let mut body = Read::by_ref(&mut client).take(length.unwrap_or(0));
        if let Some(Trouble::Expired) = trouble {
            std::io::copy(&mut body, &mut std::io::sink())?;
            let text =
                "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
            let length = text.len();
            return write!(
                client,
                "HTTP/1.1 403 Forbidden\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
            );
        }
        let mut server = TcpStream::connect(upstream)?;
        server.write_all(forwarded(&head, upstream).as_bytes())?;
        if let Some(Trouble::Cut { after, then_nobody }) = trouble {
            self.nobody.store(then_nobody, Ordering::SeqCst);
            std::io::copy(&mut body.take(after), &mut server)?;
            client.shutdown(Shutdown::Both)?;
            return server.shutdown(Shutdown::Both);
        }
        std::io::copy(&mut body, &mut server)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        if let Some(Trouble::AnswerLost) = trouble {
            return client.shutdown(Shutdown::Both);
        }
        client.write_all(&readdressed(answer, &self.s3, here))
    }
}

/// Up to the empty line, with it.
fn head(client: &mut TcpStream) -> std::io::Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(wanted).then_some(value.trim())
    })
}

/// For the one who is really meant, and for one answer.
fn forwarded(head: &str, upstream: &str) -> String {
    let mut lines = head.trim_end().lines();
    let mut out = format!("{}\r\n", lines.next().unwrap_or_default());
    for line in lines {
        let name = line.split(':').next().unwrap_or_default();
        if !["host", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            out.push_str(&format!("{line}\r\n"));
        }
    }
    out + &format!("host: {upstream}\r\nconnection: close\r\n\r\n")
}

/// Presigned URLs lead here too. Ports of one length leave the answer's length as it was.
fn readdressed(mut answer: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "ports have five digits");
    let places: Vec<_> = (0..answer.len().saturating_sub(from.len()))
        .filter(|&at| answer[at..].starts_with(from.as_bytes()))
        .collect();
    for at in places {
        answer[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    answer
}
