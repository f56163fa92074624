use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nsomething that only its owner may read";

async fn put(
    site: &Site,
    id: AppealId,
    name: Option<&'static str>,
    data: Vec<u8>,
) -> Result<Appeal, AppealError> {
    site.write(move |tx| evidence_put(tx, &console(), id, name, &data)).await
}

async fn get(site: &Site, id: AppealId) -> Result<Evidence, AppealError> {
    let vault = site.vault().clone();
    site.read(move |conn| evidence_get(conn, &vault, id)).await
}

#[test]
fn attendance_6_6_evidence_is_what_its_bytes_begin_with() {
    for (bytes, kind) in [
        (&b"\xff\xd8\xff\xe0\x00\x10JFIF"[..], Some(EvidenceType::Jpeg)),
        (PNG, Some(EvidenceType::Png)),
        (b"%PDF-1.7\n", Some(EvidenceType::Pdf)),
        (b"", None),
        (b"\xff\xd8", None),
        (b"GIF89a", None),
        (b"<svg xmlns=", None),
        (b" %PDF-1.7", None),
        (b"PK\x03\x04", None),
    ] {
        assert_eq!(EvidenceType::of(bytes), kind, "{bytes:?}");
    }
}

#[tokio::test]
async fn attendance_6_6_evidence_lies_sealed_beside_an_open_appeal() {
    let (site, clock, folder) = a_site().await;
    later(&clock, 1);
    judged(&site, "e1", "2026-07-06", "day", &[MarkKind::Late]).await;
    let id = raise(&site, new("e1", "2026-07-06", MarkKind::Late, None)).await.unwrap().id;
    assert_eq!(code(get(&site, id).await), "evidence.missing");
    assert_eq!(code(put(&site, id, None, b"hello".to_vec()).await), "evidence.type");
    let large = [b"%PDF-", vec![0; EVIDENCE_MOST].as_slice()].concat();
    assert_eq!(code(put(&site, id, None, large).await), "evidence.too_large");
    assert_eq!(code(put(&site, id, Some("a\nb"), PNG.to_vec()).await), "text.control_character");
    assert_eq!(code(put(&site, AppealId(9), None, PNG.to_vec()).await), "appeal.unknown");

    let there = put(&site, id, Some("门卡.png"), PNG.to_vec()).await.unwrap().evidence.unwrap();
    assert_eq!(
        (there.name.as_str(), there.kind, there.size),
        ("门卡.png", EvidenceType::Png, PNG.len() as u64)
    );
    let got = get(&site, id).await.unwrap();
    assert_eq!((got.name.as_str(), got.data.as_slice()), ("门卡.png", PNG));
    for file in ["rollcall.db", "rollcall.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(20).any(|part| part == &PNG[8..28]), "{file}");
    }
    // Another of the same size is another.
    put(&site, id, None, [&PNG[..PNG.len() - 1], b"!"].concat()).await.unwrap();
    assert_eq!(get(&site, id).await.unwrap().name, "evidence.png");
    site.write(move |tx| evidence_delete(tx, &console(), id)).await.unwrap();
    assert_eq!(code(site.write(move |tx| evidence_delete(tx, &console(), id)).await), "evidence.missing");
    put(&site, id, Some("医院证明.pdf"), b"%PDF-1.7 x".to_vec()).await.unwrap();
    // What was decided was decided upon what lay there.
    decide(&site, id, Decision::Approve).await.unwrap();
    assert_eq!(code(put(&site, id, None, PNG.to_vec()).await), "appeal.not_open");
    assert_eq!(code(site.write(move |tx| evidence_delete(tx, &console(), id)).await), "appeal.not_open");
    assert_eq!(get(&site, id).await.unwrap().kind, EvidenceType::Pdf);
    insta::assert_json_snapshot!(audit_lines(&site).await);
}
