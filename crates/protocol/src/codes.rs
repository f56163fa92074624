//! Why a machine did not do what it was told: one stable name per meaning, whatever number or word a dialect has for it.
//!
//! Each dialect turns its own codes into these names; a console translates the names, and [`words`] has the English for
//! logs and for whoever has no translation.

/// The machine did it, or says nothing against it.
pub const DONE: &str = "machine.done";
/// A code nobody has explained: the number itself has to be shown.
pub const UNEXPLAINED: &str = "machine.code";

/// Names and what they mean, sorted by name.
const WORDS: [(&str, &str); 45] = [
    ("command.unconfirmed", "the machine never said what became of it"),
    ("enrolment.already_there", "this finger or card is registered already"),
    ("enrolment.cancelled", "the enrolment was cancelled at the machine"),
    ("enrolment.exists", "the person has this one already"),
    ("enrolment.failed", "the enrolment failed: the quality was too low"),
    ("machine.busy", "the machine is busy; it must show its home screen"),
    ("machine.cancelled", "it was cancelled at the machine"),
    ("machine.code", "the machine answered with a code that nobody has explained"),
    ("machine.configuration", "the data do not fit the machine's settings"),
    ("machine.data_invalid", "the machine takes the data for invalid"),
    ("machine.data_too_large", "the data are too large for the machine"),
    ("machine.done", "done"),
    ("machine.duplicate_command", "the machine takes the command for a repetition"),
    ("machine.error", "the machine says that it failed, without a reason"),
    ("machine.fetch_failed", "the machine could not fetch the data from here"),
    ("machine.field_unknown", "the machine does not know a field of the command"),
    ("machine.file", "the machine could not read or write a file"),
    ("machine.length_mismatch", "the data have another length than the command says"),
    ("machine.memory", "the machine ran out of working memory"),
    ("machine.no_answer", "the part of the machine that should do it does not answer"),
    ("machine.no_match", "nothing fits what was asked for"),
    ("machine.no_space", "the machine is full"),
    ("machine.not_authorised", "the machine does not allow it"),
    ("machine.not_saved", "the machine could not save it"),
    ("machine.not_supported", "the machine cannot do this"),
    ("machine.parameter", "the machine does not accept a value, or has nothing to offer"),
    ("machine.password_wrong", "the machine wants another communication password"),
    ("machine.person_unknown", "the machine does not know the person"),
    ("machine.storage", "the machine's storage failed"),
    ("machine.table_unknown", "the machine has no such table"),
    ("machine.template_format", "the machine cannot read the template"),
    ("machine.template_invalid", "the machine takes the template for damaged"),
    ("machine.template_version", "the template is of another algorithm version than the machine's"),
    ("machine.timeout", "it took the machine too long"),
    ("machine.transfer", "the data were damaged on their way"),
    ("machine.unknown_command", "the machine does not know the command"),
    ("photo.angle", "the face is turned too far to a side"),
    ("photo.covered", "the face is covered"),
    ("photo.extraction", "no template could be made of the photo"),
    ("photo.failed", "the machine refused the photo"),
    ("photo.no_face", "there is no face on the photo"),
    ("photo.not_alive", "the machine takes it for a picture of a picture"),
    ("photo.not_clear", "the photo is not clear enough"),
    ("photo.size_mismatch", "the photo has another length than the command says"),
    ("photo.too_large", "the photo is too large for the machine"),
];

/// A name in English; nothing for one that is none of ours.
#[must_use]
pub fn words(reason: &str) -> &'static str {
    WORDS
        .binary_search_by(|(name, _)| (*name).cmp(reason))
        .ok()
        .and_then(|at| WORDS.get(at))
        .map_or("", |row| row.1)
}

/// Every name there is, for those who translate.
pub fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_words() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0), "the search needs them sorted");
        for name in names() {
            assert!(!words(name).is_empty(), "{name}");
        }
        assert_eq!((words(DONE), words("machine.nonsense")), ("done", ""));
        assert!(names().any(|name| name == UNEXPLAINED));
    }
}
