//! A disk small enough to fill.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

/// A memory-backed file system of its own; unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts a disk of so many kibibytes. Needs the rights to mount, so mostly root.
    ///
    /// # Errors
    /// When it cannot be mounted, with what `mount` said.
    pub fn mount(kibibytes: u32) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("a temporary folder")?;
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kibibytes}k"), "rollcall-test"])
            .arg(folder.path())
            .output()
            .context("no mount command")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(Self { folder })
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room there is; deleting the file gives it back.
    ///
    /// # Errors
    /// When the disk fails in another way than being full.
    pub fn fill(&self) -> anyhow::Result<PathBuf> {
        let path = self.path().join("in-the-way");
        let mut file = File::create(&path).context("a file on the small disk")?;
        for size in [65_536, 4096] {
            let block = vec![b'x'; size];
            loop {
                match file.write_all(&block) {
                    Ok(()) => {}
                    Err(error) if error.kind() == std::io::ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("filling the small disk"),
                }
            }
        }
        Ok(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that is being killed may still hold files.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}
