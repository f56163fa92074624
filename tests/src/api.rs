//! The console API as another program uses it.

use anyhow::{Context as _, bail, ensure};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// A client that carries the token.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
}

/// An answer of the API.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// `Content-Type`, empty when there is none.
    pub content_type: String,
    /// The body; null when there is none, a string when it is not JSON.
    pub body: Value,
}

impl Reply {
    /// `code` of a problem.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    fn good(self, call: &str) -> anyhow::Result<Value> {
        ensure!(self.status.is_success(), "{call} answered {} {}", self.status, self.body);
        Ok(self.body)
    }
}

impl Api {
    /// A client for the console at `base`, for example `http://127.0.0.1:8090`.
    #[must_use]
    pub fn new(base: String, token: String) -> Self {
        // A connection for every call: what one call does to its connection must not look like a fault of the next.
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap_or_default();
        Self { client, base, token }
    }

    /// One call with whatever answer comes.
    ///
    /// # Errors
    /// When no HTTP answer comes.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Reply> {
        let mut request =
            self.client.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        Self::answer(request, &format!("{method} {path}")).await
    }

    /// One call with a body that may be anything.
    ///
    /// # Errors
    /// When no HTTP answer comes.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> anyhow::Result<Reply> {
        let call = format!("{method} {path}");
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        Self::answer(request.header("content-type", content_type).body(body), &call).await
    }

    /// One call without the token.
    ///
    /// # Errors
    /// When no HTTP answer comes.
    pub async fn tokenless(&self, path: &str) -> anyhow::Result<Reply> {
        Self::answer(self.client.get(format!("{}{path}", self.base)), path).await
    }

    async fn answer(request: reqwest::RequestBuilder, call: &str) -> anyhow::Result<Reply> {
        let response = request.send().await.with_context(|| format!("{call} was not answered"))?;
        let status = response.status();
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let text = response.text().await.with_context(|| format!("{call}: the answer broke off"))?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Ok(Reply { status, content_type, body })
    }

    /// GET that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call(Method::GET, path, None).await?.good(path)
    }

    /// POST that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.call(Method::POST, path, Some(&body)).await?.good(path)
    }

    /// PATCH that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn patch(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.call(Method::PATCH, path, Some(&body)).await?.good(path)
    }

    /// Watches what changes, from now on.
    ///
    /// # Errors
    /// When there is no stream.
    pub async fn watch(&self) -> anyhow::Result<Watch> {
        let request = self.client.get(format!("{}/api/events", self.base)).bearer_auth(&self.token);
        let response = request.send().await.context("no event stream")?;
        ensure!(response.status().is_success(), "the event stream answered {}", response.status());
        Ok(Watch { response, text: String::new() })
    }

    /// Every item of a list, page by page.
    ///
    /// # Errors
    /// When a page cannot be had or a cursor leads nowhere.
    pub async fn list(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let separator = if path.contains('?') { "&" } else { "?" };
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = match &cursor {
                None => self.get(&format!("{path}{separator}limit=1000")).await?,
                Some(cursor) => self.get(&format!("{path}{separator}limit=1000&cursor={cursor}")).await?,
            };
            let before = items.len();
            items.extend(
                page.get("items").and_then(Value::as_array).context("a list without items")?.iter().cloned(),
            );
            match page.get("next").and_then(Value::as_str) {
                None => return Ok(items),
                Some(_) if items.len() == before => bail!("{path}: an empty page says that more follows"),
                Some(next) => cursor = Some(next.to_owned()),
            }
        }
    }

    /// `total` of a list.
    ///
    /// # Errors
    /// When it cannot be had.
    pub async fn total(&self, path: &str) -> anyhow::Result<u64> {
        let separator = if path.contains('?') { "&" } else { "?" };
        let page = self.get(&format!("{path}{separator}limit=1")).await?;
        page.get("total").and_then(Value::as_u64).context("a list without total")
    }

    /// Adds a machine.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn add_machine(&self, sn: &str, name: &str) -> anyhow::Result<Value> {
        self.post("/api/machines", json!({ "sn": sn, "name": name, "timeZone": "Asia/Shanghai" })).await
    }

    /// Every punch of a machine.
    ///
    /// # Errors
    /// When they cannot be had.
    pub async fn punches_of(&self, sn: &str) -> anyhow::Result<Vec<Value>> {
        self.list(&format!("/api/punches?sn={sn}")).await
    }
}

/// The event stream.
#[derive(Debug)]
pub struct Watch {
    response: reqwest::Response,
    text: String,
}

impl Watch {
    /// The next event: its name and its data.
    ///
    /// # Errors
    /// When the stream has ended.
    pub async fn next(&mut self) -> anyhow::Result<(String, Value)> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned()).unwrap_or_default()
                };
                let (event, data) = (field("event:"), field("data:"));
                self.text = rest.to_owned();
                if !event.is_empty() {
                    return Ok((event, serde_json::from_str(&data).unwrap_or(Value::Null)));
                }
            }
            let piece = self.response.chunk().await.context("the stream broke off")?;
            let piece = piece.context("the stream has ended")?;
            self.text.push_str(&String::from_utf8_lossy(&piece));
        }
    }
}
