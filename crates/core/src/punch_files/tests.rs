use rusqlite::Connection;

use super::*;
use crate::Site;
use crate::machines::Machine;
use crate::machines::tests::a_machine;
use crate::punches::{Source, punch_ingest};
use crate::reuploads::Answers;
use crate::site::tests::scratch;

async fn look(site: &Site, machine: &Machine, file: PunchFile) -> PunchFileReport {
    let (sn, now) = (machine.sn.clone(), site.clock().now());
    site.read(move |conn| {
        let mut taking = Taking::begin(conn, &sn, file)?;
        while taking.look(conn, now)? {}
        Ok::<_, PunchFileError>(taking.report().clone())
    })
    .await
    .unwrap()
}

async fn take(site: &Site, machine: &Machine, file: PunchFile) -> PunchFileReport {
    let sn = machine.sn.clone();
    let mut taking = site.read(move |conn| Taking::begin(conn, &sn, file)).await.unwrap();
    loop {
        let (next, more) = site
            .write(move |tx| {
                let more = taking.take(tx, &Actor::console())?.is_some();
                Ok::<_, db::Error>((taking, more))
            })
            .await
            .unwrap();
        taking = next;
        if !more {
            return taking.report().clone();
        }
    }
}

fn lines(text: &str) -> PunchFile {
    PunchFile::lines("1_attlog.dat", text.to_owned()).unwrap()
}

fn table(rows: &[&[&str]]) -> PunchFile {
    let rows =
        (1..).zip(rows).map(|(number, row)| (number, row.iter().map(|cell| (*cell).to_owned()).collect()));
    PunchFile::table("punches.xlsx", rows.collect(), &Mapping::new()).unwrap()
}

/// Number, time, status, verify and source of all punches.
async fn stored(site: &Site) -> Vec<(String, String, i64, String, i64)> {
    site.read(|conn: &Connection| {
        let mut query = conn.prepare("SELECT pin, wall, status, verify, source FROM punches ORDER BY id")?;
        let rows = query.query_map([], |row| {
            let wall = WallTime::from_seconds(row.get(1)?).to_string();
            Ok((row.get(0)?, wall, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
        Ok::<_, db::Error>(rows.collect::<Result<_, _>>()?)
    })
    .await
    .unwrap()
}

fn counts(report: &PunchFileReport) -> [u64; 5] {
    [report.lines, report.new, report.known, report.unmatched, report.rejected]
}

#[tokio::test]
async fn attendance_6_7_a_file_from_a_stick_is_looked_at_and_taken_once() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "CQZ7000000001").await;
    let text = "        1\t2026-07-01 08:00:00\t1\t0\t1\t0\r\n\r\n      002\t2026-07-01 08:01:00\t1\t1\t15\t3\r\n\
        2\t2026-07-01 08:01:00\t1\t0\t1\t0\r\n0\t2026-07-01 08:02:00\t1\t0\t1\t0\r\n3\t2026-02-31 08:00:00\t1\t0\t1\t0\r\n?";
    let seen = look(&site, &machine, lines(text)).await;
    assert_eq!(counts(&seen), [6, 2, 1, 2, 3]);
    assert!(stored(&site).await.is_empty(), "a look writes nothing");
    let taken = take(&site, &machine, lines(text)).await;
    assert_eq!(taken, seen);
    let rows: Vec<_> = taken.rows.iter().map(|row| (row.row, row.code)).collect();
    assert_eq!(rows, [(5, "punch.no_pin"), (6, "punch.time_impossible"), (7, "punch.time_missing")]);
    let span = taken.span.unwrap();
    assert_eq!(
        (span.0.0.to_string(), span.1.0.to_string(), span.0.1),
        ("2026-07-01 08:00:00".into(), "2026-07-01 08:01:00".into(), 28_800)
    );
    assert_eq!(
        stored(&site).await,
        [
            ("1".into(), "2026-07-01 08:00:00".into(), 0, "1".into(), 2),
            ("002".into(), "2026-07-01 08:01:00".into(), 1, "15".into(), 2)
        ]
    );
    assert_eq!(counts(&take(&site, &machine, lines(text)).await), [6, 0, 3, 0, 3]);
    let kept: i64 = site
        .read(|conn| {
            Ok::<_, db::Error>(conn.query_row("SELECT count(*) FROM rejected_lines", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(kept, 3, "nothing is lost");
}

#[tokio::test]
async fn attendance_6_7_what_a_file_and_a_machine_say_is_one_punch_whoever_comes_first() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "CQZ7000000001").await;
    let upload = async |text: &'static str| {
        let mut batch = Batch::parse(text.as_bytes(), site.clock().now(), machine.time_zone);
        batch.answers(Answers::Perhaps);
        let id = machine.id;
        site.write(move |tx| punch_ingest(tx, id, Source::Live, &batch)).await.unwrap()
    };
    upload("1\t2026-07-01 08:00:00\t255\t15\n").await;
    let file = [&["工号", "打卡时间"][..], &["0001", "2026/7/1 8:00:00"], &["2", "2026/7/1 8:05"]];
    assert_eq!(counts(&take(&site, &machine, table(&file)).await), [2, 1, 1, 1, 0]);
    let again = upload("2\t2026-07-01 08:05:00\t0\t1\n2\t2026-07-01 08:05:01\t0\t1\n").await;
    assert_eq!((again.new.len(), again.known), (1, 1));
    assert_eq!(stored(&site).await.len(), 3);
}

#[tokio::test]
async fn attendance_6_7_columns_of_sticks_and_tables_are_told() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "CQZ7000000001").await;
    for text in [
        // As uploaded, with blanks, with a name, and of a machine whose number is no key.
        "1\t2026-07-01 08:00:00\t0\t1\t0\n",
        "2 2026-07-01 08:00:00 1 15 0 0\n",
        "3 张三 2026/07/01 08:00:00 255 15 0 0\n",
        "4\t2026-07-01 08:00\t101\t0\t1\t0\n4\t2026-07-02 08:00\t101\t1\t4\t0\n",
        "5\t2026-07-01\t08:00:00\t0\t2\n",
    ] {
        assert!(PunchFile::looks_like_lines(text), "{text}");
        take(&site, &machine, lines(text)).await;
    }
    let glg = [
        &["No", "Mchn", "EnNo", "Name", "Mode", "IOMd", "DateTime"][..],
        &["1", "1", "000000006", "x", "1", "0", "2026/07/01  08:00:00"],
    ];
    let headers: Vec<String> = glg[0].iter().map(|cell| (*cell).to_owned()).collect();
    let cells: Vec<String> = glg[1].iter().map(|cell| (*cell).to_owned()).collect();
    let mapping = Mapping::from([("No".to_owned(), String::new()), ("EnNo".to_owned(), "pin".to_owned())]);
    take(&site, &machine, PunchFile::table("GLG_001.TXT", vec![(1, headers), (2, cells)], &mapping).unwrap())
        .await;
    let words = [&["考勤号码", "日期", "时刻", "状态"][..], &["7", "2026-07-01", "8:00", "下班签退"]];
    take(&site, &machine, table(&words)).await;
    let found: Vec<_> =
        stored(&site).await.into_iter().map(|(pin, _, status, verify, _)| (pin, status, verify)).collect();
    let expected = [
        ("1", 0, "1"),
        ("2", 1, "15"),
        ("3", 255, "15"),
        ("4", 0, "1"),
        ("4", 1, "4"),
        ("5", 0, "2"),
        ("000000006", 0, "1"),
        ("7", 1, ""),
    ];
    assert_eq!(found, expected.map(|(pin, status, verify)| (pin.to_owned(), status, verify.to_owned())));
}

#[test]
fn attendance_6_7_what_is_no_file_of_punches_is_refused() {
    let empty = PunchFile::lines("x", " \n\r\n".to_owned()).map(drop).map_err(|error| error.code());
    assert_eq!(empty, Err("punch_file.empty"));
    let long = "x\n".repeat(LINES_MOST + 1);
    assert_eq!(
        PunchFile::lines("x", long).map(drop).map_err(|error| error.code()),
        Err("punch_file.too_many_lines")
    );
    assert!(!PunchFile::looks_like_lines("工号,时间\n1,2026-07-01 08:00:00\n"));
    let none = PunchFile::table("x", Vec::new(), &Mapping::new()).map(drop).map_err(|error| error.code());
    assert_eq!(none, Err("punch_file.empty"));
}

/// Part by part, in writes of a few hundred rows.
#[tokio::test]
async fn attendance_6_7_a_long_file_is_taken_in_many_writes() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "CQZ7000000001").await;
    let text: String = (0..3_210)
        .map(|n| format!("{}\t{}\t1\t0\t1\t0\n", n % 50 + 1, WallTime::from_seconds(1_780_000_000 + n * 7)))
        .collect();
    let before = site.commits();
    assert_eq!(counts(&take(&site, &machine, lines(&text)).await), [3_210, 3_210, 0, 3_210, 0]);
    assert!(site.commits() - before >= 7);
    assert_eq!(counts(&look(&site, &machine, lines(&text)).await), [3_210, 0, 3_210, 0, 0]);
}
