//! Punches: every line that holds something is there once, whatever it says, and a punch that was written
//! reads back as it was.

use rollcall_protocol::attendance::attlog::{lines, parse_line, write_line};

/// Judges one input.
pub fn check(body: &[u8]) {
    let mut last_end = 0;
    let start = body.as_ptr() as usize;
    for line in lines(body) {
        assert!(!line.raw.contains(&b'\n'));
        let at = line.raw.as_ptr() as usize - start;
        assert!(at >= last_end, "lines overlap or are out of order");
        last_end = at + line.raw.len();

        assert_eq!(line.punch, parse_line(line.raw));
        let Ok(punch) = line.punch else { continue };
        assert!(!punch.pin.trim().is_empty());
        for column in [&punch.pin, &punch.verify, &punch.work_code] {
            assert!(!column.chars().any(char::is_control), "{column:?}");
        }

        let mut written = Vec::new();
        write_line(&punch, &mut written);
        assert_eq!(written.iter().filter(|b| **b == b'\n').count(), 1);
        // A number that looks like the beginning of another shape of line would be read as that.
        if punch.pin.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let again = lines(&written).next().map(|line| line.punch);
            let mut rewritten = Vec::new();
            if let Some(Ok(again)) = &again {
                write_line(again, &mut rewritten);
                assert_eq!((&again.pin, again.time, again.status), (&punch.pin, punch.time, punch.status));
                assert_eq!((&again.verify, &again.work_code), (&punch.verify, &punch.work_code));
            }
            assert_eq!(rewritten, written);
        }
    }
}
