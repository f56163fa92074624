//! The `INFO` value of a poll (attendance-push §6).

use std::net::Ipv4Addr;

/// What a machine says of itself when it polls for the first time or after its data changed.
///
/// The first five positions are reliable; of the others, old firmware leaves out some. What is absent, empty,
/// negative or not a number is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// 1: firmware version.
    pub firmware: Option<String>,
    /// 2: people on the machine.
    pub users: Option<u32>,
    /// 3: fingerprints.
    pub fingerprints: Option<u32>,
    /// 4: punches stored.
    pub punches: Option<u32>,
    /// 5: the machine's own address.
    pub address: Option<String>,
    /// 6: version of the fingerprint algorithm.
    pub fingerprint_version: Option<String>,
    /// 7: version of the face algorithm.
    pub face_version: Option<String>,
    /// 8: faces needed for one enrolment.
    pub faces_per_enrolment: Option<u32>,
    /// 9: faces.
    pub faces: Option<u32>,
    /// 10: digits 0/1 for fingerprint, face, user picture, comparison photo, visible light.
    pub features: Option<String>,
    /// 11: cards.
    pub cards: Option<u32>,
    /// 12: user pictures.
    pub user_pictures: Option<u32>,
    /// 13: punch pictures.
    pub punch_pictures: Option<u32>,
}

impl Info {
    /// Reads the decoded value.
    #[must_use]
    pub fn parse(value: &[u8]) -> Self {
        let value = crate::text::field(value);
        let all: Vec<&str> = value.split(',').map(str::trim).collect();
        let firmware_commas = commas_in_firmware(&all);
        let name = all.get(..=firmware_commas).unwrap_or_default().join(",");
        // Position as in the chapter, counted from 1.
        let at = |position: usize| all.get(position - 1 + firmware_commas).copied().filter(|v| !v.is_empty());
        let text = |position| at(position).map(str::to_owned);
        let number = |position| at(position).and_then(|v| v.parse().ok());
        // Nine values are either without “faces needed” or without the feature digits (§6): not to be told
        // apart, and a wrong number of faces is worse than none.
        let ambiguous = all.len() - firmware_commas == 9;
        let faces = |position| if ambiguous { None } else { number(position) };
        Self {
            firmware: Some(name).filter(|name| !name.is_empty()),
            users: number(2),
            fingerprints: number(3),
            punches: number(4),
            address: text(5),
            fingerprint_version: text(6),
            face_version: text(7),
            faces_per_enrolment: faces(8),
            faces: faces(9),
            features: text(10),
            cards: number(11),
            user_pictures: number(12),
            punch_pictures: number(13),
        }
    }

    /// Appends the value with all 13 positions, ready to be put behind `INFO=`.
    pub fn write(&self, out: &mut Vec<u8>) {
        fn text(value: Option<&str>) -> String {
            value.unwrap_or_default().to_owned()
        }
        fn number(value: Option<u32>) -> String {
            value.map(|v| v.to_string()).unwrap_or_default()
        }
        let values = [
            text(self.firmware.as_deref()),
            number(self.users),
            number(self.fingerprints),
            number(self.punches),
            text(self.address.as_deref()),
            text(self.fingerprint_version.as_deref()),
            text(self.face_version.as_deref()),
            number(self.faces_per_enrolment),
            number(self.faces),
            text(self.features.as_deref()),
            number(self.cards),
            number(self.user_pictures),
            number(self.punch_pictures),
        ];
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            crate::http::write_value(crate::text::clean(value).replace(',', " ").trim().as_bytes(), out);
        }
    }
}

/// How many commas belong to the firmware version (`Ver 6.60 Mar 12, 2013`): the first address with three
/// numbers in front of it is position 5.
fn commas_in_firmware(all: &[&str]) -> usize {
    let is_number = |v: &&str| v.parse::<i64>().is_ok();
    (4..all.len().min(8))
        .find(|at| {
            let address = all.get(*at).is_some_and(|v| v.parse::<Ipv4Addr>().is_ok());
            address && all.get(at - 3..*at).is_some_and(|counts| counts.iter().all(is_number))
        })
        .map_or(0, |at| at - 4)
}
