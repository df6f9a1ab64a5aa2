//! The word that the attribute leaves for itself where it moves.

/// What makes the function a test, when the attribute has put itself behind the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Nothing but this attribute.
    Here,
    /// Another one, so that `#[test]` from us would list the test twice.
    Elsewhere,
}

impl Listed {
    /// The word for it in the attribute's arguments, which no user writes.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Listed::Here => "__moved",
            Listed::Elsewhere => "__moved_listed",
        }
    }

    pub(super) fn named(word: &str) -> Option<Listed> {
        [Listed::Here, Listed::Elsewhere]
            .into_iter()
            .find(|listed| listed.word() == word)
    }
}
