//! Values written as those of a function, `u(x, 0) = sin(pi*x)` and `u(0, t) = 0`: as declarations of this language.

use super::outline::Outline;
use super::scan::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// `u(0, t) = 0` where a declaration begins, with what to write instead: `on x = 0: u = 0`.
pub(super) fn value_of_a_function(
    source: &Source,
    tokens: &[Token],
    outline: &Outline,
    diagnostic: &Diagnostic,
) -> Option<Diagnostic> {
    let (name, call, rest) = call(tokens)?;
    let [equals, ..] = rest else { return None };
    if equals.text != "=" {
        return None;
    }
    let field = name.text.split('_').next()?;
    let arguments = outline.arguments(field)?;
    let (number, value) = place(&call, arguments)?;
    let coordinate = *arguments.get(number)?;
    let value = source.slice(value.first()?.span.to(value.last()?.span));
    let span = name.span.to(equals.span);
    // `u(0, t) = u(1, t)`
    if let Some((other, second, [])) = self::call(&rest[1..])
        && other.text == name.text
        && place(&second, arguments).is_some_and(|(at, _)| at == number)
    {
        let whole = name.span.to(tokens.last()?.span);
        let replacement = format!("periodic {coordinate}");
        return Some(
            diagnostic
                .clone()
                .with_help(format!("write `{replacement}`"))
                .with_edit(whole, replacement),
        );
    }
    let replacement = match &outline.time {
        Some((time, low)) if *time == coordinate && same(value, low) => {
            format!("initial {} =", name.text)
        }
        Some((time, _)) if *time == coordinate => format!("at {time} = {value}: {} =", name.text),
        Some(_) | None => format!("on {coordinate} = {value}: {} =", name.text),
    };
    Some(
        diagnostic
            .clone()
            .with_help(format!("write `{replacement} …`"))
            .with_edit(span, replacement),
    )
}

/// A name, the tokens of each argument, and what follows.
type Call<'r, 'a> = (&'r Token<'a>, Vec<&'r [Token<'a>]>, &'r [Token<'a>]);

fn call<'r, 'a>(tokens: &'r [Token<'a>]) -> Option<Call<'r, 'a>> {
    let [name, open, rest @ ..] = tokens else {
        return None;
    };
    if name.kind != TokenKind::Word || open.text != "(" {
        return None;
    }
    let mut arguments = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, token) in rest.iter().enumerate() {
        match token.text {
            "(" | "[" => depth += 1,
            ")" if depth == 0 => {
                arguments.push(&rest[start..index]);
                return Some((name, arguments, &rest[index + 1..]));
            }
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                arguments.push(&rest[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    None
}

/// The one argument that is not the coordinate itself, and what stands there.
fn place<'r, 'a>(call: &[&'r [Token<'a>]], arguments: &[&str]) -> Option<(usize, &'r [Token<'a>])> {
    let is_itself =
        |(given, name): (&&[Token], &&str)| matches!(given, [only] if only.text == *name);
    let mut others = (0..call.len()).filter(|&k| {
        !arguments
            .get(k)
            .is_some_and(|name| is_itself((&call[k], name)))
    });
    let number = others.next()?;
    (call.len() == arguments.len() && others.next().is_none() && !call[number].is_empty())
        .then(|| (number, call[number]))
}

/// Whether two numbers as written are the same.
fn same(left: &str, right: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    left == right || number(left).is_some_and(|it| Some(it) == number(right))
}
