//! A mistyped serial number is the commonest cause of "no data": a machine that never called and a stranger whose
//! number differs by a character or two are probably the same machine.

use rollcall_protocol::Sn;

/// Numbers shorter than this differ by too large a part of themselves to mean anything.
const SHORTEST: usize = 5;

/// Whether two serial numbers differ, but only by one or two typing mistakes: a character wrong, missing, too much, or two
/// neighbours swapped.
pub fn look_alike(a: &Sn, b: &Sn) -> bool {
    if a == b {
        return false;
    }
    let (a, b) = (a.key(), b.key());
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().min(b.len()) < SHORTEST || a.len().abs_diff(b.len()) > 2 {
        return false;
    }
    distance(a, b) <= 2
}

/// How many single mistakes lie between two texts (insertions, deletions, substitutions, swaps of neighbours).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut last_a = None;
    for (row, &from) in a.iter().enumerate() {
        let mut current = Vec::with_capacity(b.len() + 1);
        let mut left = row + 1;
        current.push(left);
        let mut last_b = None;
        for (column, (&to, pair)) in b.iter().zip(above.windows(2)).enumerate() {
            let &[diagonal, up] = pair else { continue };
            let mut best = (diagonal + usize::from(from != to)).min(up + 1).min(left + 1);
            if last_a == Some(to)
                && last_b == Some(from)
                && let Some(swapped) = column.checked_sub(1).and_then(|at| before.get(at))
            {
                best = best.min(swapped + 1);
            }
            current.push(best);
            left = best;
            last_b = Some(to);
        }
        last_a = Some(from);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_look_alike() {
        let table = [
            ("CQZ7000000001", "CQZ7000000001", false), // the same is not a look-alike
            ("CQZ7000000001", "cqz7000000001", false),
            ("CQZ7000000001", "CQZ7000000O01", true), // letter O for zero
            ("CQZ7000000001", "CQZ700000001", true),  // one zero short
            ("CQZ7000000001", "CQZ70000000001", true), // one too many
            ("CQZ7000000001", "CQZ7000000010", true), // swapped
            ("CQZ7000000001", "CZQ7000000010", true), // swapped twice
            ("CQZ7000000001", "CQZ7000000123", false),
            ("CQZ7000000001", "3392145200011", false),
            ("A1", "A2", false), // too short to tell
        ];
        for (a, b, expected) in table {
            let (a, b) = (Sn::new(a).unwrap(), Sn::new(b).unwrap());
            assert_eq!(look_alike(&a, &b), expected, "{a} {b}");
            assert_eq!(look_alike(&b, &a), expected, "{b} {a}");
        }
    }
}
