//! How much a machine holds, read from what it said of itself (attendance-push §5, access-push §3): an estimate, since the
//! numbers have units that nobody announces.

use std::collections::BTreeMap;

/// How much a machine holds, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// People.
    pub people: Option<u64>,
    /// Fingerprints.
    pub fingerprints: Option<u64>,
    /// Faces.
    pub faces: Option<u64>,
    /// Punches.
    pub punches: Option<u64>,
}

/// Where the faces are in a list that has a value for each biometric type: by near infra-red, by visible light (§15.6).
const FACES: [usize; 2] = [2, 9];
/// Where the fingerprints are.
const FINGERS: usize = 1;

/// Reads the capacity off the option list. Keys are compared without case.
///
/// `MaxUserCount` and `MaxFingerCount` are in hundreds on most models and plain on some, `MaxAttLogCount` in ten
/// thousands; no machine holds a hundred thousand people or two million punches, so a number that would say so is plain.
pub fn capacity(options: &BTreeMap<String, String>) -> Capacity {
    let number = |wanted: &str| {
        let found = options.iter().find(|(key, _)| key.trim_start_matches('~').eq_ignore_ascii_case(wanted));
        found.and_then(|(_, value)| value.trim().parse::<u64>().ok()).filter(|count| *count > 0)
    };
    // A list with a plain count for each biometric type, separated by colons.
    let list = options.iter().find(|(key, _)| key.eq_ignore_ascii_case("MaxMultiBioDataCount"));
    let bio = |index: usize| {
        let count = list.and_then(|(_, value)| value.split(':').nth(index)?.trim().parse::<u64>().ok());
        count.filter(|count| *count > 0)
    };
    let in_units =
        |raw: u64, unit: u64, most: u64| if raw.saturating_mul(unit) <= most { raw * unit } else { raw };
    Capacity {
        // FK machines say it plainly when asked for their status (fk-http §9).
        people: number("MaxUserCount").map(|raw| in_units(raw, 100, 100_000)).or_else(|| number("user_max")),
        fingerprints: bio(FINGERS)
            .or_else(|| number("MaxFingerCount").map(|raw| in_units(raw, 100, 100_000)))
            .or_else(|| number("fp_max")),
        faces: FACES
            .into_iter()
            .filter_map(bio)
            .max()
            .or_else(|| number("MaxFaceCount"))
            .or_else(|| number("face_max")),
        punches: number("MaxAttLogCount")
            .map(|raw| in_units(raw, 10_000, 2_000_000))
            .or_else(|| number("total_log_max")),
    }
}

/// A biometric algorithm; templates go only to machines with the same version (U3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithm {
    /// `fingerprint`, `face`, `fingerVein`, `palm` or `visibleLightFace`.
    pub kind: &'static str,
    /// The version as the machine says it.
    pub version: String,
}

/// Reads the versions of the algorithms off the option list: the list by biometric type first, then the older keys.
pub fn algorithms(options: &BTreeMap<String, String>) -> Vec<Algorithm> {
    const KINDS: [(&str, &[usize], &[&str]); 5] = [
        ("fingerprint", &[1], &["FPVersion", "ZKFPVersion", "fp_data_ver"]),
        ("face", &[2], &["FaceVersion", "face_data_ver"]),
        ("fingerVein", &[7], &["FvVersion"]),
        ("palm", &[6, 8, 10], &["PvVersion", "palm_data_ver", "pv_data_ver"]),
        ("visibleLightFace", &[9], &[]),
    ];
    let text = |wanted: &str| {
        let found = options.iter().find(|(key, _)| key.trim_start_matches('~').eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty() && *value != "0")
    };
    let listed = |index: &usize| {
        let version = text("MultiBioVersion")?.split(':').nth(*index)?.trim();
        (!version.is_empty() && version != "0").then_some(version)
    };
    let version = |(kind, indices, keys): (&'static str, &[usize], &[&str])| {
        let version = indices.iter().find_map(listed).or_else(|| keys.iter().find_map(|key| text(key)))?;
        Some(Algorithm { kind, version: version.to_owned() })
    };
    KINDS.into_iter().filter_map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> BTreeMap<String, String> {
        text.split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn o4_units_are_told_by_what_a_machine_can_hold() {
        let table = [
            ("", [None; 4]),
            // The worked example: 3,000 people, 150,000 punches.
            ("~MaxUserCount=30,~MaxAttLogCount=15", [Some(3000), None, None, Some(150_000)]),
            ("MaxUserCount=100,MaxFingerCount=60", [Some(10_000), Some(6000), None, None]),
            ("maxusercount=3000,MaxAttLogCount=100000", [Some(3000), None, None, Some(100_000)]),
            (
                "user_max=3000,fp_max=6000,face_max=0,total_log_max=100000",
                [Some(3000), Some(6000), None, Some(100_000)],
            ),
            ("MaxFaceCount=1500", [None, None, Some(1500), None]),
            ("MaxUserCount=0,MaxFaceCount=x,MaxAttLogCount=-1", [None; 4]),
            ("MaxUserCount=18446744073709551615", [Some(u64::MAX), None, None, None]),
            (
                "MaxMultiBioDataCount=0:10000:0:0:0:0:0:0:0:3000,MaxFingerCount=30,MaxFaceCount=7",
                [None, Some(10_000), Some(3000), None],
            ),
        ];
        for (text, [people, fingerprints, faces, punches]) in table {
            assert_eq!(capacity(&options(text)), Capacity { people, fingerprints, faces, punches }, "{text}");
        }
    }

    #[test]
    fn o4_u3_versions_of_algorithms() {
        let table: &[(&str, &[(&str, &str)])] = &[
            ("", &[]),
            ("FPVersion=10,FaceVersion=0", &[("fingerprint", "10")]),
            ("~ZKFPVersion=12,FaceVersion=40", &[("fingerprint", "12"), ("face", "40")]),
            (
                "FPVersion=10,MultiBioVersion=0:13.0:0:0:0:0:0:0:12.0:40.1",
                &[("fingerprint", "13.0"), ("palm", "12.0"), ("visibleLightFace", "40.1")],
            ),
            ("fp_data_ver=4,face_data_ver=1", &[("fingerprint", "4"), ("face", "1")]),
        ];
        for (text, expected) in table {
            let found: Vec<_> = algorithms(&options(text)).into_iter().map(|a| (a.kind, a.version)).collect();
            let found: Vec<_> = found.iter().map(|(kind, version)| (*kind, version.as_str())).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
