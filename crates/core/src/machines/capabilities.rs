//! What a machine can identify people by, read from what it said of itself (attendance-push §5, §15.6).

use std::collections::BTreeMap;

/// A way of identifying people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// Fingerprints.
    Fingerprint,
    /// Faces, by near infra-red.
    Face,
    /// Faces, by visible light: takes photos as templates.
    VisibleLightFace,
    /// Palms.
    Palm,
    /// Cards.
    Card,
}

/// Reads the capabilities off the option list. Keys are compared without case.
pub fn capabilities(options: &BTreeMap<String, String>) -> Vec<Capability> {
    let value = |wanted: &str| {
        options.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let on = |key: &str| value(key) == Some("1");
    // `MultiBio…` lists have a flag for each biometric type, separated by colons.
    let bio = |index: usize| {
        ["MultiBioDataSupport", "MultiBioPhotoSupport"].iter().any(|key| {
            value(key).and_then(|list| list.split(':').nth(index)).is_some_and(|flag| flag.trim() == "1")
        })
    };
    let counted = |key: &str| value(key).and_then(|n| n.parse::<u64>().ok()).is_some_and(|n| n > 0);
    // FK machines have one list of words (fk-http §5).
    let fk = |word: &str| {
        value("supported_enroll_data")
            .is_some_and(|list| list.split(',').any(|found| found.trim().eq_ignore_ascii_case(word)))
    };
    let table = [
        (Capability::Fingerprint, on("FingerFunOn") || bio(1) || fk("FP")),
        (Capability::Face, on("FaceFunOn") || bio(2) || fk("FACE")),
        (Capability::VisibleLightFace, on("VisilightFun") || bio(9)),
        (Capability::Palm, on("PvFunOn") || bio(6) || bio(8) || bio(10) || fk("PALMVEIN")),
        (
            Capability::Card,
            on("CardFun")
                || on("RFCardOn")
                || value("CardProtFormat").is_some()
                || counted("CardCount")
                || fk("IDCARD"),
        ),
    ];
    table.into_iter().filter(|(_, has)| *has).map(|(capability, _)| capability).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read_off_the_options() {
        let table: &[(&str, &[Capability])] = &[
            ("", &[]),
            ("FingerFunOn=1,FaceFunOn=0", &[Capability::Fingerprint]),
            ("fingerfunon=1", &[Capability::Fingerprint]),
            (
                "MultiBioDataSupport=0:1:0:0:0:0:0:0:0:1",
                &[Capability::Fingerprint, Capability::VisibleLightFace],
            ),
            ("MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1", &[Capability::VisibleLightFace]),
            ("MultiBioDataSupport=", &[]),
            ("MultiBioDataSupport=0:0:0:0:0:0:0:0:1:0:0", &[Capability::Palm]),
            ("CardProtFormat=0", &[Capability::Card]),
        ];
        for (text, expected) in table {
            let options = text
                .split(',')
                .filter_map(|pair| pair.split_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(&capabilities(&options), expected, "{text}");
        }
    }
}
