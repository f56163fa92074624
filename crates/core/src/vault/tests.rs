use std::fs;

use proptest::prelude::*;

use super::*;
use crate::db::{Error, StorageState};
use crate::machines::tests::a_machine;
use crate::site::tests::scratch;
use crate::uploads::{upload_get, upload_keep};
use crate::{Clock, Site, SiteOptions};

fn reopen(folder: &Path) -> Site {
    Site::open(SiteOptions { path: folder.join("rollcall.db"), clock: Clock::system() }).unwrap()
}

fn code(site: &Site) -> Option<&'static str> {
    site.vault().trouble().map(VaultError::code)
}

async fn keep(site: &Site, machine: crate::machines::MachineId) -> Result<i64, Error> {
    site.write(move |tx| {
        upload_keep(tx, machine, "BIODATA", "", b"a template")?;
        Ok(tx.last_insert_rowid())
    })
    .await
}

/// A site with something sealed in it, closed.
async fn a_closed_site() -> (tempfile::TempDir, crate::machines::MachineId, i64) {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "V1").await.id;
    let id = keep(&site, machine).await.unwrap();
    site.close().await;
    (folder, machine, id)
}

#[tokio::test]
async fn o3_the_key_is_made_once_and_opens_what_was_sealed() {
    let (folder, _, id) = a_closed_site().await;
    let key = fs::read(folder.path().join(KEY_FILE)).unwrap();
    assert_eq!(key.len(), key::LENGTH);
    let site = reopen(folder.path());
    let vault = site.vault().clone();
    let body = site.read(move |conn| upload_get(conn, &vault, id)).await.unwrap().unwrap().1;
    assert_eq!(body, b"a template");
    assert_eq!(fs::read(folder.path().join(KEY_FILE)).unwrap(), key);
    assert!(!folder.path().join("secret.key.new").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn o3_only_its_owner_reads_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, ..) = a_closed_site().await;
    let path = folder.path().join(KEY_FILE);
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(reopen(folder.path()));
    assert_eq!(mode(), 0o600);
}

/// What is done to the key of a site that holds something sealed, and what the site says of it.
#[tokio::test]
async fn o3_a_key_that_is_not_the_one_is_told_and_never_replaced() {
    type Harm = fn(&Path);
    let table: [(&str, Harm, &str); 6] = [
        ("lost", |path| fs::remove_file(path).unwrap(), "vault.key_missing"),
        ("too short", |path| fs::write(path, [7; 31]).unwrap(), "vault.key_invalid"),
        ("too long", |path| fs::write(path, [7; 33]).unwrap(), "vault.key_invalid"),
        ("empty", |path| fs::write(path, []).unwrap(), "vault.key_invalid"),
        ("another", |path| fs::write(path, [7; 32]).unwrap(), "vault.key_wrong"),
        (
            "unreadable",
            |path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            },
            "vault.key_unreadable",
        ),
    ];
    for (what, harm, expected) in table {
        let (folder, machine, id) = a_closed_site().await;
        let path = folder.path().join(KEY_FILE);
        let key = fs::read(&path).unwrap();
        harm(&path);
        let harmed = fs::read(&path).ok();
        let site = reopen(folder.path());
        assert_eq!(code(&site), Some(expected), "{what}");
        assert_eq!(fs::read(&path).ok(), harmed, "{what}: the file is as it was");
        let error = keep(&site, machine).await.unwrap_err();
        assert_eq!((error.code(), error.is_storage()), (expected, false), "{what}");
        // Punches go on.
        let zone = chrono_tz::Tz::UTC;
        let batch = crate::punches::Batch::parse(b"7\t2026-07-06 08:00:00\n", site.clock().now(), zone);
        let stored = site
            .write(move |tx| crate::punches::punch_ingest(tx, machine, crate::punches::Source::Live, &batch))
            .await;
        assert_eq!(stored.unwrap().new.len(), 1, "{what}");
        assert_eq!(*site.storage().borrow(), StorageState::Writable, "{what}");
        site.close().await;

        // Put back, all is as before.
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        }
        fs::write(&path, &key).unwrap();
        let site = reopen(folder.path());
        assert_eq!(code(&site), None, "{what}");
        let vault = site.vault().clone();
        assert!(site.read(move |conn| upload_get(conn, &vault, id)).await.unwrap().is_some(), "{what}");
        site.close().await;
    }
}

#[tokio::test]
async fn o3_a_lost_key_is_made_anew_while_nothing_is_sealed() {
    let (site, folder) = scratch();
    site.close().await;
    fs::remove_file(folder.path().join(KEY_FILE)).unwrap();
    fs::write(folder.path().join("secret.key.new"), b"a start that was cut off").unwrap();
    let site = reopen(folder.path());
    assert_eq!(code(&site), None);
    assert!(!folder.path().join("secret.key.new").exists());
    site.close().await;
    assert_eq!(code(&reopen(folder.path())), None);
}

#[tokio::test]
async fn a_site_whose_key_cannot_be_made_takes_punches_and_says_so() {
    let (site, folder) = scratch();
    site.close().await;
    let key = folder.path().join(KEY_FILE);
    fs::remove_file(&key).unwrap();
    // A folder in the way of the file that becomes the key; permissions would not stop a test that runs as root.
    let in_the_way = folder.path().join("secret.key.new");
    fs::create_dir(&in_the_way).unwrap();
    let site = reopen(folder.path());
    assert_eq!(code(&site), Some("vault.key_not_made"));
    assert!(!key.exists());
    a_machine(&site, "V1").await;
    site.close().await;
    fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(code(&reopen(folder.path())), None);
}

#[test]
fn an_existing_key_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(KEY_FILE);
    fs::write(&path, [7; 32]).unwrap();
    assert_eq!(key::make(&path).unwrap_err().code(), "vault.key_not_made");
    assert_eq!(fs::read(&path).unwrap(), [7; 32]);
}

#[test]
fn o3_no_key_is_printed() {
    let vault = Vault(Arc::new(Door::Open(XChaCha20Poly1305::new(&[65; 32].into()))));
    assert_eq!(format!("{vault:?}"), "Vault(open)");
}

fn a_vault() -> Vault {
    Vault(Arc::new(Door::Open(XChaCha20Poly1305::new(&[1; 32].into()))))
}

proptest! {
    #[test]
    fn what_is_sealed_comes_back_and_only_as_it_was(
        plain in proptest::collection::vec(any::<u8>(), 0..300),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let vault = a_vault();
        let sealed = vault.seal(Sealed::Template, &plain).unwrap();
        prop_assert_eq!(sealed.len(), plain.len() + HEAD + TAG);
        prop_assert_eq!(&vault.unseal(Sealed::Template, &sealed).unwrap(), &plain);
        prop_assert!(vault.seal(Sealed::Template, &plain).unwrap() != sealed, "a nonce is used once");
        prop_assert!(vault.unseal(Sealed::Picture, &sealed).is_err(), "a template is no picture");
        let mut changed = sealed.clone();
        changed[at.index(sealed.len())] ^= 1 << bit;
        prop_assert!(vault.unseal(Sealed::Template, &changed).is_err());
        prop_assert!(vault.unseal(Sealed::Template, &sealed[..at.index(sealed.len())]).is_err());
    }
}

#[test]
#[ignore = "a measurement"]
fn how_fast_it_seals() {
    let vault = a_vault();
    let plain = vec![7; 4 * 1024 * 1024];
    let begun = std::time::Instant::now();
    let sealed = vault.seal(Sealed::Picture, &plain).unwrap();
    println!("sealed 4 MiB in {:?}", begun.elapsed());
    let begun = std::time::Instant::now();
    vault.unseal(Sealed::Picture, &sealed).unwrap();
    println!("opened them in {:?}", begun.elapsed());
}
