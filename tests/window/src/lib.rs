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
use tempfile::TempDir;
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
    _folder: TempDir,
}

impl Desktop {
    /// Opens the program on an empty site.
    pub async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let machines = free()?;
        Self::open_in(folder, machines).await
    }

    /// Opens it in a folder, listening for machines there.
    pub async fn open_in(folder: TempDir, machines: SocketAddr) -> Result<Self> {
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
            .env("LC_ALL", "zh_CN.UTF-8")
            .env("LANGUAGE", "zh_CN")
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
                // The driver says nowhere that it listens.
                if tokio::net::TcpStream::connect(front).await.is_ok() {
                    break builder.connect(&address).await;
                }
            }
        })
        .await
        .context("tauri-driver does not listen")?
        .context("the window does not open")?;
        Ok(Self { client, driver, machines, _folder: folder })
    }

    /// Waits until something is on the page, by CSS.
    pub async fn see(&self, css: &str) -> Result<Element> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        self.or_page(found, css).await
    }

    /// Waits until something with this `data-testid` is on the page.
    pub async fn part(&self, id: &str) -> Result<Element> {
        self.see(&format!("[data-testid='{id}']")).await
    }

    /// Waits until a text is on the page.
    pub async fn read(&self, text: &str) -> Result<Element> {
        let path = format!("//body//*[not(self::script)][contains(normalize-space(text()), '{text}')]");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        self.or_page(found, text).await
    }

    /// Types into a field with this `data-testid`.
    pub async fn write(&self, id: &str, text: &str) -> Result<()> {
        self.part(id).await?.send_keys(text).await.with_context(|| format!("{id} takes no text"))
    }

    /// Presses something with this `data-testid`.
    pub async fn press(&self, id: &str) -> Result<()> {
        self.part(id).await?.click().await.with_context(|| format!("{id} cannot be pressed"))
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, name: &str) -> Result<()> {
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
