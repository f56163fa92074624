//! Results: nothing panics, content goes to the end of the body, and what is written reads back.

use rollcall_protocol::attendance::results::{parse_results, write_results};

/// Judges one input.
pub fn check(body: &[u8]) {
    let parsed = parse_results(body);
    for (at, result) in parsed.results.iter().enumerate() {
        if let Some(content) = result.content {
            assert!(body.ends_with(content));
            assert_eq!(at + 1, parsed.results.len(), "nothing follows content");
            assert!(!result.is_info());
        }
        let pairs = result.rest.iter().flat_map(|(key, value)| [key, value]);
        for text in pairs.chain([&result.cmd]) {
            assert!(!text.chars().any(char::is_control));
        }
    }

    let mut once = Vec::new();
    write_results(&parsed.results, &mut once);
    let again = parse_results(&once);
    // Numbers, codes and content survive any spelling of the rest.
    let essence = |results: &[rollcall_protocol::attendance::results::CommandResult<'_>]| {
        results.iter().map(|r| (r.id, r.code, r.content.map(<[u8]>::to_vec))).collect::<Vec<_>>()
    };
    assert_eq!(essence(&again.results), essence(&parsed.results));
}
