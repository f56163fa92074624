//! What is kept, in bounds.

use rollcall_protocol::text;

/// Writes in bounds: what is beyond them is not even looked at.
pub(super) struct Out {
    pub(super) text: String,
    most: usize,
}

impl Out {
    pub(super) fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }

    pub(super) fn full(&self) -> bool {
        self.text.len() >= self.most
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn blob(&mut self, bytes: usize) {
        use std::fmt::Write as _;
        let _ = write!(self.text, "‹{bytes} bytes›");
    }

    /// Cut to the bound. Everything in here is masked already, so a cut leaves nothing bare.
    pub(super) fn end(mut self) -> String {
        if self.text.len() > self.most {
            self.text.truncate(text::truncate_bytes(&self.text, self.most).len());
            self.text.push('…');
        }
        self.text
    }
}
