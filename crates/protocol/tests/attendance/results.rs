//! Results of commands (attendance-push §13.2).

use proptest::prelude::*;
use rollcall_protocol::attendance::results::{CommandResult, parse_results, write_results};

use crate::listing::{message, shown};

/// One line per result, in a form that shows all of it.
fn read(body: &[u8]) -> Vec<String> {
    parse_results(body)
        .results
        .iter()
        .map(|r| {
            let rest: Vec<_> = r.rest.iter().map(|(key, value)| format!(" {key}={value}")).collect();
            let content = r.content.map(|c| format!(" [{}]", shown(c).replace('\n', ""))).unwrap_or_default();
            let sn = r.sn.as_ref().map(|sn| format!(" @{sn}")).unwrap_or_default();
            format!("{} {} {}{sn}{}{content}", r.id, r.code, r.cmd, rest.concat())
        })
        .collect()
}

fn written(results: &[CommandResult<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    write_results(results, &mut out);
    out
}

#[test]
fn the_worked_messages() {
    for (name, expected) in [
        ("results", &["295 0 DATA", "296 0 DATA", "297 0 CHECK"][..]),
        (
            "result-info",
            &["298 0 INFO ~DeviceName=FaceClock 7 MAC=00:17:61:00:00:01 TransactionCount=1342 \
            UserCount=17 FPCount=18 FWVersion=ZAM70-NF24HA-Ver3.3.12 IPAddress=192.168.1.201"],
        ),
        (
            "result-getfile",
            &["299 34 GetFile @CQZ7000000001 FILENAME=options.cfg \
            [IPAddress=192.168.1.201␊VOLUME=67␊]"],
        ),
        ("result-query", &["301 2 DATA"]),
        (
            "result-verify-sum",
            &["302 0 VERIFY SUM StartTime=2026-07-01 00:00:00 EndTime=2026-07-06 23:59:59 \
            AttlogSum=12"],
        ),
    ] {
        let body = message(name).body;
        assert_eq!(read(&body), expected, "{name}");
        let parsed = parse_results(&body);
        assert_eq!(parsed.other, [&b""[..]; 0], "{name}");
        assert_eq!(shown(&written(&parsed.results)), shown(&body), "{name}");
    }
}

#[test]
fn a_count_is_read_by_either_of_its_names() {
    let counted = |body: &[u8]| parse_results(body).results[0].counted();
    assert_eq!(counted(&message("result-verify-sum").body), Some(12));
    assert_eq!(
        counted(b"ID=7&Return=0&CMD=VERIFY SUM ATTLOG&StartTime=x&EndTime=y&AttlogCount=0\n"),
        Some(0)
    );
    assert_eq!(counted(b"ID=7&Return=0&CMD=VERIFY SUM&attlogsum= 40000 \n"), Some(40_000));
    for none in [
        "ID=7&Return=0&CMD=DATA\n",
        "ID=7&Return=0&CMD=VERIFY SUM&AttlogSum=x\n",
        "ID=7&Return=0&AttlogSum=-1\n",
    ] {
        assert_eq!(counted(none.as_bytes()), None, "{none}");
    }
}

#[test]
fn orders_and_spellings_that_exist() {
    for (body, expected) in [
        (
            "SN=A1&ID=1&Return=0&CMD=DATA\nSN=A1&ID=2&Return=-10&CMD=DATA\n",
            &["1 0 DATA @A1", "2 -10 DATA @A1"][..],
        ),
        ("CMD=DATA&ID=1&Return=0\nCMD=CHECK&ID=2&Return=0\n", &["1 0 DATA", "2 0 CHECK"]),
        (
            "id=1&return=0&cmd=AK_UNLOCK\r\nId=2&RETURN= 5 &Cmd=CLEAR_LOG\r\n",
            &["1 0 AK_UNLOCK", "2 5 CLEAR_LOG"],
        ),
        ("ID=1&Return=0&CMD=DATA", &["1 0 DATA"]),
        ("ID=1&Return=0\nID=2&Return=0", &["1 0 ", "2 0 "]),
        (
            "\n\nID=1&Return=0&CMD=SET OPTION\n\n\nID=2&Return=0&CMD=Shell\n\n",
            &["1 0 SET OPTION", "2 0 Shell"],
        ),
        ("  ID\0=1&Return=0&CMD=DATA\n", &["1 0 DATA"]),
        // Heads over several lines, one after the other.
        (
            "ID=1\nSN=A1\nCMD=DATA\nReturn=0\nID=2\nSN=A1\nCMD=LOG\nReturn=0\n",
            &["1 0 DATA @A1", "2 0 LOG @A1"],
        ),
        (
            "SN=A1\nID=1\nReturn=0\nCMD=DATA\nSN=A1\nID=2\nReturn=0\nCMD=LOG\n",
            &["1 0 DATA @A1", "2 0 LOG @A1"],
        ),
        ("", &[]),
    ] {
        assert_eq!(read(body.as_bytes()), expected, "{body:?}");
    }
}

#[test]
fn results_may_follow_an_info() {
    let body = b"ID=1&Return=0&CMD=INFO\nUserCount=3\nName=x\nID=2&Return=0&CMD=DATA\n";
    assert_eq!(read(body), ["1 0 INFO UserCount=3 Name=x", "2 0 DATA"]);
    assert!(parse_results(body).results[0].is_info());
}

#[test]
fn q8_after_an_info_head_a_value_cannot_forge_a_result() {
    let body = b"ID=1&Return=0&CMD=INFO\nName=x&ID=2&Return=0&CMD=DATA\nContent=y\n~DeviceName=a=b\n";
    assert_eq!(read(body), ["1 0 INFO Name=x&ID=2&Return=0&CMD=DATA Content=y ~DeviceName=a=b"]);
}

#[test]
fn q8_after_content_everything_is_content() {
    for head in ["ID=1\nCMD=GetFile\nReturn=9\n", "ID=1&Return=9&CMD=GetFile\n", "ID=1&Return=9&CMD=GetFile&"]
    {
        let body = format!("{head}Content=a\r\nID=2&Return=0&CMD=DATA\nContent=b");
        assert_eq!(read(body.as_bytes()), ["1 9 GetFile [a␍␊ID=2&Return=0&CMD=DATA␊Content=b]"], "{head:?}");
    }
}

#[test]
fn q8_what_belongs_to_nothing_of_ours_is_set_aside() {
    let body = b"hello\nID=x&Return=0&CMD=DATA\nReturn=0&CMD=LOG\nID=1&Return=0&CMD=DATA\nstray\n";
    let parsed = parse_results(body);
    assert_eq!(read(body), ["1 0 DATA"]);
    assert_eq!(parsed.other, [&b"hello"[..], b"ID=x&Return=0&CMD=DATA", b"Return=0&CMD=LOG", b"stray"]);
}

#[test]
fn q8_an_id_in_a_value_does_not_make_a_second_result() {
    assert_eq!(read(b"ID=1&Return=0&CMD=DATA&ID=2&Return=5\n"), ["1 0 DATA ID=2 Return=5"]);
}

/// Pairs that cannot come from a machine's own head are written where they are not taken for one.
#[test]
fn q8_a_head_is_written_once() {
    let content = Some(&b"x"[..]);
    for (cmd, content) in [("DATA", None), ("INFO", None), ("GetFile", content)] {
        let rest = vec![("ID".into(), "9&Return=7".into()), ("FILENAME".into(), "a&CMD=b".into())];
        let result =
            CommandResult { id: 1, code: 0, cmd: cmd.into(), rest, content, ..CommandResult::default() };
        let body = written(&[result]);
        let parsed = parse_results(&body);
        assert_eq!(parsed.results.len(), 1, "{}", shown(&body));
        let first = &parsed.results[0];
        assert_eq!((first.id, first.code, first.cmd.as_ref(), first.content), (1, 0, cmd, content));
    }
}

const RESERVED: [&str; 5] = ["id", "return", "cmd", "sn", "content"];

fn rest() -> impl Strategy<Value = Vec<(String, String)>> {
    let key = "~?[A-Za-z_][A-Za-z0-9_]{0,8}"
        .prop_filter("a key of the head", |key| !RESERVED.contains(&key.to_ascii_lowercase().as_str()));
    prop::collection::vec((key, value()), 0..4)
}

fn value() -> impl Strategy<Value = String> {
    "[^&\\p{Cc}]{0,10}".prop_map(|text| text.trim_matches(' ').to_owned())
}

prop_compose! {
    fn result()(
        id in any::<u32>(),
        code in any::<i64>(),
        cmd in prop_oneof![Just("INFO".to_owned()), Just("DATA".to_owned()), value()],
        sn in prop::option::of("[A-Z0-9]{1,12}"),
        rest in rest(),
    ) -> CommandResult<'static> {
        CommandResult {
            id,
            code,
            cmd: cmd.into(),
            sn: sn.map(Into::into),
            rest: rest.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
            content: None,
        }
    }
}

proptest! {
    #[test]
    fn results_are_read_back(
        results in prop::collection::vec(result(), 0..5),
        file in prop::option::of((result(), prop::collection::vec(any::<u8>(), 0..60))),
    ) {
        let mut results = results;
        let file = file.filter(|(head, _)| !head.is_info());
        if let Some((head, content)) = &file {
            results.push(CommandResult { content: Some(content), ..head.clone() });
        }
        let body = written(&results);
        let parsed = parse_results(&body);
        prop_assert_eq!(parsed.results, results);
        prop_assert!(parsed.other.is_empty());
    }
}
