//! The console's port: hyper with bounds on how many may connect and how long they may dawdle.

mod places;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub(crate) use places::Place;
use places::{Bounds, Places};

/// Browsers and programs connected at one time; the machines have their own port and their own bounds.
const CONNECTIONS: Bounds = Bounds { total: 1024, strangers: 64, strangers_here: 256 };
/// How long a request's head may take to arrive, the pause before it included. A browser connects anew after a pause.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Bytes of a connection kept in memory; a head that has more is refused.
const HEAD_MOST: usize = 32 * 1024;
/// How long requests under way may take when the program stops.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How long to wait when the system has no connection to give.
const BREATH: Duration = Duration::from_millis(50);

/// The running console.
#[derive(Debug)]
pub(crate) struct Console {
    local_addr: SocketAddr,
    stop: CancellationToken,
    cut: CancellationToken,
    accepting: JoinHandle<()>,
    conversations: TaskTracker,
}

/// An opened port that nobody is served on yet.
pub(crate) struct Bound {
    listener: TcpListener,
    local_addr: SocketAddr,
}

impl Bound {
    /// Opens the port; 0 takes a free one.
    pub(crate) async fn open(addr: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        Ok(Self { listener, local_addr })
    }

    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Serves from now on.
    pub(crate) fn serve(self, router: Router) -> Console {
        let (stop, cut, conversations) =
            (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let accepting =
            tokio::spawn(accept(self.listener, router, conversations.clone(), stop.clone(), cut.clone()));
        Console { local_addr: self.local_addr, stop, cut, accepting, conversations }
    }
}

impl Console {
    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Takes no more requests, lets those under way finish, and closes everything.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        let _ = self.accepting.await;
        self.conversations.close();
        if tokio::time::timeout(LAST_WORDS, self.conversations.wait()).await.is_err() {
            self.cut.cancel();
            self.conversations.wait().await;
        }
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    conversations: TaskTracker,
    stop: CancellationToken,
    cut: CancellationToken,
) {
    let places = Arc::new(Places::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = places.admit(peer.ip(), Instant::now()) else {
                    tracing::debug!(%peer, "no place for another connection of the console");
                    continue;
                };
                let (router, stop, cut) = (router.clone(), stop.clone(), cut.clone());
                let places = Arc::clone(&places);
                conversations.spawn(async move {
                    tokio::select! {
                        () = converse(stream, peer, Arc::clone(&place), router, stop) => {}
                        () = place.closing().cancelled() => {
                            tracing::debug!(%peer, "a connection of the console made room for another");
                        }
                        () = cut.cancelled() => {}
                    }
                    places.leave(&place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection for the console from the system");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// The body of an answer. Its connection is busy until all of it is out, which a live stream never is.
struct Underway {
    body: Body,
    place: Arc<Place>,
}

impl HttpBody for Underway {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.place.end(Instant::now());
    }
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    place: Arc<Place>,
    router: Router,
    stop: CancellationToken,
) {
    // Only makes small answers quicker.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (router, place) = (router.clone(), Arc::clone(&place));
        async move {
            place.begin(Instant::now());
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(Arc::clone(&place));
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response.map(|body| Underway { body, place }))
        }
    });
    let conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_MOST)
        .serve_connection(TokioIo::new(stream), service);
    let mut conversation = std::pin::pin!(conversation);
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = stop.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection of the console ended early");
    }
}
