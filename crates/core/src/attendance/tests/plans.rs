//! What is big is answered from indexes: a lost one fails here, not at a customer's.

use super::*;
use crate::attendance::{facts, heard, opening as begin, queries, work};
use crate::site::tests::{TEN_MILLION_PUNCHES, as_if_large, plan};

#[tokio::test]
async fn days_are_judged_and_shown_from_indexes() {
    let world = World::unjudged().await;
    as_if_large(&world.site, TEN_MILLION_PUNCHES).await;
    let plans = world
        .site
        .read(|conn| {
            let (new_punches, note_punches) = (work::new_punches(), work::note_punches());
            let punches_of = facts::punches_of();
            let all: [(&str, &str); 13] = [
                ("new punches", &new_punches),
                ("days of many punches", &note_punches),
                ("changed days", work::DIRTY),
                ("punches of somebody", &punches_of),
                ("corrections of somebody", facts::CORRECTIONS),
                ("who has a day", begin::OPEN),
                ("days of a month", queries::OF_RANGE),
                ("days with a mark", queries::MARKED),
                ("days in short", queries::LIGHT),
                ("days of somebody", queries::OF_PERSON),
                ("one day", queries::ONE),
                ("machines of somebody", heard::SPANS_OF),
                ("machines of everybody", heard::SPANS),
            ];
            let plans = all.into_iter().map(|(what, sql)| Ok(format!("{what}\n{}", plan(conn, sql)?)));
            plans.collect::<Result<Vec<_>, db::Error>>()
        })
        .await
        .unwrap();
    insta::assert_snapshot!(plans.join("\n--\n"));
}
