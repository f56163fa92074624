//! Which dialect a request belongs to: what a request says itself does not depend on memory, and the FK dialect is spoken
//! only behind its headers.

use rollcall_protocol::http::{RequestLine, Target};
use rollcall_protocol::{Dialect, detect, dialect::Facts};

/// Judges one input: which headers there are, then a request line or a target.
pub fn check(data: &[u8]) {
    let Some((headers, line)) = data.split_first() else { return };
    let target = Target::parse(RequestLine::parse(line).map_or(line, |line| line.target));
    let facts = Facts { fk_header: headers & 1 == 1, push_header: headers & 2 == 2, target };
    let first = detect(&facts, None);
    for remembered in [Dialect::Attendance, Dialect::Access, Dialect::Fk] {
        let found = detect(&facts, Some(remembered));
        assert_eq!(found.explicit, first.explicit, "whether a request is evidence depends on memory");
        if found.explicit {
            assert_eq!(found, first);
        }
        if facts.fk_header {
            assert_eq!(found.dialect, Dialect::Fk);
        } else if target.under_iclock() {
            assert_ne!(found.dialect, Dialect::Fk, "without its headers nobody could answer");
        }
        // Remembering what was found changes nothing.
        assert_eq!(detect(&facts, Some(found.dialect)).explicit, found.explicit);
    }
    if facts.fk_header {
        assert!(first.explicit);
    }
}
