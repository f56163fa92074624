use chrono_tz::Tz;

use super::*;
use crate::Site;
use crate::site::tests::scratch;

pub(crate) async fn a_machine(site: &Site, sn: &str) -> Machine {
    let new = NewMachine {
        sn: Sn::new(sn).unwrap(),
        name: format!("大门 {sn}"),
        model: None,
        time_zone: Some(Tz::Asia__Shanghai),
    };
    site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap()
}

fn sn(text: &str) -> Sn {
    Sn::new(text).unwrap()
}

#[tokio::test]
async fn machines_1_2_a_duplicate_is_refused_by_name_whatever_its_case() {
    let (site, _folder) = scratch();
    a_machine(&site, "Cqz7000000001").await;
    let new = NewMachine { sn: sn("CQZ7000000001"), name: "后门".into(), model: None, time_zone: None };
    let refused = site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap_err();
    assert_eq!(refused.code(), "machine.sn_taken");
    assert!(refused.to_string().contains("大门"), "{refused}");
}

#[tokio::test]
async fn machines_1_5_a_deleted_machine_added_again_has_its_punches() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "CQZ1").await;
    let id = machine.id;
    let batch = crate::punches::Batch::parse(
        b"1001\t2026-07-06 08:58:11\t0\t1\n",
        site.clock().now(),
        machine.time_zone,
    );
    site.write(move |tx| crate::punches::punch_ingest(tx, id, crate::punches::Source::Live, &batch))
        .await
        .unwrap();
    site.write(|tx| machine_delete(tx, &Actor::console(), &sn("CQZ1"))).await.unwrap();
    assert!(site.read(machine_list).await.unwrap().is_empty());
    assert_eq!(a_machine(&site, "cqz1").await.held.punches, 1);
}

#[tokio::test]
async fn a_machine_without_a_zone_has_the_sites() {
    let (site, _folder) = scratch();
    site.write(|tx| settings::settings_begin(tx, Tz::Asia__Kolkata)).await.unwrap();
    let new = NewMachine { sn: sn("Z1"), name: "x".into(), model: None, time_zone: None };
    let machine = site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap();
    assert_eq!(machine.time_zone, Tz::Asia__Kolkata);
}

#[tokio::test]
async fn what_a_machine_says_is_merged_and_silence_changes_nothing() {
    let (site, _folder) = scratch();
    let id = a_machine(&site, "R1").await.id;
    let say = |pairs: &[(&str, &str)], people| Report {
        options: pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        reported: Reported { people, ..Reported::default() },
        ..Report::default()
    };
    let (first, second) = (say(&[("VisilightFun", "1"), ("MAC", "a")], Some(17)), say(&[("MAC", "b")], None));
    let machine = site
        .write(move |tx| {
            machine_report(tx, id, &first)?;
            machine_report(tx, id, &second)?;
            machine_get(tx, &sn("R1"))
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(machine.capabilities, [Capability::VisibleLightFace]);
    assert_eq!(machine.options.get("MAC").map(String::as_str), Some("b"));
    assert_eq!(machine.reported.people, Some(17));
}

#[tokio::test]
async fn machines_1_3_the_list_of_strangers_is_bounded_and_the_newest_stay() {
    let (site, _folder) = scratch();
    let base = site.clock().now();
    let strangers: Vec<Stranger> = (0..MOST_STRANGERS + 20)
        .map(|n| Stranger {
            sn: sn(&format!("S{n}")),
            address: "192.168.1.7".into(),
            first_seen_at: base,
            last_seen_at: base + chrono::Duration::seconds(n as i64),
            knocks: 1,
            info: BTreeMap::new(),
        })
        .collect();
    site.write(move |tx| strangers_save(tx, &strangers)).await.unwrap();
    let list = site.read(stranger_list).await.unwrap();
    assert_eq!(list.len(), MOST_STRANGERS);
    assert_eq!(list[0].sn, sn("S519"));
}

#[tokio::test]
async fn machines_1_2_adopting_takes_the_number_the_stranger_gave_and_what_it_said() {
    let (site, _folder) = scratch();
    let now = site.clock().now();
    let stranger = Stranger {
        sn: sn("CqZ9"),
        address: "192.168.1.7".into(),
        first_seen_at: now,
        last_seen_at: now,
        knocks: 3,
        info: [("DeviceName", "FaceClock 7"), ("UserCount", "12")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
    };
    let adoption = || Adoption { name: "仓库".into(), model: None, time_zone: None };
    let machine = site
        .write(move |tx| {
            strangers_save(tx, &[stranger])?;
            stranger_adopt(tx, &Actor::console(), &sn("cqz9"), adoption(), None)
        })
        .await
        .unwrap();
    assert_eq!((machine.sn.as_str(), machine.model.as_deref()), ("CqZ9", Some("FaceClock 7")));
    assert_eq!((machine.reported.people, machine.last_seen_at), (Some(12), Some(now)));
    assert!(site.read(stranger_list).await.unwrap().is_empty());
    let again =
        site.write(move |tx| stranger_adopt(tx, &Actor::console(), &sn("CQZ9"), adoption(), None)).await;
    assert_eq!(again.unwrap_err().code(), "machine.sn_taken");
}

#[tokio::test]
async fn a_machine_that_invents_options_for_ever_fills_no_disk() {
    let (site, _folder) = scratch();
    let id = a_machine(&site, "O1").await.id;
    for round in 0..5 {
        let options = (0..100).map(|n| (format!("K{round}x{n}"), "1".to_owned())).collect();
        let report = Report { options, ..Report::default() };
        site.write(move |tx| machine_report(tx, id, &report)).await.unwrap();
    }
    let machine = site.read(|conn| machine_get(conn, &sn("O1"))).await.unwrap().unwrap();
    assert_eq!(machine.options.len(), 300);
}

#[tokio::test]
async fn names_are_checked_and_changes_are_logged_once() {
    let (site, _folder) = scratch();
    a_machine(&site, "L1").await;
    for (name, code) in [(" ", "machine.name_empty"), ("a\nb", "text.control_character")] {
        let change = MachineChange { name: Some(name.into()), ..MachineChange::default() };
        let refused = site.write(move |tx| machine_change(tx, &Actor::console(), &sn("L1"), change)).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    for _ in 0..2 {
        let change = MachineChange { enabled: Some(false), ..MachineChange::default() };
        site.write(move |tx| machine_change(tx, &Actor::console(), &sn("l1"), change)).await.unwrap();
    }
    let log = site.read(|conn| audit::audit_list(conn, &crate::page::Page::default())).await.unwrap();
    let what: Vec<_> = log.items.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["machine.change", "machine.add"]);
    assert_eq!(log.items[0].before.as_ref().unwrap()["enabled"], true);
    assert_eq!(log.items[0].after.as_ref().unwrap()["enabled"], false);
    assert_eq!(log.items[0].subject, "machine/L1");
}
