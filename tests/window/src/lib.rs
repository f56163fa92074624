//! Rollcall's window, opened by `tauri-driver` and driven over WebDriver. `cargo xtask test --only window` gives it a
//! screen and a bus of its own, and says where the programs are:
//!
//! | variable | meaning |
//! | --- | --- |
//! | `ROLLCALL_WINDOW` | the program `rollcall`, built with its pages inside |
//! | `TAURI_DRIVER` | the program `tauri-driver` |
//! | `ROLLCALL_SCREENS` | where screenshots go |

use std::env;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Long enough for a loaded computer that draws in software; what is there is seen at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open window on a site of its own.
#[derive(Debug)]
pub struct Desktop {
    client: Client,
    driver: Child,
    /// Where machines connect to.
    pub machines: SocketAddr,
    // Removed last.
    folder: TempDir,
}

impl Desktop {
    /// Opens the program on an empty site.
    pub async fn open() -> Result<Self> {
        Self::listening(free()?).await
    }

    /// Opens it on an empty site, listening for machines there.
    pub async fn listening(machines: SocketAddr) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (front, back) = (free()?, free()?);
        let driver = Command::new(variable("TAURI_DRIVER")?)
            .arg("--port")
            .arg(front.port().to_string())
            .arg("--native-port")
            .arg(back.port().to_string())
            .env("ROLLCALL_DATA", folder.path().join("site"))
            .env("ROLLCALL_MACHINES", machines.to_string())
            // The window's place and the page's memory belong to this site only.
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .env("XDG_DATA_HOME", folder.path().join("data"))
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .kill_on_drop(true)
            .spawn()
            .context("tauri-driver does not start")?;
        let application = serde_json::json!({ "application": variable("ROLLCALL_WINDOW")? });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities([("tauri:options".to_owned(), application)].into_iter().collect());
        let address = format!("http://{front}");
        let client = tokio::time::timeout(PATIENCE, async {
            let mut again = tokio::time::interval(Duration::from_millis(100));
            loop {
                again.tick().await;
                // Neither the driver nor WebKit's behind it says that it listens.
                if TcpStream::connect(back).await.is_ok() && TcpStream::connect(front).await.is_ok() {
                    break builder.connect(&address).await;
                }
            }
        })
        .await
        .context("tauri-driver does not listen")?
        .context("the window does not open")?;
        let desktop = Self { client, driver, machines, folder };
        desktop.see("nav").await?;
        // Whatever this computer speaks.
        let chinese = Locator::XPath("//button[normalize-space(.)='中文']");
        if let Ok(button) = desktop.client.find(chinese).await {
            button.click().await?;
        }
        desktop.read("总览").await?;
        Ok(desktop)
    }

    /// Starts the program once more, as somebody does who does not see that it runs, and waits for its end.
    pub async fn start_again(&self) -> Result<()> {
        let start = Command::new(variable("ROLLCALL_WINDOW")?)
            .env("ROLLCALL_DATA", self.folder.path().join("site"))
            .kill_on_drop(true)
            .status();
        let status =
            tokio::time::timeout(PATIENCE, start).await.context("a second instance keeps running")??;
        anyhow::ensure!(status.success(), "a second instance ended with {status}");
        Ok(())
    }

    /// Waits until something is on the page, by CSS.
    pub async fn see(&self, css: &str) -> Result<Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        self.or_page(found, css).await
    }

    /// Waits until a text is on the page.
    pub async fn read(&self, text: &str) -> Result<Element> {
        self.find(&format!("//body//*[not(self::script)][text()[contains(., '{text}')]]"), text).await
    }

    /// Waits until the page is the one with this heading.
    pub async fn headed(&self, text: &str) -> Result<Element> {
        self.find(&format!("//h1[normalize-space(.)='{text}']"), text).await
    }

    /// Types into the field with this label.
    pub async fn write(&self, label: &str, text: &str) -> Result<()> {
        let found = self.find(&format!("//label[normalize-space(.)='{label}']"), label).await?;
        let id = found.attr("for").await?.with_context(|| format!("the label {label} is of no field"))?;
        let field = self.see(&format!("[id='{id}']")).await?;
        field.send_keys(text).await.with_context(|| format!("{label} takes no text"))
    }

    /// Presses the button or follows the link that says this.
    pub async fn press(&self, text: &str) -> Result<()> {
        let path = format!("//*[self::button or self::a][normalize-space(.)='{text}']");
        let found = self.find(&path, text).await?;
        found.click().await.with_context(|| format!("{text} cannot be pressed"))
    }

    /// Calls the API from the page, the way the page does.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let body = body.map(|body| body.to_string());
        let request = serde_json::json!({ "method": method, "path": path, "body": body });
        let script = "const [request, done] = arguments; window.__TAURI_INTERNALS__.invoke('api', { request }).then(done, done)";
        let answer = self.client.execute_async(script, vec![request]).await?;
        let status = answer.get("status").and_then(Value::as_u64).unwrap_or_default();
        anyhow::ensure!((200..300).contains(&status), "{method} {path} was answered {answer}");
        let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_str(body)? })
    }

    async fn find(&self, path: &str, what: &str) -> Result<Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await;
        self.or_page(found, what).await
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, name: &str) -> Result<()> {
        // What is on the page is not on the screen before it has been drawn.
        let drawn = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))";
        self.client.execute_async(drawn, Vec::new()).await?;
        let folder = PathBuf::from(variable("ROLLCALL_SCREENS")?);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await?)?;
        Ok(())
    }

    /// The driver's own calls.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the window and waits for the driver's end.
    pub async fn close(mut self) -> Result<()> {
        self.client.clone().close().await.context("the window does not close")?;
        if let Some(id) = self.driver.id() {
            // Killed outright it would leave the browser's driver behind.
            Command::new("kill").arg(id.to_string()).status().await?;
        }
        tokio::time::timeout(PATIENCE, self.driver.wait()).await.context("tauri-driver does not end")??;
        Ok(())
    }

    /// What the page shows instead of what was looked for.
    async fn or_page<T, E>(&self, found: Result<T, E>, what: &str) -> Result<T>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        match found {
            Ok(found) => Ok(found),
            Err(error) => {
                self.picture("window-failed").await?;
                let page = self.client.execute("return document.body.innerText", Vec::new()).await?;
                Err(error).with_context(|| format!("'{what}' is not on the page, which says: {page}"))
            }
        }
    }
}

/// A port nobody listens on.
pub fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn variable(name: &str) -> Result<String> {
    env::var(name)
        .with_context(|| format!("{name} is not set; start this with `cargo xtask test --only window`"))
}
