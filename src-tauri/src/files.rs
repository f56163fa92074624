//! The command `save`: a file the console gives out, put where the computer's owner looks for what they have downloaded.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use rollcall_protocol::base64;
use tauri::{AppHandle, Manager as _};

/// How many names are tried when a file is there already.
const NAMES_MOST: u32 = 1_000;

/// Saves a file, its bytes in base64, among the downloads, and says where. An error is the system's word for it.
#[tauri::command]
pub fn save(app: AppHandle, name: String, base64: String) -> Result<String, String> {
    let bytes = base64::decode(base64.as_bytes()).ok_or_else(|| "the file is no base64".to_owned())?;
    let folder = app.path().download_dir().map_err(|error| error.to_string())?;
    let path = put(&folder, &name, &bytes).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(path.display().to_string())
}

/// Never over a file that is there: the next one is `name (2).csv`.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let name: String =
        name.chars().filter(|letter| !r#"/\:*?"<>|"#.contains(*letter) && !letter.is_control()).collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name.as_str(), "txt"));
    for number in 1..=NAMES_MOST {
        let again = if number == 1 { String::new() } else { format!(" ({number})") };
        let path = folder.join(format!("{stem}{again}.{ending}"));
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}
