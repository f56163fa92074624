//! Handshake and option block (attendance-push §3, §4).

use proptest::prelude::*;
use rollcall_protocol::attendance::handshake::{
    BlockError, Generation, Handshake, OptionsBlock, TransFlag, time_zone_minutes, time_zone_value,
};
use rollcall_protocol::http::{Query, Target};

use crate::listing::{message, shown};

fn written(block: &OptionsBlock) -> Vec<u8> {
    let mut out = Vec::new();
    block.write(&mut out);
    out
}

fn handshake(query: &str) -> Option<Handshake<'_>> {
    Handshake::from_query(&Query::new(query.as_bytes()))
}

#[test]
fn current_firmware_asks() {
    let message = message("handshake-2.4.1");
    let target = Target::parse(message.target());
    let handshake = Handshake::from_query(&target.query).unwrap();
    assert_eq!(handshake.push_version.as_deref(), Some("2.4.1"));
    assert_eq!(handshake.language.as_deref(), Some("83"));
    assert_eq!(handshake.device_type.as_deref(), Some("att"));
    assert!(handshake.push_options);
    assert_eq!(handshake.generation(), Generation::Modern);

    let mut again = Vec::new();
    handshake.write_target("CQZ7000000001", &mut again);
    assert_eq!(shown(&again), shown(message.target()));
}

#[test]
fn older_firmware_asks() {
    let message = message("handshake-2.0.1");
    let handshake = Handshake::from_query(&Target::parse(message.target()).query).unwrap();
    assert_eq!(handshake.push_version.as_deref(), Some("2.0.1"));
    assert_eq!(handshake.device_type, None);
    assert!(!handshake.push_options);
    assert_eq!(handshake.generation(), Generation::V2_0);
}

#[test]
fn t12_options_all_marks_a_handshake() {
    for query in ["SN=1&options=all", "options=ALL&SN=1", "sn=1&Options= all&table=options"] {
        assert_eq!(handshake(query).unwrap().generation(), Generation::V1, "{query}");
    }
    assert_eq!(handshake("SN=1&options=all&language=en").unwrap().language.as_deref(), Some("en"));
    for query in ["SN=1", "SN=1&table=options", "SN=1&options=", "SN=1&options=some"] {
        assert_eq!(handshake(query), None, "{query}");
    }
}

#[test]
fn generations_by_version() {
    for (version, generation) in [
        ("1.0", Generation::V1),
        ("1.9.9", Generation::V1),
        ("2", Generation::V2_0),
        ("2.0.1", Generation::V2_0),
        ("2.2.13", Generation::V2_0),
        ("2.2.13-beta", Generation::V2_0),
        ("2.2.14", Generation::Modern),
        ("2.2.14S", Generation::Modern),
        ("2.3.0", Generation::Modern),
        ("2.4.2", Generation::Modern),
        ("2.10.0", Generation::Modern),
        ("3.1.2", Generation::Modern),
        ("Ver 2.4.1", Generation::Modern),
        ("?", Generation::V2_0),
    ] {
        assert_eq!(Generation::of_version(version), generation, "{version}");
    }
    assert_eq!(handshake("options=all&pushver=").unwrap().generation(), Generation::V1);
}

#[test]
fn the_recommended_block_is_the_worked_one() {
    let block = OptionsBlock::new("CQZ7000000001", Generation::Modern, 480);
    assert_eq!(shown(&written(&block)), shown(&message("options-modern").body));
    assert_eq!(OptionsBlock::parse(&message("options-modern").body), Ok(block));
}

#[test]
fn the_block_of_push_1_is_the_worked_one() {
    let block = OptionsBlock::new("3392145200011", Generation::V1, 480);
    assert_eq!(shown(&written(&block)), shown(&message("options-1.x").body));
    assert_eq!(OptionsBlock::parse(&message("options-1.x").body), Ok(block));
}

#[test]
fn blocks_as_written() {
    let mut blocks = String::new();
    for generation in [Generation::V1, Generation::V2_0, Generation::Modern] {
        let mut block = OptionsBlock::new("A-1_b", generation, -210);
        block.realtime = false;
        block.trans_flag = TransFlag::ATT_LOG.with(TransFlag::OP_LOG);
        blocks.push_str(&format!("{generation:?}\n{}\n", shown(&written(&block))));
    }
    insta::assert_snapshot!(blocks);
}

#[test]
fn h7_every_option_line_ends_with_lf() {
    for generation in [Generation::V1, Generation::V2_0, Generation::Modern] {
        let block = written(&OptionsBlock::new("A1", generation, 0));
        assert_eq!(block.last(), Some(&b'\n'));
        assert!(!block.contains(&b'\r'));
    }
}

#[test]
fn h7_a_last_option_line_without_lf_is_thrown_away() {
    let mut bytes = written(&OptionsBlock::new("A1", Generation::Modern, 480));
    assert!(bytes.ends_with(b"SupportPing=1\n"));
    bytes.pop();
    assert!(!OptionsBlock::parse(&bytes).unwrap().support_ping);
}

#[test]
fn c3_whole_hours_in_hours() {
    for (minutes, value) in [(480, 8), (-300, -5), (0, 0), (840, 14), (-720, -12)] {
        assert_eq!(time_zone_value(minutes), value);
    }
}

#[test]
fn c3_half_hour_zone_in_minutes() {
    for minutes in [330, -210, 345, -570, 765, 30, -30] {
        assert_eq!(time_zone_value(minutes), minutes);
    }
    // Would be taken for hours.
    assert_eq!(time_zone_value(20), 0);
    let block = written(&OptionsBlock::new("A1", Generation::Modern, 330));
    assert!(shown(&block).contains("TimeZone=330␊"));
}

#[test]
fn c3_what_machines_take_a_value_for() {
    for (value, minutes) in [
        ("8", Some(480)),
        ("-5", Some(-300)),
        ("24", Some(1440)),
        ("25", Some(25)),
        ("330", Some(330)),
        ("-05:00", Some(-300)),
        ("+05:30", Some(330)),
        ("05:30", None),
        ("", None),
        ("CST", None),
    ] {
        assert_eq!(time_zone_minutes(value), minutes, "{value:?}");
    }
}

#[test]
fn what_a_machine_takes_for_a_failed_handshake() {
    for (body, error) in [
        ("OK", BlockError::NotOptions),
        ("", BlockError::NotOptions),
        ("<html>", BlockError::NotOptions),
        ("UNKNOWN DEVICE", BlockError::Refused),
        ("RETRY\nStamp=1\n", BlockError::Refused),
    ] {
        assert_eq!(OptionsBlock::parse(body.as_bytes()), Err(error), "{body:?}");
    }
}

#[test]
fn stamp_names_are_read_by_server_version() {
    let both = "Stamp=1\nATTLOGStamp=2\n";
    assert_eq!(OptionsBlock::parse(both.as_bytes()).unwrap().attlog_stamp, "1");
    let both = format!("{both}ServerVer=2.4.1\n");
    assert_eq!(OptionsBlock::parse(both.as_bytes()).unwrap().attlog_stamp, "2");
}

#[test]
fn no_line_can_be_smuggled_into_a_block() {
    let mut block = OptionsBlock::new("A1\nICLOCKSVRURL=http://x", Generation::Modern, 480);
    block.attlog_stamp = "1\r\nStamp=0".to_owned();
    block.push_options = "A\nB".to_owned();
    let lines = written(&block).iter().filter(|b| **b == b'\n').count();
    assert_eq!(
        lines,
        written(&OptionsBlock::new("A1", Generation::Modern, 480)).iter().filter(|b| **b == b'\n').count()
    );
}

#[test]
fn trans_flag_in_both_forms() {
    let names = TransFlag::parse("TransData AttLog\tOpLog\tfoo\tFACE");
    assert_eq!(names, TransFlag::ATT_LOG.with(TransFlag::OP_LOG).with(TransFlag::FACE));
    // With blanks the list is one unknown name.
    assert_eq!(TransFlag::parse("TransData AttLog OpLog"), TransFlag::NONE);
    assert_eq!(TransFlag::parse("1111101100"), TransFlag::RECOMMENDED_V1);
    assert_eq!(TransFlag::parse("0000000000"), TransFlag::NONE);
    assert!(TransFlag::RECOMMENDED.contains(TransFlag::BIO_PHOTO));
    assert!(!TransFlag::RECOMMENDED.contains(TransFlag::FP_IMAGE));
}

fn flags(kinds: usize) -> impl Strategy<Value = TransFlag> {
    // The bit form has a place for each of the first ten.
    prop::collection::vec(any::<bool>(), kinds).prop_map(|bits| {
        TransFlag::parse(&bits.iter().map(|on| if *on { '1' } else { '0' }).collect::<String>())
    })
}

prop_compose! {
    fn block()(
        generation in prop_oneof![Just(Generation::V1), Just(Generation::V2_0), Just(Generation::Modern)],
        sn in "[A-Za-z0-9_-]{1,32}",
        stamps in prop::array::uniform3("[A-Za-z0-9:T-]{1,20}"),
        delays in any::<(u32, u32, u32)>(),
        times in "[0-9:;]{0,20}",
        old_flags in flags(10),
        new_flags in flags(12),
        zone in prop_oneof![
            (-14..=14i32).prop_map(|hours| hours * 60),
            25..=840i32,
            -840..=-25i32,
        ],
        realtime in any::<bool>(),
        version in "[0-9.]{1,8}",
        push_options in "[A-Za-z0-9~,]{0,60}",
        support_ping in any::<bool>(),
    ) -> OptionsBlock {
        let [attlog_stamp, operlog_stamp, attphoto_stamp] = stamps;
        let (error_delay, delay, trans_interval) = delays;
        let old = generation == Generation::V1;
        let modern = generation == Generation::Modern;
        OptionsBlock {
            sn,
            generation,
            attlog_stamp,
            operlog_stamp,
            attphoto_stamp,
            error_delay,
            delay,
            trans_times: times,
            trans_interval,
            trans_flag: if old { old_flags } else { new_flags },
            time_zone: zone,
            realtime,
            version: if old { String::new() } else { version },
            push_options: if modern { push_options } else { String::new() },
            support_ping: modern && support_ping,
        }
    }
}

proptest! {
    #[test]
    fn blocks_are_read_back(block in block()) {
        prop_assert_eq!(OptionsBlock::parse(&written(&block)), Ok(block));
    }

    #[test]
    fn zones_are_read_back(minutes in -1440..=1440i32) {
        prop_assume!(minutes % 60 == 0 || minutes.abs() >= 25);
        prop_assert_eq!(time_zone_minutes(&time_zone_value(minutes).to_string()), Some(minutes));
    }

    #[test]
    fn requests_are_read_back(
        push_version in prop::option::of("[0-9.]{1,8}"),
        language in prop::option::of("[a-z0-9]{1,5}"),
        device_type in prop::option::of("att|pid|ins|acc"),
        push_options in any::<bool>(),
    ) {
        let handshake = Handshake {
            push_version: push_version.map(Into::into),
            language: language.map(Into::into),
            device_type: device_type.map(Into::into),
            push_options,
        };
        let mut target = Vec::new();
        handshake.write_target("A1", &mut target);
        prop_assert_eq!(Handshake::from_query(&Target::parse(&target).query), Some(handshake));
    }
}
