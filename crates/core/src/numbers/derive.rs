//! Whether what a field says is a number a machine can know somebody by (rule 5.2).

use crate::roster::{Pin, PinError};

/// Why a field gives no number. That somebody else has it is found with the roster.
pub type Reason = PinError;

/// The number a field gives. Text and number fields are both kept as text, and a non-negative integer is written in digits
/// alone: what is a pin by the one is a pin by the other, and leading zeros count as they are typed.
pub fn derive(value: Option<&str>) -> Result<Pin, Reason> {
    Pin::new(value.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_5_2_only_ascii_digits_at_most_nine_and_above_zero_count() {
        let table = [
            (Some("1001"), Ok("1001")),
            (Some("  1001\t"), Ok("1001")),
            (Some("0042"), Ok("0042")),
            (Some("999999999"), Ok("999999999")),
            (None, Err(Reason::Empty)),
            (Some(""), Err(Reason::Empty)),
            (Some("   "), Err(Reason::Empty)),
            (Some("A1001"), Err(Reason::NotDigits)),
            (Some("10 01"), Err(Reason::NotDigits)),
            (Some("１００１"), Err(Reason::NotDigits)),
            (Some("13800138000"), Err(Reason::TooLong)),
            (Some("0000000001"), Err(Reason::TooLong)),
            (Some("0"), Err(Reason::Zero)),
            (Some("000"), Err(Reason::Zero)),
        ];
        for (value, expected) in table {
            let derived = derive(value);
            assert_eq!(derived.as_ref().map(Pin::as_str).map_err(|reason| *reason), expected, "{value:?}");
        }
    }

    #[test]
    fn numbers_5_2_a_number_counts_only_as_a_non_negative_integer() {
        for value in ["-5", "1.5", "12.0", "1e3", "+7", "1,000", "NaN", "0x1f"] {
            assert_eq!(derive(Some(value)), Err(Reason::NotDigits), "{value}");
        }
    }

    proptest! {
        #[test]
        fn numbers_5_2_what_is_derived_is_what_the_field_says(value in "\\PC{0,12}|[ ]?[0-9]{0,11}[ ]?") {
            match derive(Some(&value)) {
                Ok(pin) => {
                    prop_assert_eq!(pin.as_str(), value.trim());
                    prop_assert!(pin.as_str().len() <= 9 && pin.number() > 0);
                }
                Err(reason) => prop_assert!(reason.code().starts_with("pin.")),
            }
        }
    }
}
