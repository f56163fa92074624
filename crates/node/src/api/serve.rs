//! The console's port: hyper with bounds on how many may connect and how long they may dawdle.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// Browsers and programs connected at one time; the machines have their own port and their own bounds.
const CONNECTIONS_MOST: usize = 1024;
/// How long a request's head may take to arrive, the pause before it included.
const HEAD_TIME: Duration = Duration::from_secs(60);
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
    let places = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    loop {
        let next = async {
            // The semaphore is never closed; were it, there would be no place.
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Some((place, Ok((stream, peer)))) => {
                let (router, stop, cut) = (router.clone(), stop.clone(), cut.clone());
                conversations.spawn(async move {
                    tokio::select! {
                        () = converse(stream, peer, router, stop) => {}
                        () = cut.cancelled() => {}
                    }
                    drop(place);
                });
            }
            Some((_, Err(error))) => {
                tracing::warn!(%error, "no connection for the console from the system");
                tokio::time::sleep(BREATH).await;
            }
            None => return,
        }
    }
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, stop: CancellationToken) {
    // Only makes small answers quicker.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
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
