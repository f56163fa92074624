mod capacity;
mod people;
mod sealed;
mod templates;

use proptest::prelude::*;
use rollcall_protocol::order::Pin;

use super::*;
use crate::audit::Actor;
use crate::directory::{NewEmployee, employee_add};
use crate::machines::tests::a_machine;
use crate::page::Page;
use crate::roster::{self, NewEntry, Role, roster_add, roster_list};
use crate::site::tests::{plans, scratch, scratch_with_clock};
use crate::uploads::tests::on_disk;
use crate::{Connection, Site};

fn sn(text: &str) -> Sn {
    Sn::new(text).unwrap()
}

fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn a_person(pin: &str, name: &str) -> SeenPerson {
    SeenPerson { pin: pin.to_owned(), name: said(name), ..SeenPerson::default() }
}

fn a_template(pin: &str, kind: TemplateKind, no: u16, data: &[u8]) -> Template {
    Template {
        pin: Pin::new(pin).unwrap(),
        kind,
        no,
        index: 0,
        valid: 1,
        duress: 0,
        version: Some((10, 0)),
        format: 0,
        data: data.to_vec(),
    }
}

async fn see(site: &Site, machine: MachineId, people: Vec<SeenPerson>) {
    site.write(move |tx| people_seen(tx, machine, &people)).await.unwrap();
}

async fn keep(site: &Site, machine: MachineId, templates: Vec<Template>) {
    site.write(move |tx| templates_keep(tx, machine, &templates)).await.unwrap();
}

async fn of(site: &Site, machine: MachineId, pin: &'static str) -> Vec<Template> {
    let vault = site.vault().clone();
    site.read(move |conn| templates_of(conn, &vault, machine, pin)).await.unwrap()
}

async fn list(site: &Site, text: &str) -> Vec<SeenView> {
    let sn = sn(text);
    let page = site.read(move |conn| seen_list(conn, &sn, &Page::default())).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items
}

async fn pins(site: &Site) -> Vec<String> {
    list(site, "E1").await.into_iter().map(|person| person.pin).collect()
}

async fn counts(site: &Site, machine: MachineId) -> TemplateCounts {
    site.read(move |conn| template_counts(conn, machine)).await.unwrap()
}
