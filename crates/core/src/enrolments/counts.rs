//! How many templates there are, counted the way a machine counts its own (attendance-push §6, §15.6).

use rollcall_protocol::order::TemplateKind;

/// Templates in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TemplateCounts {
    /// Fingers.
    pub fingerprints: u64,
    /// Faces; one a person, however many parts it is sent in.
    pub faces: u64,
    /// Palms.
    pub palms: u64,
    /// Fingers by their veins.
    pub veins: u64,
    /// Comparison photos.
    pub photos: u64,
}

impl TemplateCounts {
    /// Counts one person's templates: of each kind, how many different fingers or palms there are.
    ///
    /// The same finger may come in the older and in the unified form, so the forms are not added up.
    pub(super) fn of_person(kinds: impl IntoIterator<Item = (TemplateKind, u64)>) -> Self {
        let mut counts = Self::default();
        for (kind, nos) in kinds {
            let (count, most) = match kind {
                TemplateKind::Fingerprint | TemplateKind::Bio(1) => (&mut counts.fingerprints, u64::MAX),
                TemplateKind::NearInfraredFace | TemplateKind::Bio(2 | 9) => (&mut counts.faces, 1),
                TemplateKind::Bio(6 | 8 | 10) => (&mut counts.palms, u64::MAX),
                TemplateKind::FingerVein | TemplateKind::Bio(7) => (&mut counts.veins, u64::MAX),
                TemplateKind::Photo => (&mut counts.photos, 1),
                TemplateKind::Picture | TemplateKind::Bio(_) => continue,
            };
            *count = (*count).max(nos.min(most));
        }
        counts
    }

    /// Adds another person's.
    pub(super) fn add(&mut self, other: Self) {
        self.fingerprints += other.fingerprints;
        self.faces += other.faces;
        self.palms += other.palms;
        self.veins += other.veins;
        self.photos += other.photos;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_counted_as_machines_count_them() {
        use TemplateKind::{Bio, FingerVein, Fingerprint, NearInfraredFace, Photo, Picture};
        let none = TemplateCounts::default();
        let table: &[(&[(TemplateKind, u64)], TemplateCounts)] = &[
            (&[], none),
            (&[(Fingerprint, 3)], TemplateCounts { fingerprints: 3, ..none }),
            // the same fingers twice
            (&[(Fingerprint, 2), (Bio(1), 3)], TemplateCounts { fingerprints: 3, ..none }),
            // eighteen lines are one face
            (&[(NearInfraredFace, 18)], TemplateCounts { faces: 1, ..none }),
            (&[(Bio(9), 1), (Photo, 1), (Picture, 1)], TemplateCounts { faces: 1, photos: 1, ..none }),
            (&[(Bio(8), 2), (Bio(10), 1)], TemplateCounts { palms: 2, ..none }),
            (&[(FingerVein, 1), (Bio(7), 1)], TemplateCounts { veins: 1, ..none }),
            (&[(Bio(3), 1), (Bio(200), 1)], none),
        ];
        for (kinds, expected) in table {
            assert_eq!(TemplateCounts::of_person(kinds.iter().copied()), *expected, "{kinds:?}");
        }
    }
}
