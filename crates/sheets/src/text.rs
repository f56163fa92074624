//! Which encoding a text is in.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::SheetError;

/// The text of a file. What is valid UTF-8 is: the bytes of Chinese in GBK hardly ever are.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    match encoding.decode_without_bom_handling(bytes) {
        // A NUL is in no text: these are bytes of something else.
        (text, false) if !text.contains('\0') => Ok(text),
        _ => Err(SheetError::Encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directory_2_2_encodings_are_told_apart() {
        let text = "姓名,工号\n王芳,007\n";
        let utf16: Vec<u8> =
            "\u{feff}姓名,工号\n王芳,007\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let files = [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            GB18030.encode(text).0.into_owned(),
            utf16,
        ];
        for file in files {
            assert_eq!(decode(&file).unwrap(), text);
        }
        // Beyond GBK, in GB18030's four bytes.
        let rare = "𠮷田,嘢㐂";
        assert_eq!(decode(&GB18030.encode(rare).0).unwrap(), rare);
        for bytes in [&b"\xff\xff\xff"[..], b"a\0b", b"\x89PNG\r\n\x1a\n\0\0", b"\xef\xbb\xbf\xff"] {
            assert_eq!(decode(bytes).unwrap_err().code(), "sheet.encoding");
        }
    }
}
