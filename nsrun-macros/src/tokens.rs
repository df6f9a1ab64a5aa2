//! Token trees, and how they are looked at.

use pm::{Delimiter, Group, Span, TokenStream, TokenTree};

/// The trees of a stream. A `$value` that `macro_rules!` has filled in stands in an invisible group,
/// and comes out of it here.
pub(crate) fn trees(stream: TokenStream) -> Vec<TokenTree> {
    let visible = |tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => trees(group.stream()),
        tree => vec![tree],
    };
    stream.into_iter().flat_map(visible).collect()
}

/// What we write ourselves.
pub(crate) fn code(text: &str) -> TokenStream {
    text.parse().expect("our own code is code")
}

/// The same, as if it had been written at that place by whoever wrote what stands there.
pub(crate) fn placed(code: TokenStream, place: Span) -> TokenStream {
    respanned(code, |_| place)
}

/// The same, shown at that place; who wrote it stays as it is, and what its names mean.
pub(crate) fn located(code: TokenStream, place: Span) -> TokenStream {
    respanned(code, |span| span.located_at(place))
}

fn respanned(code: TokenStream, change: impl Fn(Span) -> Span) -> TokenStream {
    let respanned = |mut tree: TokenTree| {
        tree.set_span(change(tree.span()));
        tree
    };
    code.into_iter().map(respanned).collect()
}

/// One after the other.
pub(crate) fn join<const N: usize>(code: [TokenStream; N]) -> TokenStream {
    code.into_iter().collect()
}

pub(crate) fn parenthesized<const N: usize>(inside: [TokenStream; N]) -> TokenStream {
    TokenTree::from(Group::new(Delimiter::Parenthesis, join(inside))).into()
}

pub(crate) fn braced<const N: usize>(inside: [TokenStream; N]) -> TokenStream {
    TokenTree::from(Group::new(Delimiter::Brace, join(inside))).into()
}

/// The tokens as a stream again.
pub(crate) fn stream(trees: &[TokenTree]) -> TokenStream {
    trees.iter().cloned().collect()
}

/// As the source has it, but for blanks.
pub(crate) fn as_written(trees: &[TokenTree]) -> String {
    trees.iter().map(TokenTree::to_string).collect()
}

pub(crate) fn is_punct(tree: &TokenTree, char: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == char)
}

pub(crate) fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(_)) && tree.to_string() == word
}

/// What commas separate; one may stand at the end. Where there is nothing in front of a comma, it
/// stands for itself, so that an error has its place.
pub(crate) fn elements(trees: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let elements = trees.split_inclusive(|tree| is_punct(tree, ','));
    elements.map(|element| match element {
        [inside @ .., comma] if is_punct(comma, ',') && !inside.is_empty() => inside,
        element => element,
    })
}

/// How many tokens long the path is that the slice starts with: `::a::b`.
pub(crate) fn path_len(trees: &[TokenTree]) -> usize {
    use TokenTree::Ident;
    let colons = |first, second| is_punct(first, ':') && is_punct(second, ':');
    match trees {
        [Ident(_), first, second, Ident(_), ..] if colons(first, second) => {
            3 + path_len(&trees[3..])
        }
        [Ident(_), ..] => 1,
        [first, second, Ident(_), ..] if colons(first, second) => 2 + path_len(&trees[2..]),
        _ => 0,
    }
}

/// Whether a word needs `r#` to be a name, in some edition.
pub(crate) fn is_keyword(word: &str) -> bool {
    const KEYWORDS: &str = "_ abstract as async await become box break const continue crate do dyn \
        else enum extern false final fn for gen if impl in let loop macro match mod move mut override \
        priv pub ref return Self self static struct super trait true try type typeof unsafe unsized \
        use virtual where while yield";
    KEYWORDS.split(' ').any(|keyword| keyword == word)
}
