//! Days from a machine's upload to the console: judged by the worker, told by an event, shown and written out.

use std::time::Duration;

use axum::http::Method;
use rollcall_node::events::{Event, Watcher};
use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";

/// 王芳 on a machine at the gate, nine to six from Monday to Friday in July 2026, which is over.
async fn a_site() -> (Host, Watcher) {
    let host = Host::start().await;
    host.add_machine(SN, "大门").await;
    host.post("/api/departments", json!({"id": "d1", "name": "生产部"})).await.ok(201);
    let person = json!({"id": "e1", "name": "王芳", "departmentId": "d1"});
    host.post("/api/employees", person).await.ok(201);
    let entries = json!({"entries": [{"employeeId": "e1", "pin": "7"}]});
    host.post(&format!("/api/machines/{SN}/roster"), entries).await.ok(200);
    let mut watcher = host.node.events().subscribe();
    let shift = json!({"name": "白班", "kind": "fixed", "segments": [{"start": "09:00", "end": "18:00"}]});
    let shift = host.post("/api/shifts", shift).await.ok(201)["id"].as_str().unwrap().to_owned();
    let assignment = json!({"target": {"kind": "department", "id": "d1"}, "shiftId": shift, "from": "2026-07-01",
        "to": "2026-07-31", "weekdays": [1, 2, 3, 4, 5]});
    host.post("/api/shift-assignments", assignment).await.ok(201);
    until_judged(&host, &mut watcher, 31).await;
    (host, watcher)
}

async fn next(watcher: &mut Watcher) -> Event {
    tokio::time::timeout(Duration::from_secs(20), watcher.next()).await.expect("nothing happened").unwrap()
}

/// Waits until somebody's days were told, and so many days of July are there.
async fn until_judged(host: &Host, watcher: &mut Watcher, days: u64) {
    loop {
        while !matches!(next(watcher).await, Event::Attendance { .. }) {}
        if july(host, "").await["total"] == days {
            return;
        }
    }
}

async fn july(host: &Host, query: &str) -> Value {
    host.get(&format!("/api/attendance/days?from=2026-07-01&to=2026-07-31{query}")).await.ok(200).clone()
}

/// Waits until an event says that a day is another, and it is the one that is waited for.
async fn told(host: &Host, watcher: &mut Watcher, date: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        if let Event::Attendance { employee_id: Some(id), date: Some(day) } = next(watcher).await
            && (id.as_str(), day.as_str()) == ("e1", date)
        {
            let query = format!("/api/attendance/days?from={date}&to={date}&employeeId=e1");
            let day = host.get(&query).await.ok(200)["items"][0].clone();
            if wanted(&day) {
                return day;
            }
        }
    }
}

fn came(day: &Value) -> bool {
    !day["firstIn"].is_null()
}

/// Waits until what the machine said is written down: it has called now, long after July.
async fn until_heard(host: &Host) {
    for _ in 0..3 {
        host.poll(SN).await;
    }
    let heard = async {
        while july(host, "&status=pending").await["total"] != 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("the machine was heard");
}

#[tokio::test]
async fn attendance_6_5_a_punch_is_a_day_within_a_moment_and_an_event_says_so() {
    let (host, mut watcher) = a_site().await;
    let silent = july(&host, "&limit=1").await["items"][0].clone();
    assert_eq!((&silent["status"], &silent["provisional"]), (&json!("pending"), &json!(true)), "{silent}");
    assert_eq!(silent["reasons"][0]["code"], "day.machine_silent");
    assert_eq!(silent["marks"], json!([]), "a machine that was never heard makes nobody absent");

    let begun = std::time::Instant::now();
    host.upload(SN, "7\t2026-07-06 09:12:30\t0\t1\n7\t2026-07-06 18:00:00\t1\t1\n").await;
    let day = told(&host, &mut watcher, "2026-07-06", came).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(day["firstIn"], "2026-07-06T09:12:30+08:00");
    assert_eq!(day["lastOut"], "2026-07-06T18:00:00+08:00");
    assert_eq!((&day["status"], &day["shiftName"]), (&json!("late"), &json!("白班")));
    assert_eq!(day["marks"], json!([{"kind": "late", "minutes": 12, "lifted": false, "segment": 0}]));

    until_heard(&host).await;
    let absent = july(&host, "&mark=absent").await;
    assert_eq!(absent["total"], 22, "every other working day of the month");
    assert_eq!(absent["items"][0]["date"], "2026-07-01");
    assert_eq!(july(&host, "&status=late").await["total"], 1);
    assert_eq!(july(&host, "&search=wf").await["total"], 31);
    assert_eq!(july(&host, "&departmentId=d1&employeeId=nobody").await["total"], 0);

    let first = july(&host, "&limit=20").await;
    let cursor = first["next"].as_str().unwrap();
    let rest = july(&host, &format!("&limit=20&cursor={cursor}")).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (11, &json!(null)));
    assert_eq!(rest["items"][0]["date"], "2026-07-21");

    // The same upload again changes nothing, and nothing is told.
    host.upload(SN, "7\t2026-07-06 09:12:30\t0\t1\n7\t2026-07-06 18:00:00\t1\t1\n").await;
    host.upload(SN, "7\t2026-07-07 08:59:00\t0\t1\n").await;
    loop {
        match next(&mut watcher).await {
            Event::Attendance { date, .. } => break assert_eq!(date.as_deref(), Some("2026-07-07")),
            _ => continue,
        }
    }
}

#[tokio::test]
async fn attendance_6_5_a_day_opens_to_everything_it_rests_on() {
    let (host, mut watcher) = a_site().await;
    host.upload(SN, "7\t2026-07-06 09:12:30\t0\t1\n").await;
    told(&host, &mut watcher, "2026-07-06", came).await;
    until_heard(&host).await;
    let appeal = json!({"employeeId": "e1", "date": "2026-07-06", "mark": "missingOut", "claimed": "18:05", "reason": "忘记打卡"});
    let appeal = host.post("/api/appeals", appeal).await.ok(201)["id"].as_i64().unwrap();
    host.post(&format!("/api/appeals/{appeal}/approve"), json!({"note": "好"})).await.ok(200);
    let gone = |day: &Value| day["lastOut"] == "2026-07-06T18:05:00+08:00";
    let day = told(&host, &mut watcher, "2026-07-06", gone).await;
    assert_eq!(day["status"], "late");
    host.upload(SN, "7\t2026-07-06 12:00:00\t0\t1\n").await;
    let open = host.get("/api/attendance/days/e1/2026-07-06").await.ok(200).clone();
    // What the correction heals is what the punches alone come to.
    let lifted = json!({"kind": "earlyLeave", "minutes": 360, "lifted": true, "segment": 0});
    assert_eq!((&open["day"]["status"], &open["day"]["marks"][1]), (&json!("late"), &lifted));
    assert_eq!((&open["plan"]["planned"], &open["plan"]["shift"]["name"]), (&json!("works"), &json!("白班")));
    assert_eq!(open["plan"]["because"], "assignment");
    assert_eq!(
        open["window"],
        json!({"from": "2026-07-06T07:00:00+08:00", "to": "2026-07-06T22:00:00+08:00"})
    );
    let facts: Vec<_> = open["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| json!([fact["source"], fact["machineName"], fact["use"], fact["unused"]]))
        .collect();
    assert_eq!(
        json!(facts),
        json!([
            ["punch", "大门", "in", null],
            ["punch", "大门", null, "between"],
            ["correction", null, "out", null],
        ])
    );
    assert_eq!(open["horizon"][0]["covers"], true);
    assert_eq!(open["appeals"][0]["state"], "approved");
    assert_eq!(open["corrections"][0]["kind"], "punch");
    let done: Vec<_> = open["history"].as_array().unwrap().iter().map(|deed| &deed["what"]).collect();
    assert_eq!(
        json!(done),
        json!(["shift.add", "shift_assignment.add", "appeal.raise", "appeal.approve", "correction.add"])
    );
    host.get("/api/attendance/days/e1/2026-13-06").await.problem(422, "date.invalid");
    host.get("/api/attendance/days/nobody/2026-07-06").await.problem(404, "employee.unknown");
}

#[tokio::test]
async fn attendance_6_5_the_sheet_is_shown_and_written_with_marks_and_their_lifting() {
    let (host, mut watcher) = a_site().await;
    host.upload(SN, "7\t2026-07-06 09:12:30\t0\t1\n7\t2026-07-06 18:00:00\t1\t1\n").await;
    told(&host, &mut watcher, "2026-07-06", came).await;
    until_heard(&host).await;
    let lift =
        json!({"employeeId": "e1", "date": "2026-07-06", "kind": "lift", "mark": "late", "reason": "暴雨"});
    host.post("/api/corrections", lift).await.ok(201);
    told(&host, &mut watcher, "2026-07-06", |day| day["status"] == "normal").await;

    let sheet = host.get("/api/attendance/sheet?month=2026-07").await.ok(200).clone();
    assert_eq!(sheet["dates"].as_array().unwrap().len(), 31);
    assert_eq!(
        (&sheet["total"], &sheet["provisional"], &sheet["locked"]),
        (&json!(1), &json!(false), &json!(false))
    );
    let row = &sheet["items"][0];
    assert_eq!(
        row["days"][5]["marks"],
        json!([{"kind": "late", "minutes": 12, "lifted": true, "segment": 0}])
    );
    let totals = &row["totals"];
    assert_eq!(
        (&totals["lateCount"], &totals["liftedCount"], &totals["workedDays"]),
        (&json!(0), &json!(1), &json!(1))
    );
    assert_eq!((&totals["absentDays"], &totals["absentMinutes"]), (&json!(22.0), &json!(22 * 540)));

    for (language, lifted, title) in [
        ("zh", "迟到 12 分（申诉通过）", "2026-07 考勤表"),
        ("en", "Late 12 min (appeal approved)", "Attendance 2026-07"),
    ] {
        let days = host
            .get(&format!("/api/attendance/days/export?from=2026-07-06&to=2026-07-07&language={language}"))
            .await;
        assert_eq!(days.status, 200, "{}", days.body);
        assert!(
            days.header("content-disposition").unwrap().contains("rollcall-days-2026-07-06-2026-07-07.xlsx")
        );
        let rows = rollcall_sheets::read(&days.bytes).unwrap();
        assert_eq!(rows[2].cells[12], lifted);
        assert_eq!(rows.len(), 4);
        let sheet =
            host.get(&format!("/api/attendance/sheet/export?month=2026-07&language={language}")).await;
        let rows = rollcall_sheets::read(&sheet.bytes).unwrap();
        assert_eq!(rows[0].cells[0], title);
        assert_eq!(&rows[4].cells[..2], ["王芳", "生产部"]);
        assert!(rows.len() > 6, "with a legend");
    }
    host.get("/api/attendance/sheet?month=2026-7").await.problem(422, "month.invalid");
    host.get("/api/attendance/days?from=2026-07-01&to=2026-09-01")
        .await
        .problem(422, "attendance.range_too_long");
    host.get("/api/attendance/days?from=2026-07-02&to=2026-07-01")
        .await
        .problem(422, "attendance.range_turned");

    let wrong =
        host.get("/api/attendance/exceptions?from=2026-07-01&to=2026-07-31&limit=2").await.ok(200).clone();
    assert_eq!(
        (&wrong["total"], &wrong["counts"]["absent"], &wrong["counts"]["late"]),
        (&json!(22), &json!(22), &json!(0))
    );
    assert_eq!(wrong["items"][0]["date"], "2026-07-31");
    let cursor = wrong["next"].as_str().unwrap();
    let more = host
        .get(&format!("/api/attendance/exceptions?from=2026-07-01&to=2026-07-31&limit=2&cursor={cursor}"))
        .await;
    assert_eq!(more.ok(200)["items"][0]["date"], "2026-07-29");
    let days =
        host.get("/api/attendance/summary?from=2026-07-05&to=2026-07-07").await.ok(200)["days"].clone();
    assert_eq!((&days[0]["rest"], &days[1]["normal"], &days[2]["absent"]), (&json!(1), &json!(1), &json!(1)));
}

#[tokio::test]
async fn attendance_6_5_a_locked_month_stays_and_what_comes_late_is_listed() {
    let (host, mut watcher) = a_site().await;
    let lock = |body: Value| host.post("/api/attendance/locks", body);
    lock(json!({"month": "2999-01"})).await.problem(409, "attendance.month_not_over");
    let refused = lock(json!({"month": "2026-07"})).await;
    assert_eq!(
        refused.problem(409, "attendance.month_provisional")["days"],
        31,
        "nobody has heard the machine"
    );
    lock(json!({"month": "2026-07", "confirm": true})).await.ok(201);
    lock(json!({"month": "2026-07", "confirm": true})).await.problem(409, "attendance.month_locked");
    let before = july(&host, "&employeeId=e1").await["items"][5].clone();
    assert_eq!((&before["status"], &before["locked"]), (&json!("absent"), &json!(true)));

    host.upload(SN, "7\t2026-07-06 08:58:00\t0\t1\n7\t2026-07-06 18:00:00\t1\t1\n").await;
    let late = async {
        loop {
            let locks = host.get("/api/attendance/locks").await.ok(200).clone();
            if locks["items"][0]["late"] == 1 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), late).await.expect("it is listed");
    let late = host.get("/api/attendance/locks/2026-07/late").await.ok(200)["items"][0].clone();
    assert_eq!((&late["before"]["status"], &late["after"]["status"]), (&json!("absent"), &json!("normal")));
    assert_eq!(july(&host, "&employeeId=e1").await["items"][5], before, "and the day is as it was");

    host.delete("/api/attendance/locks/2026-07").await.ok(204);
    told(&host, &mut watcher, "2026-07-06", |day| day["status"] == "normal").await;
    host.delete("/api/attendance/locks/2026-07").await.problem(409, "attendance.month_not_locked");
    host.get("/api/attendance/locks/2026-07/late").await.problem(409, "attendance.month_not_locked");
}

#[tokio::test]
async fn attendance_6_5_a_recomputation_is_a_job_that_names_what_it_changed() {
    let (host, mut watcher) = a_site().await;
    // As if a day had been judged by another version.
    host.node
        .site()
        .write(|tx| {
            tx.execute_batch(
                "UPDATE attendance_days SET status = 'normal', marks = '[]', bits = 0 WHERE date = '2026-07-06';
                 DELETE FROM attendance_days WHERE date = '2026-07-07'",
            )
            .map_err(rollcall_core::db::Error::from)
        })
        .await
        .unwrap();
    let wanted = json!({"from": "2026-07-01", "to": "2026-07-31", "departmentId": "d1"});
    let job = host.post("/api/attendance/recompute", wanted).await.ok(202)["jobId"].as_i64().unwrap();
    let done = loop {
        let shown = host.get(&format!("/api/jobs/{job}")).await.ok(200).clone();
        if shown["state"] == "done" {
            break shown;
        }
        while !matches!(next(&mut watcher).await, Event::Job { .. }) {}
    };
    assert_eq!(done["result"], json!({"days": 31, "changed": 2}));
    assert_eq!(done["progress"], json!({"done": 31, "total": 31}));
    let differences =
        host.get(&format!("/api/attendance/recomputes/{job}/differences")).await.ok(200).clone();
    assert_eq!(differences["total"], 2);
    let [first, second] = [0, 1].map(|at| &differences["items"][at]);
    assert_eq!((&first["before"]["status"], &first["after"]["status"]), (&json!("normal"), &json!("absent")));
    assert_eq!((&second["before"], &second["after"]["date"]), (&json!(null), &json!("2026-07-07")));
    host.get("/api/attendance/recomputes/999/differences").await.problem(404, "attendance.recompute_unknown");
    let turned = json!({"from": "2026-07-02", "to": "2026-07-01"});
    host.send(Method::POST, "/api/attendance/recompute", turned)
        .await
        .problem(422, "attendance.range_turned");
}
