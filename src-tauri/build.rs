//! Tauri's build step, told that its files live in `src-tauri` although the package is at the top.

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .windows_attributes(tauri_build::WindowsAttributes::new().window_icon_path("assets/icons/icon.ico"));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=tauri: {error:#}");
    }
}
