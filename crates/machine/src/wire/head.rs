//! The head of an answer, searched as firmware searches it: raw text, case-sensitively, in fixed buffers.

use super::{HEAD_LIMIT, LINE_LIMIT, WireError};

pub(super) struct HeadFacts {
    pub(super) ok: bool,
    pub(super) status: u16,
    pub(super) text_plain: bool,
    pub(super) date: Option<String>,
    pub(super) length: Option<usize>,
    pub(super) close: bool,
    pub(super) text: String,
}

pub(super) fn read_head(head: &[u8]) -> Result<HeadFacts, WireError> {
    if head.len() >= HEAD_LIMIT {
        return Err(WireError::HeadTooLong);
    }
    if head.split(|&byte| byte == b'\n').any(|line| line.len() >= LINE_LIMIT) {
        return Err(WireError::LineTooLong);
    }
    let text = String::from_utf8_lossy(head);
    let ok = ["HTTP/1.0 200 ", "HTTP/1.1 200 "].iter().any(|good| text.starts_with(good));
    let status = text.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
    Ok(HeadFacts {
        ok,
        status,
        text_plain: text.contains("text/plain"),
        date: after(&text, "Date:").map(str::to_owned),
        length: after(&text, "\r\nContent-Length:").and_then(|number| number.parse().ok()),
        close: text.starts_with("HTTP/1.0") || text.contains("\r\nConnection: close"),
        text: text.into_owned(),
    })
}

/// The rest of the line after `key`, without blanks around it.
pub(super) fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(key)?;
    rest.split('\r').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(head: &str) -> HeadFacts {
        read_head(head.as_bytes()).expect("a readable head")
    }

    #[test]
    fn h1_a_title_case_head_is_understood() {
        let facts = facts(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nDate: Mon, 06 Jul 2026 00:58:41 GMT\r\n\r\n",
        );
        assert!(facts.ok && facts.text_plain && !facts.close);
        assert_eq!(facts.length, Some(5));
        assert_eq!(facts.date.as_deref(), Some("Mon, 06 Jul 2026 00:58:41 GMT"));
    }

    #[test]
    fn h1_lower_case_names_are_not_understood() {
        let facts = facts(
            "HTTP/1.1 200 OK\r\ncontent-type: Text/Plain\r\ncontent-length: 5\r\ndate: Mon, 06 Jul 2026 00:58:41 GMT\r\n\r\n",
        );
        assert!(facts.ok && !facts.text_plain);
        assert_eq!((facts.length, facts.date), (None, None));
    }

    #[test]
    fn h6_only_a_full_status_line_is_a_success() {
        for (line, ok) in [
            ("HTTP/1.0 200 OK", true),
            ("HTTP/1.1 200 ", true),
            ("HTTP/1.1 200", false),
            ("HTTP/1.1 201 Created", false),
            ("HTTP/2 200 OK", false),
            ("http/1.1 200 OK", false),
        ] {
            assert_eq!(facts(&format!("{line}\r\n\r\n")).ok, ok, "{line}");
        }
    }

    #[test]
    fn h5_long_heads_and_lines_do_not_fit() {
        let long_line = format!("HTTP/1.1 200 OK\r\nX-Note: {}\r\n\r\n", "x".repeat(LINE_LIMIT));
        assert!(matches!(read_head(long_line.as_bytes()), Err(WireError::LineTooLong)));
        let long_head = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Note: x\r\n".repeat(200));
        assert!(matches!(read_head(long_head.as_bytes()), Err(WireError::HeadTooLong)));
    }
}
