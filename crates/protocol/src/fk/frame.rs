//! The body of a message: JSON, and the binaries it refers to (fk-http §2, §4).
//!
//! Both generations are told apart by their bytes and not by the `dev_model` header alone: a text that begins with a
//! brace is plain, whoever sends it.

use std::borrow::Cow;

use super::json::{Json, JsonError};
use crate::base64;
use crate::text::{self, Encoding};

/// Binaries in one message: a photo and what a person can be identified by, about thirty.
const MOST_BLOBS: usize = 256;

/// How a machine writes its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Generation {
    /// Length, JSON, zero byte, binaries behind it.
    #[default]
    Classic,
    /// JSON and a zero byte, binaries inside it as Base64; known by its `dev_model` header.
    New,
}

/// A body, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The JSON text without its zero byte; empty when the message has no parameters.
    pub text: Cow<'a, str>,
    /// How the machine writes text, as far as this message shows it.
    pub encoding: Option<Encoding>,
    /// `BIN_1`, `BIN_2` … in order.
    pub blobs: Vec<&'a [u8]>,
    /// Nothing was left over and nothing was missing.
    pub intact: bool,
}

/// The text of a message and the encoding it shows.
///
/// The second byte of a character may be a backslash in GB18030, and a name may happen to be UTF-8 as well: `洇竆` is `䦸\` then.
/// Read as that its quote would be gone, and the message with it. Which of the two it is shows in which is JSON.
fn read(bytes: &[u8]) -> (Cow<'_, str>, Option<Encoding>) {
    let (text, encoding) = (text::decode(bytes), text::detect(bytes));
    let ambiguous = || bytes.windows(2).any(|pair| matches!(pair, [0x81..=0xff, b'\\']));
    if encoding == Some(Encoding::Utf8) && ambiguous() && Json::parse_prefix(&text).is_err() {
        let other = text::gb18030(bytes).filter(|other| Json::parse_prefix(other).is_ok());
        if let Some(other) = other {
            return (other, Some(Encoding::Gb18030));
        }
    }
    (text, encoding)
}

/// Why a body is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Neither a length that fits nor a brace.
    #[error("the body is no message")]
    NotFramed,
}

impl<'a> Frame<'a> {
    /// Takes a body apart.
    ///
    /// The length in front counts the zero byte or does not, is absent on some machines, and zeros pad the end (§4).
    ///
    /// # Errors
    /// [`FrameError`] when there is no text to be found in it.
    pub fn parse(body: &'a [u8]) -> Result<Self, FrameError> {
        if body.iter().all(|byte| *byte == 0) {
            return Ok(Self { text: Cow::Borrowed(""), encoding: None, blobs: Vec::new(), intact: true });
        }
        if let Some((text, rest, zero)) = sized(body) {
            return Ok(Self::framed(text, rest, zero));
        }
        let plain = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
        if !plain.starts_with(b"{") && !plain.starts_with(b"[") {
            return Err(FrameError::NotFramed);
        }
        let (text, rest) = text::split_once(plain, 0).unwrap_or((plain, b""));
        Ok(Self::framed(text, rest, true))
    }

    /// `zero`: the text came with its zero byte.
    fn framed(text: &'a [u8], rest: &'a [u8], zero: bool) -> Self {
        // Else a zero byte behind the text is the text's, although its length does not count it. Only when the binaries do
        // not come out even the likelier way, the zero is what the other way says it is.
        let after_zero = rest.strip_prefix(b"\0").map(blobs);
        let (blobs, intact) = match after_zero {
            None => blobs(rest),
            Some(other) => {
                let (likely, other) = if zero { (blobs(rest), other) } else { (other, blobs(rest)) };
                if other.1 && !likely.1 { other } else { likely }
            }
        };
        let (text, encoding) = read(text);
        Self { text, encoding, blobs, intact }
    }

    /// The text as JSON; `null` when there is none. What follows the first value is ignored.
    ///
    /// # Errors
    /// [`JsonError`] when it is none.
    pub fn json(&self) -> Result<Json<'_>, JsonError> {
        if self.text.trim_matches(|c: char| c <= ' ').is_empty() {
            return Ok(Json::Null);
        }
        Json::parse_prefix(&self.text).map(|(value, _)| value)
    }

    /// The bytes a value stands for: `BIN_n`, else Base64. `None` for `null`, for an empty text, and for a binary that did
    /// not come.
    #[must_use]
    pub fn binary(&self, value: &Json<'_>) -> Option<Cow<'a, [u8]>> {
        let Json::Text(text) = value else { return None };
        let text = text.trim();
        match blob_number(text) {
            Some(number) => self.blobs.get(number.checked_sub(1)?).map(|blob| Cow::Borrowed(*blob)),
            None => base64::decode(text.as_bytes()).filter(|bytes| !bytes.is_empty()).map(Cow::Owned),
        }
    }

    /// Whether the body is a message from its first byte to its last, with every binary it speaks of: then it is not a
    /// piece of a longer one.
    #[must_use]
    pub fn is_whole(body: &[u8]) -> bool {
        let Ok(frame) = Frame::parse(body) else { return false };
        if !frame.intact {
            return false;
        }
        match Json::parse_prefix(&frame.text) {
            Ok((value @ Json::Object(_), rest)) => {
                rest.trim_matches(|c: char| c <= ' ').is_empty() && frame.has_all(&value)
            }
            _ => false,
        }
    }

    fn has_all(&self, value: &Json<'_>) -> bool {
        match value {
            Json::Text(text) => blob_number(text.trim()).is_none_or(|number| number <= self.blobs.len()),
            Json::List(values) => values.iter().all(|value| self.has_all(value)),
            Json::Object(members) => members.iter().all(|(_, value)| self.has_all(value)),
            _ => true,
        }
    }

    /// The text for the records: binaries inside it are replaced by their size, so that no picture or template gets
    /// where only text belongs.
    #[must_use]
    pub fn without_binaries(&self, value: &Json<'_>) -> String {
        let mut out = String::new();
        shortened(value).write(&mut out);
        out
    }
}

/// A text longer than this is taken for a binary; names and times are far shorter.
const LONGEST_TEXT: usize = 256;

fn shortened<'j>(value: &'j Json<'_>) -> Json<'j> {
    match value {
        Json::Text(text) if text.len() > LONGEST_TEXT => {
            Json::Text(Cow::Owned(format!("({} bytes)", text.len())))
        }
        Json::Text(text) => Json::Text(Cow::Borrowed(text)),
        Json::Number(text) => Json::Number(Cow::Borrowed(text)),
        Json::Bool(truth) => Json::Bool(*truth),
        Json::Null => Json::Null,
        Json::List(values) => Json::List(values.iter().map(shortened).collect()),
        Json::Object(members) => Json::Object(
            members.iter().map(|(name, value)| (Cow::Borrowed(&**name), shortened(value))).collect(),
        ),
    }
}

/// `n` of `BIN_n`.
fn blob_number(text: &str) -> Option<usize> {
    let (prefix, number) = text.split_at_checked(4)?;
    let number = prefix.eq_ignore_ascii_case("BIN_").then_some(number)?;
    number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

/// Text and rest of a body with a length in front, if there is one that fits; and whether the length counts the zero byte.
fn sized(body: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    let (length, rest) = body.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (text, rest) = rest.split_at_checked(length)?;
    // The zero byte, and those who count padding to the length as well.
    let kept = text.len() - text.iter().rev().take_while(|byte| **byte == 0).count();
    let zero = kept < text.len();
    text.get(..kept).map(|text| (text, rest, zero))
}

/// The binaries behind the text, and whether they come out even. Zeros at the end are padding.
fn blobs(mut rest: &[u8]) -> (Vec<&[u8]>, bool) {
    let mut found = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { return (found, false) };
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((blob, after)) = after.split_at_checked(length) else { return (found, false) };
        if found.len() == MOST_BLOBS {
            return (found, false);
        }
        found.push(blob);
        rest = after;
    }
    (found, true)
}

/// A message being written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    generation: Generation,
    blobs: Vec<Vec<u8>>,
}

impl Draft {
    /// A message for a machine of this generation.
    #[must_use]
    pub fn new(generation: Generation) -> Self {
        Self { generation, blobs: Vec::new() }
    }

    /// Adds a binary; what stands for it in the JSON.
    pub fn binary(&mut self, bytes: &[u8]) -> Json<'static> {
        Json::Text(Cow::Owned(match self.generation {
            Generation::New => base64::encode(bytes),
            Generation::Classic => {
                self.blobs.push(bytes.to_vec());
                format!("BIN_{}", self.blobs.len())
            }
        }))
    }

    /// The body.
    #[must_use]
    pub fn finish(self, json: &Json<'_>, encoding: Encoding) -> Vec<u8> {
        let mut text = String::new();
        json.write(&mut text);
        let text = text::encode(&text, encoding);
        let mut out = Vec::with_capacity(text.len() + 5);
        if self.generation == Generation::Classic {
            put_length(text.len() + 1, &mut out);
        }
        out.extend_from_slice(&text);
        out.push(0);
        for blob in &self.blobs {
            put_length(blob.len(), &mut out);
            out.extend_from_slice(blob);
        }
        out
    }
}

fn put_length(length: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}
