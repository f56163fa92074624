//! What was worked stays with the place it was worked in.

use super::*;
use crate::directory::{EmployeeChange, EmployeeId, employee_change};

fn move_to(tx: &Tx<'_>, department: &str) -> Result<(), ScheduleError> {
    let change =
        EmployeeChange { department_id: Some(Some(department.to_owned())), ..EmployeeChange::default() };
    employee_change(tx, &Actor::console(), &EmployeeId::new("e1").unwrap(), change)?;
    Ok(())
}

/// Names of the shifts somebody is to work from 3 to 8 July.
fn worked(conn: &Connection) -> Result<String, db::Error> {
    let (book, people) = (book_load(conn)?, people_load(conn, &["e1"])?);
    let plans = book.of(&people[0], &[]);
    let dates = day("2026-07-03").iter_days().take(6);
    Ok(dates.map(|date| plans.on(date).shift().map_or("-".to_owned(), |shift| shift.name.clone())).collect())
}

#[tokio::test]
async fn attendance_6_4_a_transfer_changes_nothing_that_was_worked_before_it() {
    let (site, _folder) = a_site().await;
    let before = site
        .write(|tx| {
            let (day, late) = (shift(tx, "d", "09:00-18:00")?, shift(tx, "l", "14:00-22:00")?);
            assign(tx, "d1", Work::Shift(day), "2026-07-01", None)?;
            assign(tx, "d3", Work::Shift(late), "2026-07-01", None)?;
            touched(tx)?;
            // Nothing of theirs was judged yet: they were entered in the wrong place.
            move_to(tx, "d3")?;
            assert_eq!(touched(tx)?, ["e1 06-30…07-07"]);
            assert_eq!(worked(tx)?, "llllll");
            move_to(tx, "d1")?;
            judge(tx)?;
            move_to(tx, "d3")?;
            assert_eq!(touched(tx)?, ["e1 07-05…07-07"], "today is another day now");
            assert_eq!(worked(tx)?, "dddlll");
            // On the same day to yet another place, and back.
            move_to(tx, "d2")?;
            assert_eq!(worked(tx)?, "dddddd");
            move_to(tx, "d3")?;
            worked(tx).map_err(ScheduleError::from)
        })
        .await
        .unwrap();
    assert_eq!(before, "dddlll");
}

#[tokio::test]
async fn attendance_6_4_what_is_said_of_a_place_later_holds_whoever_was_there() {
    let (site, _folder) = a_site().await;
    site.write(|tx| {
        let (day, late) = (shift(tx, "d", "09:00-18:00")?, shift(tx, "l", "14:00-22:00")?);
        assign(tx, "d1", Work::Shift(day), "2026-07-01", None)?;
        judge(tx)?;
        move_to(tx, "d3")?;
        touched(tx)?;
        let work = Work::Shift(late);
        assign(tx, "b1", work.clone(), "2026-07-01", None)?;
        assert_eq!(touched(tx)?, ["e1 06-30…07-07", "e2 06-30…07-07"], "the branch they were in until today");
        assign(tx, "d1", work, "2026-07-04", Some("2026-07-04"))?;
        assert_eq!(touched(tx)?, ["e1 07-03…07-05", "e2 07-03…07-05"]);
        assert_eq!(worked(tx)?, "dld---");
        Ok::<_, ScheduleError>(())
    })
    .await
    .unwrap();
}
