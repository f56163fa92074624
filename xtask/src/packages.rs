//! What Rollcall needs of the operating system. Debian and Ubuntu: installed. Elsewhere: named.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::paths;
use crate::sh::sh;

/// Which part of Rollcall is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// The headless node: a C compiler, for SQLite.
    Node,
    /// The window.
    Window,
    /// The checks in a browser.
    Browser,
    /// The checks in the real window, without a screen.
    WindowTests,
    /// The checks that are Python programs.
    Python,
}

/// A thing that is needed, and how to see whether it is there.
struct Need {
    part: For,
    /// Debian's packages; the first one apt knows is taken.
    packages: &'static [&'static str],
    /// Programs any one of which is enough, wherever it comes from; empty: ask dpkg.
    programs: &'static [&'static str],
}

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser the checks use.
pub fn browser() -> Option<PathBuf> {
    paths::in_path(BROWSERS)
}

const NEEDS: &[Need] = &[
    Need { part: For::Node, packages: &["build-essential"], programs: &["cc"] },
    Need { part: For::Window, packages: &["pkg-config"], programs: &["pkg-config"] },
    Need { part: For::Window, packages: &["libwebkit2gtk-4.1-dev"], programs: &[] },
    // The tray's icon; loaded when the program starts.
    Need { part: For::Window, packages: &["libayatana-appindicator3-1"], programs: &[] },
    // Names are Chinese; without a font for them the window shows boxes.
    Need { part: For::Window, packages: &["fonts-noto-cjk"], programs: &[] },
    Need { part: For::Browser, packages: &["fonts-noto-cjk"], programs: &[] },
    Need { part: For::Browser, packages: &["chromium", "chromium-browser"], programs: BROWSERS },
    Need { part: For::WindowTests, packages: &["xvfb"], programs: &["Xvfb"] },
    Need { part: For::WindowTests, packages: &["xauth"], programs: &["xauth"] },
    Need { part: For::WindowTests, packages: &["webkit2gtk-driver"], programs: &["WebKitWebDriver"] },
    Need { part: For::WindowTests, packages: &["dbus-daemon", "dbus"], programs: &["dbus-daemon"] },
];

/// Sees to it that what `parts` need is there.
pub fn ensure(parts: &[For]) -> Result<()> {
    node()?;
    if cfg!(target_os = "linux") {
        linux(parts)
    } else if cfg!(windows) {
        windows(parts)
    } else {
        mac(parts)
    }
}

/// Node 20.19 is the oldest the UI's build tool runs on.
fn node() -> Result<()> {
    let version = sh("node")?.arg("--version").output().unwrap_or_default();
    match parse_version(&version) {
        Some((major, minor)) if (major, minor) >= (20, 19) => Ok(()),
        Some(_) => bail!(
            "Node {} is too old: Rollcall's console needs 20.19 or newer, see https://nodejs.org",
            version.trim()
        ),
        None => bail!("Node is missing: Rollcall's console needs 20.19 or newer, see https://nodejs.org"),
    }
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn linux(parts: &[For]) -> Result<()> {
    let mut missing: Vec<&Need> =
        NEEDS.iter().filter(|need| parts.contains(&need.part) && !there(need)).collect();
    let python = Need { part: For::Python, packages: &["python3-venv"], programs: &[] };
    // Asked of Python itself: it need not be Debian's.
    if parts.contains(&For::Python) && !sh("python3")?.args(["-c", "import venv, ensurepip"]).works() {
        missing.push(&python);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let first: Vec<&str> = missing.iter().filter_map(|need| need.packages.first().copied()).collect();
    if paths::in_path(&["apt-get"]).is_none() {
        bail!(
            "These are missing (Debian's names): {}.\nInstall what your distribution calls them and start again.",
            first.join(" ")
        );
    }
    apt(&["update", "-qq"], &first)?;
    let mut names: Vec<&str> = Vec::new();
    for need in missing {
        let known = need.packages.iter().find(|name| known_to_apt(name));
        let Some(name) = known else {
            bail!(
                "apt knows none of: {}. Is this Debian 12, Ubuntu 22.04 or newer?",
                need.packages.join(" ")
            );
        };
        if !names.contains(name) {
            names.push(name);
        }
    }
    println!("Installing {}", names.join(" "));
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"];
    arguments.extend(&names);
    apt(&arguments, &names)
}

fn there(need: &Need) -> bool {
    if !need.programs.is_empty() {
        return paths::in_path(need.programs).is_some();
    }
    need.packages.iter().any(|name| {
        sh("dpkg-query")
            .and_then(|query| query.args(["-W", "-f=${Status}", name]).output_quiet())
            .is_ok_and(|status| status.contains("install ok installed"))
    })
}

fn known_to_apt(name: &str) -> bool {
    sh("apt-cache").is_ok_and(|cache| cache.args(["show", name]).works())
}

fn apt(arguments: &[&str], wanted: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get update && sudo apt-get install {}", wanted.join(" "));
    let command = if is_root() {
        sh("apt-get")?
    } else if paths::in_path(&["sudo"]).is_some() {
        // sudo asks for the password on the terminal, and drops the environment.
        sh("sudo")?.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else {
        bail!(
            "Some packages are missing, and without root or sudo they cannot be installed from here:\n  {by_hand}"
        );
    };
    let outcome = command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).run();
    match outcome {
        Ok(()) => Ok(()),
        // An unreachable third repository is no reason to stop: what is needed may be known already.
        Err(error) if arguments.first() == Some(&"update") => {
            eprintln!("{error:#}; going on with the lists there are");
            Ok(())
        }
        Err(error) => Err(error.context(format!("the packages did not install; by hand: {by_hand}"))),
    }
}

fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status.lines().any(|line| {
            line.strip_prefix("Uid:").is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
        })
    })
}

fn windows(parts: &[For]) -> Result<()> {
    let mut advice = Vec::new();
    if std::env::var_os("VSINSTALLDIR").is_none() && paths::in_path(&["link"]).is_none() {
        let vswhere = std::env::var_os("ProgramFiles(x86)")
            .map(|folder| PathBuf::from(folder).join("Microsoft Visual Studio/Installer/vswhere.exe"));
        let found = vswhere.is_some_and(|program| {
            sh(program).is_ok_and(|vswhere| {
                vswhere
                    .args([
                        "-products",
                        "*",
                        "-requires",
                        "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
                        "-property",
                        "installationPath",
                    ])
                    .output()
                    .is_ok_and(|path| !path.trim().is_empty())
            })
        });
        if !found {
            advice.push("The C++ build tools are missing: winget install Microsoft.VisualStudio.2022.BuildTools --override \"--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"");
        }
    }
    if parts.contains(&For::Window) {
        let keys = [
            r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
            r"HKCU\Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
        ];
        if !keys.iter().any(|key| sh("reg").is_ok_and(|reg| reg.args(["query", key, "/v", "pv"]).works())) {
            advice.push("The WebView2 runtime is missing: winget install Microsoft.EdgeWebView2Runtime");
        }
    }
    told(&advice)
}

fn mac(_parts: &[For]) -> Result<()> {
    let mut advice = Vec::new();
    if !sh("xcode-select")?.arg("-p").works() {
        advice.push("The command line tools are missing: xcode-select --install");
    }
    told(&advice)
}

fn told(advice: &[&str]) -> Result<()> {
    if advice.is_empty() {
        return Ok(());
    }
    bail!("{}\nThen open a new terminal and start again.", advice.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read() {
        assert_eq!(parse_version("v20.19.4\n"), Some((20, 19)));
        assert_eq!(parse_version("v22.0.0-rc.1"), Some((22, 0)));
        assert_eq!(parse_version(""), None);
        assert_eq!(parse_version("nonsense"), None);
    }
}
