//! Rollcall's window, opened by `tauri-driver` and driven over WebDriver. `cargo xtask test --only window` gives it a
//! screen and a bus of its own, and says where the programs are:
//!
//! | variable | meaning |
//! | --- | --- |
//! | `ROLLCALL_WINDOW` | the program `rollcall`, built with its pages inside |
//! | `TAURI_DRIVER` | the program `tauri-driver` |
//! | `ROLLCALL_BUS` | the configuration of a message bus |
//! | `ROLLCALL_SCREENS` | where screenshots go |

use std::env;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Long enough for a loaded computer that draws in software; what is there is seen at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open window on a site of its own.
#[derive(Debug)]
pub struct Desktop {
    client: Client,
    driver: Driver,
    bus: Bus,
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
        let bus = Bus::start().await?;
        let (front, back) = (free()?, free()?);
        let driver = Command::new(variable("TAURI_DRIVER")?)
            .arg("--port")
            .arg(front.port().to_string())
            .arg("--native-port")
            .arg(back.port().to_string())
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .env("ROLLCALL_DATA", folder.path().join("site"))
            .env("ROLLCALL_MACHINES", machines.to_string())
            // The window's place and the page's memory belong to this site only.
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .env("XDG_DATA_HOME", folder.path().join("data"))
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .spawn()
            .context("tauri-driver does not start")?;
        let driver = Driver(driver);
        let application = serde_json::json!({ "application": variable("ROLLCALL_WINDOW")? });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities([("tauri:options".to_owned(), application)].into_iter().collect());
        let listening = async {
            let mut again = tokio::time::interval(Duration::from_millis(100));
            // Neither the driver nor WebKit's behind it says that it listens.
            while TcpStream::connect(back).await.is_err() || TcpStream::connect(front).await.is_err() {
                again.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, listening).await.context("tauri-driver does not listen")?;
        let client = tokio::time::timeout(PATIENCE, builder.connect(&format!("http://{front}")))
            .await
            .context("the window is not there in time")?
            .context("the window does not open")?;
        let desktop = Self { client, driver, bus, machines, folder };
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
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address)
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
        self.driver.end();
        tokio::time::timeout(PATIENCE, self.driver.0.wait()).await.context("tauri-driver does not end")??;
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

/// `tauri-driver`, which starts WebKit's driver behind it.
#[derive(Debug)]
struct Driver(Child);

impl Driver {
    /// Asks it to end; killed outright it would leave the one behind it running.
    fn end(&self) {
        if let Some(id) = self.0.id() {
            // A failure means that it has ended already.
            let _ = std::process::Command::new("kill").arg(id.to_string()).status();
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end();
    }
}

/// A message bus, on which a program that runs once finds itself. Each window has its own: the one before may still be
/// ending.
#[derive(Debug)]
struct Bus {
    address: String,
    _daemon: Child,
}

impl Bus {
    async fn start() -> Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(variable("ROLLCALL_BUS")?)
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("dbus-daemon does not start")?;
        let mut address = String::new();
        if let Some(output) = daemon.stdout.take() {
            BufReader::new(output).read_line(&mut address).await?;
        }
        Ok(Self { address: address.trim().to_owned(), _daemon: daemon })
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
