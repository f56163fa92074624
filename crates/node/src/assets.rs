//! The console's pages, which travel inside the program: it needs no internet and no folder beside it.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::api::Problem;

/// In a debug build the files are read from the folder at each request, so a new `npm run build` shows at once.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Pages;

/// The page every address of the console's own begins with; it finds its way by itself.
const START: &str = "index.html";
/// Files whose name changes with their content.
const HASHED: &str = "assets/";

/// Scripts only from here; styles inline too, since the component library writes its own; no frames, no plug-ins.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// What is shown when the program was built without its pages.
const MISSING: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Rollcall</title>\
    <h1>Rollcall</h1>\
    <p>程序正在运行，考勤机可以照常上传；但这个版本没有带上控制台页面。请先在 ui 目录执行 <code>npm ci</code> 和 \
    <code>npm run build</code>，然后重新编译并启动，或者直接执行 <code>cargo xtask run</code>。</p>\
    <p lang=\"en\">The program runs and machines can push to it, but it was built without the console's pages. \
    Run <code>npm ci</code> and <code>npm run build</code> in the folder <code>ui</code>, build and start it again; \
    or run <code>cargo xtask run</code>, which does all of it.</p>\
    <p><a href=\"/api/health\">/api/health</a></p></html>";

/// Answers a request for a page or a file of the console.
pub(crate) fn serve(method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let problem = Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method.not_allowed",
            format!("{method} is not for {path}"),
        );
        return ([(header::ALLOW, "GET, HEAD")], problem).into_response();
    }
    let name = path.trim_start_matches('/');
    if let Some(file) = Some(name).filter(|name| !name.is_empty()).and_then(Pages::get) {
        return file_response(name, &file, headers);
    }
    // A file that is not there is not there; any other address is a page's.
    let is_file = name.starts_with(HASHED) || name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if is_file && name != START {
        return Problem::not_found("path.unknown", format!("there is nothing at {path}")).into_response();
    }
    match Pages::get(START) {
        Some(file) => file_response(START, &file, headers),
        None => page(MISSING.as_bytes().to_vec().into(), "text/html; charset=utf-8", "no-store"),
    }
}

fn file_response(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    use std::fmt::Write;
    let hash = file.metadata.sha256_hash();
    let mut tag = hash.iter().take(16).fold(String::from("\""), |mut tag, byte| {
        let _ = write!(tag, "{byte:02x}");
        tag
    });
    tag.push('"');
    let cache = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let same = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let mut response = if same {
        page(Body::empty(), "", cache)
    } else {
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let charset = if kind.type_() == mime_guess::mime::TEXT { "; charset=utf-8" } else { "" };
        page(Body::from(file.data.to_vec()), &format!("{kind}{charset}"), cache)
    };
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn page(body: Body, kind: &str, cache: &'static str) -> Response {
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
