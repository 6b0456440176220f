//! The listener that waits on this computer for one answer of the browser.
//!
//! Whatever else runs on this computer, or on any web page in the browser, can knock: so it listens
//! on loopback only, answers GET on one path, looks at `Host` (a page that rebinds its name to
//! 127.0.0.1 sends its own), compares the state in constant time, takes one answer, and limits size,
//! time and number of connections. It stops when dropped.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use super::callback::{Callback, SignInState, parse_query};
use super::page::{Language, Page};
use crate::error::SignInError;

/// A request may have this many bytes; a callback has about one thousand.
pub const MAX_REQUEST_BYTES: usize = 8 * 1024;
/// A request may take this long to arrive, and its answer to leave.
pub const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// So many connections are looked at at once; a browser opens a handful.
pub const MAX_CONNECTIONS: usize = 16;
/// How many ports are tried: the wanted one and the two after it, which are to be registered too.
const PORTS: u16 = 3;
const MAX_HEADERS: usize = 64;

/// A port on both loopback families.
pub(super) struct Reserved {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

/// Waits for one answer.
pub struct Listener {
    port: u16,
    answer: oneshot::Receiver<Result<Callback, SignInError>>,
    _tasks: Vec<AbortOnDropHandle<()>>,
}

impl Listener {
    /// Listens on this port or one of the two after it; 0 stands for any free one.
    pub async fn bind(port: u16, path: &str, state: SignInState) -> Result<Self, SignInError> {
        Ok(Self::reserve(port).await?.listen(path, state))
    }

    pub(super) async fn reserve(port: u16) -> Result<Reserved, SignInError> {
        let ports: Vec<u16> = match port {
            0 => vec![0],
            _ => (port..=port.saturating_add(PORTS - 1)).collect(),
        };
        let mut last = io::Error::from(ErrorKind::AddrInUse);
        for port in &ports {
            match reserve_one(*port).await {
                Ok(reserved) => return Ok(reserved),
                Err(error) => last = error,
            }
        }
        Err(SignInError::NoPort {
            ports,
            source: last,
        })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The answer. Safe to cancel; to be awaited to the end once.
    pub async fn answer(&mut self) -> Result<Callback, SignInError> {
        match (&mut self.answer).await {
            Ok(answer) => answer,
            Err(_) => Err(SignInError::Cancelled),
        }
    }
}

impl Reserved {
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn listen(self, path: &str, state: SignInState) -> Listener {
        let (sender, answer) = oneshot::channel();
        let desk = Arc::new(Desk {
            port: self.port,
            path: path.to_owned(),
            state,
            sender: Mutex::new(Some(sender)),
            connections: Semaphore::new(MAX_CONNECTIONS),
        });
        let tasks = std::iter::once(self.v4)
            .chain(self.v6)
            .map(|socket| AbortOnDropHandle::new(tokio::spawn(serve(socket, Arc::clone(&desk)))))
            .collect();
        Listener {
            port: self.port,
            answer,
            _tasks: tasks,
        }
    }
}

/// IPv4 is a must; IPv6 is taken where the computer has it, because `localhost` may mean either.
async fn reserve_one(port: u16) -> io::Result<Reserved> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = v4.local_addr()?.port();
    let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(socket) => Some(socket),
        // Somebody else's on this family: the browser might go there instead of here.
        Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
        Err(_) => None,
    };
    Ok(Reserved { v4, v6, port })
}

struct Desk {
    port: u16,
    path: String,
    state: SignInState,
    sender: Mutex<Option<oneshot::Sender<Result<Callback, SignInError>>>>,
    connections: Semaphore,
}

async fn serve(socket: TcpListener, desk: Arc<Desk>) {
    let mut visitors = JoinSet::new();
    loop {
        while visitors.try_join_next().is_some() {}
        match socket.accept().await {
            Ok((stream, _)) => {
                let desk = Arc::clone(&desk);
                visitors.spawn(async move { desk.receive(stream).await });
            }
            // A connection that was gone before it was accepted, or too many open files: the
            // next one may work, and the pause keeps this from spinning.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

impl Desk {
    async fn receive(&self, mut stream: TcpStream) {
        let Ok(_seat) = self.connections.try_acquire() else {
            return;
        };
        let head = tokio::time::timeout(READ_TIMEOUT, read_head(&mut stream)).await;
        let Ok(Ok(head)) = head else { return };
        let (page, language, outcome) = self.read(&head);
        let sent = page.send(language, &mut stream);
        let answered = tokio::time::timeout(READ_TIMEOUT, sent).await;
        if let Ok(Err(error)) = answered {
            tracing::debug!(kind = ?error.kind(), "the browser did not wait for the page");
        }
        // After the page, because the listener ends with the answer.
        if let Some((sender, outcome)) = outcome {
            // Whoever waited may have given up meanwhile; then there is nobody to tell.
            drop(sender.send(outcome));
        }
    }

    fn read(&self, head: &[u8]) -> (Page, Language, Option<Delivery>) {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        if !matches!(request.parse(head), Ok(httparse::Status::Complete(_))) {
            return (Page::BadRequest, Language::English, None);
        }
        let language = language(request.headers);
        let (page, delivery) = self.judge(&request);
        (page, language, delivery)
    }

    fn judge(&self, request: &httparse::Request<'_, '_>) -> (Page, Option<Delivery>) {
        if !self.is_our_host(request.headers) {
            return (Page::BadRequest, None);
        }
        let target = request.path.unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != self.path {
            return (Page::NotFound, None);
        }
        if request.method != Some("GET") {
            return (Page::NotAllowed, None);
        }
        match parse_query(query, &self.state) {
            Err(SignInError::WrongState | SignInError::NoCode) => (Page::NotOurs, None),
            outcome => self.deliver(outcome),
        }
    }

    fn deliver(&self, outcome: Result<Callback, SignInError>) -> (Page, Option<Delivery>) {
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(sender) = sender else {
            return (Page::Already, None);
        };
        let page = match &outcome {
            Ok(_) => Page::Done,
            Err(_) => Page::NotConnected,
        };
        (page, Some((sender, outcome)))
    }

    fn is_our_host(&self, headers: &[httparse::Header<'_>]) -> bool {
        let mut hosts = headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case("host"));
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|name| host.value == format!("{name}:{}", self.port).as_bytes())
    }
}

fn language(headers: &[httparse::Header<'_>]) -> Language {
    let named = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("accept-language"));
    let accepted = named.and_then(|header| std::str::from_utf8(header.value).ok());
    Language::of_browser(accepted.unwrap_or_default())
}

type Delivery = (
    oneshot::Sender<Result<Callback, SignInError>>,
    Result<Callback, SignInError>,
);

/// Reads until the empty line. The browser sends no body with a GET.
async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(1024);
    let mut chunk = [0; 1024];
    loop {
        let count = stream.read(&mut chunk).await?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&chunk[..count]);
        if head.len() > MAX_REQUEST_BYTES {
            return Err(ErrorKind::InvalidData.into());
        }
        if head.windows(4).any(|window| window == b"\r\n\r\n") {
            return Ok(head);
        }
    }
}
