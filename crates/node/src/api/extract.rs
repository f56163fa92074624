//! Reading a request strictly: what cannot be read is 400, what can be read and is wrong is 422 with a pointer to it.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header, request::Parts};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess};
use serde_path_to_error::Segment;

use super::problem::Problem;

/// Bytes a body may have; ten thousand roster entries fit.
pub(crate) const BODY_MOST: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A JSON body of at most `MOST` bytes.
pub(crate) struct Body<T, const MOST: usize = BODY_MOST>(pub T);

impl<T: DeserializeOwned, S: Send + Sync, const MOST: usize> FromRequest<S> for Body<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "body.not_json",
                "send JSON with the header Content-Type: application/json",
            ));
        }
        let arriving = tokio::time::timeout(BODY_TIME, collect(request.into_body(), MOST)).await;
        parse(&arriving.map_err(|_| incomplete())??).map(Self)
    }
}

/// The bytes of a body of at most `MOST`, whatever they are.
pub(crate) struct Raw<const MOST: usize>(pub Bytes);

impl<S: Send + Sync, const MOST: usize> FromRequest<S> for Raw<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let arriving = tokio::time::timeout(BODY_TIME, collect(request.into_body(), MOST)).await;
        Ok(Self(arriving.map_err(|_| incomplete())??.freeze()))
    }
}

/// The whole body. One that announces too much is refused before any of it is read.
pub(crate) async fn collect(body: axum::body::Body, most: usize) -> Result<BytesMut, Problem> {
    if body.size_hint().lower() > most as u64 {
        return Err(too_large(most));
    }
    let (mut pieces, mut bytes) = (body.into_data_stream(), BytesMut::new());
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| incomplete())?;
        if bytes.len().saturating_add(piece.len()) > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn incomplete() -> Problem {
    Problem::unreadable("body.incomplete", "the body did not arrive whole")
}

fn too_large(most: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body.too_large",
        format!("the body of this call may have at most {most} bytes"),
    )
}

fn is_json(request: &Request) -> bool {
    let Some(kind) = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.len() > 5 && kind.get(kind.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case("+json")))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let mut pointer = pointer(error.path());
        let inner = error.into_inner();
        // serde names the object; the form on the screen wants the field.
        let text = inner.to_string();
        let named =
            ["missing field `", "duplicate field `"].iter().find_map(|start| text.strip_prefix(start));
        if let Some((field, _)) = named.and_then(|rest| rest.split_once('`')) {
            pointer.push('/');
            pointer.push_str(field);
        }
        // The parser calls it a syntax error when a name of a list was wanted and `null` or a number is there.
        if inner.is_data() || serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
            Problem::invalid(&pointer, "body.invalid", without_position(&inner))
        } else {
            Problem::unreadable("body.unreadable", format!("this is not JSON: {inner}"))
        }
    })?;
    reader
        .end()
        .map_err(|error| Problem::unreadable("body.unreadable", format!("this is not JSON: {error}")))?;
    Ok(value)
}

/// A JSON object and nothing else: serde would take a list of the values in their order as well.
#[derive(Debug)]
pub(crate) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Visitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        reader.deserialize_map(Visitor(PhantomData))
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for segment in path {
        let _ = match segment {
            Segment::Seq { index } => write!(out, "/{index}"),
            Segment::Map { key } => write!(out, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => write!(out, "/{variant}"),
            Segment::Unknown => Ok(()),
        };
    }
    out
}

/// serde's sentence; where it is, the pointer says better than line and column.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or_else(|| text.clone(), |(sentence, _)| sentence.to_owned())
}

/// The query of the address; a parameter nobody knows is refused, since it is a misspelt filter.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|rejection| Problem::unreadable("query.unreadable", rejection.body_text()))
    }
}

/// The variable parts of the path.
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(path)| Self(path))
            .map_err(|rejection| Problem::unreadable("path.unreadable", rejection.body_text()))
    }
}

/// For a PATCH of something that cannot be cleared: absent is `None` and leaves as it is, `null` is refused.
pub(crate) fn given<'de, T, D>(reader: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    T::deserialize(reader).map(Some)
}

/// For a PATCH: absent is `None` and leaves as it is, `null` is `Some(None)` and clears.
pub(crate) fn nullable<'de, T, D>(reader: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    <Option<T> as Deserialize>::deserialize(reader).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Thing {
        #[serde(default)]
        #[expect(dead_code, reason = "only its reading is looked at")]
        people: Vec<Person>,
        #[serde(default, deserialize_with = "nullable")]
        model: Option<Option<String>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Person {
        #[serde(rename = "a/b")]
        #[expect(dead_code, reason = "only its reading is looked at")]
        ab: u8,
    }

    fn refused(body: &str) -> String {
        let problem = parse::<Thing>(body.as_bytes()).unwrap_err();
        let value = serde_json::to_value(&problem).unwrap();
        format!("{} {} {}", value["status"], problem.code(), value["fields"][0]["pointer"])
    }

    #[test]
    fn unreadable_and_invalid_are_told_apart() {
        assert_eq!(refused("{"), "400 body.unreadable null");
        assert_eq!(refused("{} x"), "400 body.unreadable null");
        assert_eq!(refused(""), "400 body.unreadable null");
        assert_eq!(refused("{\"model\": \"\u{1}\"}"), "400 body.unreadable null");
        for body in ["[]", "[[], null]", "null", "7", "\"x\""] {
            assert_eq!(refused(body), "422 body.invalid \"\"", "{body}");
        }
        assert_eq!(refused(r#"{"modle": "x"}"#), "422 body.invalid \"/modle\"");
        assert_eq!(
            refused(r#"{"people": [{"a/b": 1}, {"a/b": -1}]}"#),
            "422 body.invalid \"/people/1/a~1b\""
        );
        assert_eq!(refused(&"[".repeat(200)), "422 body.invalid \"\"");
        assert_eq!(refused(&format!(r#"{{"x": {}"#, "[".repeat(200))), "422 body.invalid \"/x\"");
    }

    #[test]
    fn absent_and_null_differ_in_a_change() {
        assert_eq!(parse::<Thing>(b"{}").unwrap().model, None);
        assert_eq!(parse::<Thing>(br#"{"model": null}"#).unwrap().model, Some(None));
        assert_eq!(parse::<Thing>(br#"{"model": "x"}"#).unwrap().model, Some(Some("x".into())));
    }
}
