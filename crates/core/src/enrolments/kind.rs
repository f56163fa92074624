//! The names template kinds have in the database.

use std::borrow::Cow;

use rollcall_protocol::order::TemplateKind;

/// The name of a kind.
pub(super) fn name(kind: TemplateKind) -> Cow<'static, str> {
    Cow::Borrowed(match kind {
        TemplateKind::Fingerprint => "fingerprint",
        TemplateKind::NearInfraredFace => "nearInfraredFace",
        TemplateKind::FingerVein => "fingerVein",
        TemplateKind::Photo => "photo",
        TemplateKind::Picture => "picture",
        TemplateKind::Bio(bio) => return Cow::Owned(format!("bio{bio}")),
    })
}

/// The kind of a name.
pub(super) fn parse(name: &str) -> Option<TemplateKind> {
    Some(match name {
        "fingerprint" => TemplateKind::Fingerprint,
        "nearInfraredFace" => TemplateKind::NearInfraredFace,
        "fingerVein" => TemplateKind::FingerVein,
        "photo" => TemplateKind::Photo,
        "picture" => TemplateKind::Picture,
        _ => TemplateKind::Bio(name.strip_prefix("bio")?.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_name() {
        let simple = [
            TemplateKind::Fingerprint,
            TemplateKind::NearInfraredFace,
            TemplateKind::FingerVein,
            TemplateKind::Photo,
            TemplateKind::Picture,
        ];
        for kind in simple.into_iter().chain((0..=255).map(TemplateKind::Bio)) {
            assert_eq!(parse(&name(kind)), Some(kind));
        }
        for name in ["", "bio", "bio256", "bio-1", "Fingerprint"] {
            assert_eq!(parse(name), None, "{name}");
        }
    }
}
