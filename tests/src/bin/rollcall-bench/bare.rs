//! The plainest listener that could answer a machine: no parsing but for the end of the head, the same bytes every time.

use std::io::Write as _;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Serves until its standard input ends.
pub async fn serve(answer: &[u8]) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?)?;
    out.flush()?;
    let answer: Arc<[u8]> = Arc::from(answer);
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            tokio::spawn(converse(stream, answer.clone()));
        }
    });
    crate::child::until_input_ends(|_| None).await
}

async fn converse(mut stream: TcpStream, answer: Arc<[u8]>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(1024);
    loop {
        buffer.clear();
        while !buffer.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        stream.write_all(&answer).await?;
        if buffer.windows(17).any(|window| window == b"Connection: close") {
            return Ok(());
        }
    }
}
