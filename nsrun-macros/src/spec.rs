//! The closure that builds the spec.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Path};

use crate::args::Args;
use crate::value::Leaks;

pub(crate) fn closure(args: &Args) -> TokenStream {
    let krate = &args.krate;
    let kinds = args
        .kinds
        .iter()
        .map(|kind| Ident::new(kind.variant(), Span::mixed_site()));
    let options: Vec<TokenStream> = options(args).into_iter().flatten().collect();
    let new = quote! {
        #krate::__private::Spec::new(#krate::__private::Kinds::of(
            &[#(#krate::__private::Kind::#kinds),*],
        ))
    };
    if options.is_empty() {
        return quote!(|| #new);
    }
    quote! {
        || {
            let mut __spec = #new;
            #(__spec.#options;)*
            __spec
        }
    }
}

/// `field = value` for what is given.
fn options(args: &Args) -> [Option<TokenStream>; 7] {
    let krate = &args.krate;
    let some = quote!(::core::option::Option::Some);
    [
        args.root
            .then(|| quote!(identity = #krate::__private::Identity::Root)),
        args.hostname
            .as_ref()
            .map(|name| quote!(hostname = #some(::core::convert::Into::into(#name)))),
        args.clocks.map(|clocks| {
            let monotonic = duration(krate, clocks.monotonic);
            let boottime = duration(krate, clocks.boottime);
            quote!(clocks = #krate::__private::Clocks {
                monotonic: #monotonic,
                boottime: #boottime,
            })
        }),
        args.tmp_size.map(|size| quote!(tmp_size = #size)),
        (!args.share.is_empty()).then(|| {
            let paths = &args.share;
            quote!(share = #krate::__private::paths(&[#(#paths),*]))
        }),
        args.timeout.map(|timeout| {
            let timeout = duration(krate, timeout);
            quote!(timeout = #some(#timeout))
        }),
        args.leaks.map(|leaks| {
            let leaks = match leaks {
                Leaks::Warn => quote!(Warn),
                Leaks::Fail => quote!(Fail),
            };
            quote!(leaks = #some(#krate::__private::Leaks::#leaks))
        }),
    ]
}

fn duration(krate: &Path, duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(#krate::__private::Duration::new(#seconds, #nanos))
}
