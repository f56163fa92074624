//! Templates: there, backed up, or deleted.

use super::*;

#[tokio::test]
async fn u1_what_a_machine_deletes_is_kept_as_a_backup() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let person = SeenPerson { card: said("123456"), password: said("4321"), ..a_person("0007", "李四") };
    see(&site, machine, vec![person, a_person("8", "王五")]).await;
    let finger = a_template("7", TemplateKind::Fingerprint, 6, b"finger");
    keep(&site, machine, vec![finger.clone(), a_template("8", TemplateKind::Bio(9), 0, b"face")]).await;
    assert_eq!(
        counts(&site, machine).await,
        TemplateCounts { fingerprints: 1, faces: 1, ..Default::default() }
    );

    site.write(move |tx| person_gone(tx, machine, "7")).await.unwrap();
    assert_eq!(pins(&site).await, ["8"]);
    assert_eq!(counts(&site, machine).await, TemplateCounts { faces: 1, ..Default::default() });
    assert_eq!(of(&site, machine, "7").await, std::slice::from_ref(&finger));
    let vault = site.vault().clone();
    let backup = site.read(move |conn| person_of(conn, &vault, machine, "7")).await.unwrap().unwrap();
    assert_eq!((backup.card, backup.password), (said("123456"), said("4321")));

    // Back again: the person as new, with the templates the machine sends, and no others.
    see(&site, machine, vec![a_person("7", "李四")]).await;
    assert_eq!(counts(&site, machine).await.fingerprints, 0);
    keep(&site, machine, vec![finger]).await;
    assert_eq!(counts(&site, machine).await.fingerprints, 1);

    site.write(move |tx| people_gone(tx, machine)).await.unwrap();
    assert!(pins(&site).await.is_empty());
    assert_eq!(counts(&site, machine).await, TemplateCounts::default());
    assert_eq!(of(&site, machine, "8").await.len(), 1);
}

#[tokio::test]
async fn u1_an_empty_template_replaces_nothing_and_a_deleted_one_is_a_backup() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let fingers: Vec<_> = (0..3).map(|no| a_template("7", TemplateKind::Fingerprint, no, &[1; 20])).collect();
    keep(&site, machine, fingers.clone()).await;
    keep(&site, machine, vec![a_template("7", TemplateKind::Fingerprint, 1, b"")]).await;
    assert_eq!(of(&site, machine, "7").await, fingers);
    let gone = |no| move |tx: &Tx<'_>| template_gone(tx, machine, "7", TemplateKind::Fingerprint, no);
    site.write(gone(Some(1))).await.unwrap();
    assert_eq!(counts(&site, machine).await.fingerprints, 2);
    site.write(gone(None)).await.unwrap();
    assert_eq!(counts(&site, machine).await.fingerprints, 0);
    assert_eq!(of(&site, machine, "7").await, fingers);
}

#[tokio::test]
async fn u3_templates_keep_type_and_version() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let mut sent: Vec<_> = [
        TemplateKind::Fingerprint,
        TemplateKind::NearInfraredFace,
        TemplateKind::FingerVein,
        TemplateKind::Photo,
        TemplateKind::Picture,
    ]
    .into_iter()
    .chain((0..=10).map(TemplateKind::Bio))
    .enumerate()
    .map(|(n, kind)| Template {
        index: 3,
        valid: 3,
        duress: 1,
        version: [None, Some((u32::try_from(n).unwrap(), 1)), Some((u32::MAX, 0))][n % 3],
        format: 2,
        ..a_template("42", kind, 9, format!("template {n}").as_bytes())
    })
    .collect();
    keep(&site, machine, sent.clone()).await;
    let mut kept = of(&site, machine, "0042").await;
    let by_kind = |template: &Template| template.kind;
    sent.sort_by_key(by_kind);
    kept.sort_by_key(by_kind);
    assert_eq!(kept, sent);

    // A newer one of the same finger takes the place, version and all.
    let newer = Template { version: Some((13, 1)), ..a_template("42", TemplateKind::Bio(1), 9, b"newer") };
    let newer = Template { index: 3, ..newer };
    keep(&site, machine, vec![newer.clone()]).await;
    let kept = of(&site, machine, "42").await;
    assert_eq!(kept.len(), sent.len());
    assert!(kept.contains(&newer));
}

/// One thing that happens: (what, pin, no, length).
type Step = (u8, u8, u8, u8);

/// The same with a plain map: templates there and backed up.
async fn play(steps: Vec<Step>) {
    use std::collections::BTreeMap;
    let (site, _clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "E1").await.id;
    let mut model: BTreeMap<(u8, u8), (bool, Vec<u8>)> = BTreeMap::new();
    for (what, pin, no, length) in steps {
        let text = pin.to_string();
        match what {
            0 | 1 => {
                let data = vec![length; usize::from(length)];
                let template = a_template(&text, TemplateKind::Bio(1), no.into(), &data);
                keep(&site, machine, vec![template]).await;
                if !data.is_empty() {
                    model.insert((pin, no), (true, data));
                }
            }
            2 => {
                site.write(move |tx| person_gone(tx, machine, &text)).await.unwrap();
                model.iter_mut().filter(|((whose, _), _)| *whose == pin).for_each(|(_, kept)| kept.0 = false);
            }
            3 => {
                let gone = Some(u16::from(no));
                site.write(move |tx| template_gone(tx, machine, &text, TemplateKind::Bio(1), gone))
                    .await
                    .unwrap();
                model.entry((pin, no)).and_modify(|kept| kept.0 = false);
            }
            4 => see(&site, machine, vec![a_person(&text, "x")]).await,
            _ => {
                site.write(move |tx| templates_delete(tx, machine, &text)).await.unwrap();
                model.retain(|(whose, _), _| *whose != pin);
            }
        }
    }
    let on_machine = model.values().filter(|(there, _)| *there).count() as u64;
    assert_eq!(counts(&site, machine).await.fingerprints, on_machine);
    for pin in ["1", "2", "3"] {
        let kept: Vec<_> = of(&site, machine, pin).await.into_iter().map(|t| (t.no, t.data)).collect();
        let theirs = model.iter().filter(|((whose, _), _)| whose.to_string() == pin);
        let expected: Vec<_> = theirs.map(|((_, no), (_, data))| (u16::from(*no), data.clone())).collect();
        assert_eq!(kept, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn u1_templates_are_there_or_backed_up_until_they_are_deleted(
        steps in proptest::collection::vec((0..6_u8, 1..4_u8, 0..3_u8, 0..4_u8), 1..30)
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(steps));
    }
}
