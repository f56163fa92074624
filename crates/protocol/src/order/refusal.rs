//! What a machine cannot be told.

/// Why a machine cannot be told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Machines of this kind know no such command.
    #[error("machines of this kind have no such command")]
    NotInDialect,
    /// The firmware is too old for it.
    #[error("the machine's firmware is too old for this")]
    FirmwareTooOld,
    /// It has said that it lacks what is needed.
    #[error("the machine has said that it cannot do this")]
    NotSupported,
    /// It has no lock, or not that many.
    #[error("the machine has no such door")]
    NoDoor,
    /// The template is of a kind or version it cannot read (U3).
    #[error("the machine reads templates of another version")]
    TemplateVersion,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInDialect => "command.not_supported",
            Self::FirmwareTooOld => "command.firmware_too_old",
            Self::NotSupported => "command.not_supported_by_machine",
            Self::NoDoor => "command.no_door",
            Self::TemplateVersion => "command.template_version",
        }
    }
}
