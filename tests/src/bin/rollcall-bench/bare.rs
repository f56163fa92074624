//! The plainest listener that could answer a machine: no parsing but for the end of the head and the length of a body that
//! is thrown away, the same bytes every time.

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
            if buffer.starts_with(b"POST") && skip_body(&mut stream, &mut buffer).await? {
                break;
            }
        }
        stream.write_all(&answer).await?;
        if buffer.windows(17).any(|window| window == b"Connection: close") {
            return Ok(());
        }
    }
}

/// Once the head of an upload is whole, waits for its body and forgets it; false as long as it is not.
async fn skip_body(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(false) };
    let arrived = buffer.split_off(end + 4).len();
    let digits = std::str::from_utf8(buffer).ok().and_then(|head| {
        let (_, rest) = head.split_once("Content-Length: ")?;
        rest.split_once('\r')
    });
    let length = digits.and_then(|(digits, _)| digits.parse::<usize>().ok()).unwrap_or(0);
    let (mut left, mut piece) = (length.saturating_sub(arrived), vec![0; 64 * 1024]);
    while left > 0 {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        left = left.saturating_sub(read);
    }
    Ok(true)
}
