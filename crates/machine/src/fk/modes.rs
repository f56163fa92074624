//! How libraries number directions and ways of recognition (fk-http §7).

use super::Model;

/// The `io_mode` of a status as attendance machines number it: 0 in, 1 out, 2 break-out, 3 break-in, 4 and 5 overtime.
pub(crate) const fn io(status: u8, model: Model) -> u32 {
    let number = match status {
        1 => 2,
        2 => 4,
        3 => 3,
        4 => 5,
        5 => 6,
        // The default on many machines is "in" for everybody.
        _ => 1,
    };
    match model {
        Model::Hs101 | Model::New => number,
        Model::Hs102 => number << 24,
    }
}

/// The `verify_mode` of a code as attendance machines number it: 1 finger, 3 password, 4 card, 15 face.
pub(crate) const fn verify(code: u8, model: Model) -> u32 {
    match model {
        Model::Hs101 => match code {
            3 => 2,
            4 => 3,
            15 => 20,
            _ => 1,
        },
        // Higher bits may be set: 33 is a finger.
        Model::New => match code {
            3 => 34,
            4 => 35,
            15 => 52,
            _ => 33,
        },
        Model::Hs102 => {
            let step: u32 = match code {
                3 => 2,
                4 => 3,
                15 => 4,
                _ => 1,
            };
            step << 28
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_chapter() {
        assert_eq!(
            (io(0, Model::Hs102), io(1, Model::Hs102), io(5, Model::Hs102)),
            (16_777_216, 33_554_432, 100_663_296)
        );
        assert_eq!((io(0, Model::Hs101), io(2, Model::Hs101), io(3, Model::Hs101)), (1, 4, 3));
        let verified = [1, 3, 4, 15].map(|code| verify(code, Model::Hs102));
        assert_eq!(verified, [268_435_456, 536_870_912, 805_306_368, 1_073_741_824]);
        assert_eq!(verify(15, Model::Hs101), 20);
    }
}
