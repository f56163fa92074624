//! Finding tests and the rules in their names, without understanding more of a language than that.

/// A test and the rules its name begins with.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub rules: Vec<String>,
    pub name: String,
}

/// Functions with an attribute that makes a test of them.
pub fn rust(text: &str) -> Vec<Found> {
    let (mut found, mut is_test, mut open) = (Vec::new(), false, false);
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") || open {
            // `#[test]`, `#[tokio::test(…)]`; never `#[cfg(test)]`.
            let attribute = line.trim_start_matches("#[");
            let path = attribute.split(['(', ']']).next().unwrap_or_default();
            is_test |= !open && (path == "test" || path.ends_with("::test"));
            open = !line.contains(']');
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let words = line.trim_start_matches("pub ").trim_start_matches("async ");
        if let Some(rest) = words.strip_prefix("fn ")
            && is_test
        {
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let mut rules: Vec<_> = name.split('_').map_while(rule).collect();
            rules.extend(chapter(&name));
            if !rules.is_empty() {
                found.push(Found { rules, name });
            }
        }
        is_test = false;
    }
    found
}

/// Titles: texts that are the first thing between parentheses and begin with rules and a colon.
pub fn vitest(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('(') {
        let rest = text.get(at + 1..).unwrap_or_default().trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"' | '`')) else { continue };
        let title: String = rest.chars().skip(1).take_while(|c| *c != quote && *c != '\n').collect();
        let Some((numbers, _)) = title.split_once(':') else { continue };
        let words: Vec<_> = numbers.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let rules: Vec<_> = words.iter().filter_map(|word| rule(word)).collect();
        if !rules.is_empty() && rules.len() == words.len() {
            found.push(Found { rules, name: title });
        }
    }
    found
}

/// `dispatch_4_5_brake` is 4.5.
fn chapter(name: &str) -> Option<String> {
    let mut words = name.split('_');
    let word = words.next()?;
    let mut number =
        || words.next().filter(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    let (chapter, rule) = (number()?, number()?);
    let is_word = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    is_word.then(|| format!("{chapter}.{rule}"))
}

/// `q4` is Q4.
fn rule(word: &str) -> Option<String> {
    let (letter, digits) = word.split_at_checked(1)?;
    let number = letter.bytes().all(|b| b.is_ascii_lowercase())
        && (1..=2).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    number.then(|| word.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: &[Found]) -> Vec<String> {
        found.iter().map(|found| format!("{}|{}", found.rules.join(" "), found.name)).collect()
    }

    #[test]
    fn rust_tests_are_told_from_other_functions() {
        let text = "#[test]\nfn q1_q4_a_door() {}\n    #[tokio::test(start_paused = true)]\n    async fn t7_short() {\n\
                    fn t8_helper() {}\n#[cfg(test)]\nfn t9_no_test() {}\n\
                    #[test]\n#[expect(\n    clippy::panic,\n    reason = \"why\"\n)]\n/// A word.\nfn p11_control_bytes() {}\n\
                    #[test]\nfn roster_3_5_is_of_the_product() {}\n#[test]\nfn roster_3_and_no_more() {}\n#[test]\nfn s1000_too_many_digits() {}\n";
        assert_eq!(
            shown(&rust(text)),
            [
                "Q1 Q4|q1_q4_a_door",
                "T7|t7_short",
                "P11|p11_control_bytes",
                "3.5|roster_3_5_is_of_the_product",
            ]
        );
    }

    #[test]
    fn vitest_titles_may_carry_several_rules() {
        let text = "it('n1: the menu', () => {})\ntest(\n  \"n2, n3: both\", f)\nit.each([1])(`o4: %i`, g)\n\
                    it('n4 is talked about: here', h)\nit('plain', i)\nconst n5 = 'n5: no title'";
        assert_eq!(shown(&vitest(text)), ["N1|n1: the menu", "N2 N3|n2, n3: both", "O4|o4: %i"]);
    }
}
