use std::io::Cursor;

use axum::http::Method;
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};

use crate::support::{Answer, Host};

const PHOTO: &str = "/api/employees/e1/photo";

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::new_rgb8(48, 64).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

async fn put(host: &Host, kind: &str, bytes: Vec<u8>) -> Answer {
    host.send_bytes(Method::PUT, PHOTO, kind, bytes).await
}

#[tokio::test]
async fn directory_2_1_a_photo_is_kept_sealed_and_given_back_as_it_was() {
    let host = Host::start().await;
    host.add_employee("e1", "王芳").await;
    host.get(PHOTO).await.problem(404, "photo.missing");
    let jpeg = picture(ImageFormat::Jpeg);
    let first = put(&host, "image/jpeg", jpeg.clone()).await;
    let first = first.ok(200)["photoFileId"].as_str().unwrap();
    assert_eq!(host.get("/api/employees/e1").await.ok(200)["photoFileId"], first);
    assert_eq!(host.get("/api/employees").await.ok(200)["items"][0]["photoFileId"], first);
    let got = host.get(PHOTO).await;
    assert_eq!((got.status, got.header("content-type"), &got.bytes), (200, Some("image/jpeg"), &jpeg));
    // Another one has another id, and the bytes decide what it is.
    let png = picture(ImageFormat::Png);
    let second = put(&host, "application/octet-stream", png.clone()).await;
    assert_ne!(second.ok(200)["photoFileId"], first);
    let got = host.get(PHOTO).await;
    assert_eq!((got.header("content-type"), &got.bytes), (Some("image/png"), &png));
    // Nothing of it lies on the disk in clear.
    let needle = &png[png.len() - 40..png.len() - 12];
    for name in ["rollcall.db", "rollcall.db-wal"] {
        let file = std::fs::read(host.folder.path().join("data").join(name)).unwrap_or_default();
        assert!(!file.windows(needle.len()).any(|window| window == needle), "{name}");
    }
    assert!(host.delete(PHOTO).await.ok(204).is_null());
    host.delete(PHOTO).await.problem(404, "photo.missing");
    assert_eq!(host.get("/api/employees/e1").await.ok(200)["photoFileId"], Value::Null);
    let audit = host.get("/api/audit").await;
    let lines: Vec<&Value> = audit.ok(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["what"] == "employee.photo")
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[2]["before"], &lines[2]["after"]), (&Value::Null, &json!({"photoFileId": first})));
}

#[tokio::test]
async fn directory_2_1_what_is_no_photo_is_refused() {
    let host = Host::start().await;
    host.add_employee("e1", "王芳").await;
    let png = picture(ImageFormat::Png);
    for bytes in [Vec::new(), b"hello".to_vec(), b"GIF89a".to_vec(), png[..png.len() / 2].to_vec()] {
        put(&host, "image/png", bytes).await.problem(422, "photo.unreadable");
    }
    put(&host, "image/png", vec![0; 10 * 1024 * 1024 + 1]).await.problem(413, "body.too_large");
    host.get(PHOTO).await.problem(404, "photo.missing");
    let nobody = "/api/employees/nobody/photo";
    host.send_bytes(Method::PUT, nobody, "image/png", png).await.problem(404, "employee.unknown");
    host.get(nobody).await.problem(404, "employee.unknown");
    host.delete(nobody).await.problem(404, "employee.unknown");
}
