//! The console in its window.

use anyhow::Result;
use rollcall_window_tests::Desktop;

#[tokio::test]
#[ignore = "needs a screen and the built programs: cargo xtask test --only window"]
async fn a_punch_appears_with_the_persons_name() -> Result<()> {
    let desktop = Desktop::open().await?;
    desktop.see("h1").await?;
    desktop.picture("window-shell").await?;
    desktop.close().await
}
