//! Exactly once: what a machine was told is safe, against what the site holds.

use std::collections::HashMap;

use anyhow::{Context as _, ensure};
use rollcall_machine::{Memory, Punch};
use serde_json::Value;

/// Number and wall time of a punch as the API tells it.
///
/// # Errors
/// When the item has neither.
pub fn key(item: &Value) -> anyhow::Result<(String, String)> {
    let text =
        |name: &str| item.get(name).and_then(Value::as_str).with_context(|| format!("{item} has no {name}"));
    let time = text("time")?.get(..19).context("a time that is too short")?.replace('T', " ");
    Ok((text("pin")?.to_owned(), time))
}

fn key_of(punch: &Punch) -> (String, String) {
    (punch.pin.clone(), punch.time.to_string())
}

/// Every acknowledged punch is held once, none twice, and nothing is held that the machine never sent.
///
/// # Errors
/// With the first punches that are wrong.
pub fn exactly_once(sn: &str, machine: &Memory, held: &[Value]) -> anyhow::Result<()> {
    let mut counts = HashMap::<_, u32>::new();
    for item in held {
        *counts.entry(key(item)?).or_default() += 1;
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).take(5).collect();
    ensure!(twice.is_empty(), "{sn}: held twice: {twice:?}");
    let lost: Vec<_> = machine
        .acknowledged()
        .iter()
        .map(key_of)
        .filter(|punch| !counts.contains_key(punch))
        .take(5)
        .collect();
    ensure!(lost.is_empty(), "{sn}: acknowledged and lost: {lost:?}");
    let made: HashMap<_, _> = machine.punches().iter().map(|punch| (key_of(punch), ())).collect();
    let strange: Vec<_> = counts.keys().filter(|punch| !made.contains_key(*punch)).take(5).collect();
    ensure!(strange.is_empty(), "{sn}: held but never made: {strange:?}");
    Ok(())
}

/// Everything made is acknowledged, and held exactly once, in the order in which it was made.
///
/// # Errors
/// With the first punches that are wrong.
pub fn complete_and_in_order(sn: &str, machine: &Memory, held: &[Value]) -> anyhow::Result<()> {
    exactly_once(sn, machine, held)?;
    let (made, acknowledged) = (machine.punches().len(), machine.acknowledged().len());
    ensure!(made == acknowledged, "{sn}: {made} made, {acknowledged} acknowledged");
    ensure!(held.len() == made, "{sn}: {made} made, {} held", held.len());
    let mut arrived =
        held.iter().map(|item| Ok((number(item)?, key(item)?))).collect::<anyhow::Result<Vec<_>>>()?;
    arrived.sort_by_key(|(id, _)| *id);
    for ((_, arrived), made) in arrived.iter().zip(machine.punches()) {
        ensure!(*arrived == key_of(made), "{sn}: {arrived:?} arrived where {made:?} was to come");
    }
    Ok(())
}

/// The punch's id as a number: the order of arrival.
fn number(item: &Value) -> anyhow::Result<i64> {
    let id = item.get("id").with_context(|| format!("{item} has no id"))?;
    id.as_i64().or_else(|| id.as_str()?.parse().ok()).with_context(|| format!("{id} is not a number"))
}
