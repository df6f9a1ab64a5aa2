//! The function under the attribute.

use pm::{Ident, Span, TokenStream, TokenTree};

use crate::attrs::Attribute;
use crate::errors::{Error, Result};
use crate::tokens::{is_punct, is_word, stream, trees};

/// A function, read as far as it matters; nobody looks into its body, which may hold what only the
/// compiler understands.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: TokenStream,
    /// `const`, `async`, `unsafe`, `extern "C"`.
    pub(crate) modifiers: Vec<TokenTree>,
    pub(crate) name: Ident,
    /// With the angle brackets.
    pub(crate) generics: Vec<TokenTree>,
    pub(crate) params: Vec<TokenTree>,
    /// The type, where one is written.
    pub(crate) output: Vec<TokenTree>,
    /// All of it without attributes and visibility.
    pub(crate) code: TokenStream,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Function> {
        // Whatever fails to parse is no function, or the compiler has already said what ails it.
        Function::read(item)
            .ok_or_else(|| Error::new(Span::call_site(), "`#[ns_test]` goes on a function"))
    }

    fn read(item: TokenStream) -> Option<Function> {
        let item: Vec<TokenTree> = item.into_iter().collect();
        let (head, function) = item.split_at(item.iter().position(|tree| is_word(tree, "fn"))?);
        let head = trees(stream(head));
        let (attrs, head) = attributes(&head);
        let (vis, modifiers) = head.split_at(vis_len(head));
        let [
            _,
            TokenTree::Ident(name),
            signature @ ..,
            TokenTree::Group(_),
        ] = function
        else {
            return None;
        };
        let (generics, signature) = signature.split_at(generics_len(signature));
        let [TokenTree::Group(params), output @ ..] = signature else {
            return None;
        };
        modifiers.iter().all(is_modifier).then(|| Function {
            attrs,
            vis: stream(vis),
            modifiers: modifiers.to_vec(),
            name: name.clone(),
            generics: generics.to_vec(),
            params: trees(params.stream()),
            output: return_type(output).to_vec(),
            code: stream(modifiers)
                .into_iter()
                .chain(stream(function))
                .collect(),
        })
    }
}

fn attributes(mut head: &[TokenTree]) -> (Vec<Attribute>, &[TokenTree]) {
    let mut attrs = Vec::new();
    while let [pound, TokenTree::Group(content), rest @ ..] = head
        && is_punct(pound, '#')
    {
        attrs.push(Attribute::new(pound, content));
        head = rest;
    }
    (attrs, head)
}

/// `pub`, `pub(in path)`.
fn vis_len(head: &[TokenTree]) -> usize {
    match head {
        [public, TokenTree::Group(_), ..] if is_word(public, "pub") => 2,
        [public, ..] if is_word(public, "pub") => 1,
        _ => 0,
    }
}

fn is_modifier(tree: &TokenTree) -> bool {
    const WORDS: [&str; 5] = ["const", "async", "safe", "unsafe", "extern"];
    matches!(tree, TokenTree::Literal(_)) || WORDS.iter().any(|word| is_word(tree, word))
}

/// Up to the first parentheses that are not between angle brackets.
fn generics_len(signature: &[TokenTree]) -> usize {
    let mut depth = 0_usize;
    let mut is_arrow = false;
    let params = signature.iter().position(|tree| {
        match tree {
            TokenTree::Group(_) if depth == 0 => return true,
            _ if is_punct(tree, '<') => depth += 1,
            _ if is_punct(tree, '>') && !is_arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_arrow = is_punct(tree, '-');
        false
    });
    params.unwrap_or(signature.len())
}

/// What stands between the arrow and the body, or a `where`.
fn return_type(output: &[TokenTree]) -> &[TokenTree] {
    let end = output.iter().position(|tree| is_word(tree, "where"));
    match &output[..end.unwrap_or(output.len())] {
        [_, _, output @ ..] => output,
        _ => &[],
    }
}
