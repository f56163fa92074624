//! OPERLOG and its relatives: every line is there once, whatever kind it is, and a record that was written is read back.

use rollcall_protocol::attendance::Table;
use rollcall_protocol::attendance::attlog::MAX_PIN;
use rollcall_protocol::attendance::operlog::{Record, lines, parse_line, write_line};

const TABLES: [Table; 12] = [
    Table::OperLog,
    Table::UserInfo,
    Table::FingerTmp,
    Table::Face,
    Table::FVein,
    Table::BioData,
    Table::BioPhoto,
    Table::UserPic,
    Table::WorkCode,
    Table::IdCard,
    Table::ErrorLog,
    Table::Other,
];

/// Judges one input: which table, then its body.
pub fn check(data: &[u8]) {
    let Some((table, body)) = data.split_first() else { return };
    let table = TABLES[usize::from(table % 16) % TABLES.len()];
    let (start, mut last_end) = (body.as_ptr() as usize, 0);
    for line in lines(body, table) {
        assert!(!line.raw.contains(&b'\n'));
        let at = line.raw.as_ptr() as usize - start;
        assert!(at >= last_end, "lines overlap or are out of order");
        last_end = at + line.raw.len();
        assert_eq!(line.record, parse_line(line.raw, table));
        let Ok(record) = line.record else { continue };
        clean(&record);
        // Nothing but keys without a name; or a number whose unreadable bytes became longer by being replaced.
        let writable = match &record {
            Record::IdCard(card) => !card.0.is_empty(),
            Record::User(user) => user.pin.len() <= MAX_PIN,
            _ => true,
        };
        if !writable {
            continue;
        }

        let mut once = Vec::new();
        write_line(&record, &mut once);
        assert_eq!(once.iter().filter(|byte| **byte == b'\n').count(), 1);
        let again = parse_line(&once[..once.len() - 1], Table::Other);
        let again = again.unwrap_or_else(|error| panic!("{error}: {:?}", String::from_utf8_lossy(&once)));
        assert_eq!(std::mem::discriminant(&again), std::mem::discriminant(&record));
        let mut twice = Vec::new();
        write_line(&again, &mut twice);
        assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once));
    }
}

/// No text of a record holds a control character, and no template more bytes than its line.
fn clean(record: &Record<'_>) {
    let texts: Vec<&str> = match record {
        Record::Operation(operation) => {
            operation.objects.iter().chain([&operation.operator]).map(AsRef::as_ref).collect()
        }
        Record::User(user) => {
            let (_, _) = (user.privilege(), user.inactive());
            let (_, _, _) = (user.card_number(), user.valid_from(28_800), user.valid_to(-12 * 3600));
            assert!(!user.pin.trim().is_empty());
            let said = [&user.name, &user.password, &user.card, &user.group, &user.zones, &user.verify];
            said.into_iter().filter_map(Option::as_deref).chain([user.pin.as_ref()]).collect()
        }
        Record::Template(template) => vec![template.pin.as_str()],
        Record::WorkCode(code) => vec![&code.pin, &code.code, &code.name],
        Record::IdCard(card) => card.0.iter().flat_map(|(key, value)| [key.as_ref(), value]).collect(),
        Record::Error(error) => vec![&error.code, &error.message, &error.origin, &error.additional],
    };
    for text in texts {
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}
