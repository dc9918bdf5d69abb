//! Functions that the language does not have: what they are called here, or how they are written with those it has.

use super::Resolver;
use super::builtin::{BUILTINS, SPECIAL};
use super::scope::Symbol;
use super::shape::SHAPES;
use crate::diagnostic::Diagnostic;
use crate::function::FUNCTIONS;
use crate::source::Span;
use crate::syntax::suggest::nearest;
use crate::syntax::{ExpressionId, Name};

/// The same function by another name.
const ELSEWHERE: [(&str, &str); 28] = [
    ("ln", "log"),
    ("nabla", "grad"),
    ("gradient", "grad"),
    ("divergence", "div"),
    ("rot", "curl"),
    ("rotor", "curl"),
    ("laplace", "laplacian"),
    ("lap", "laplacian"),
    ("diff", "d"),
    ("partial", "d"),
    ("derivative", "d"),
    ("D", "d"),
    ("where", "if"),
    ("int", "integral"),
    ("integrate", "integral"),
    ("norm", "abs"),
    ("fabs", "abs"),
    ("inner_product", "dot"),
    ("real", "re"),
    ("imag", "im"),
    ("tr", "trace"),
    ("circle", "disk"),
    ("rect", "rectangle"),
    ("sphere", "ball"),
    ("arctan", "atan"),
    ("sgn", "sign"),
    ("signum", "sign"),
    ("step", "heaviside"),
];

/// Functions that others make, with `#` for the argument. Their names are near to those of others, which they are not.
const MADE: [(&[&str], &str); 24] = [
    (&["asin", "arcsin"], "atan(#/sqrt(1 - #^2))"),
    (&["acos", "arccos"], "pi/2 - atan(#/sqrt(1 - #^2))"),
    (&["acot", "arccot"], "pi/2 - atan(#)"),
    (&["asinh", "arcsinh", "arsinh"], "log(# + sqrt(#^2 + 1))"),
    (&["acosh", "arccosh", "arcosh"], "log(# + sqrt(#^2 - 1))"),
    (&["atanh", "arctanh", "artanh"], "log((1 + #)/(1 - #))/2"),
    (&["cot", "ctg", "cotan"], "1/tan(#)"),
    (&["sec"], "1/cos(#)"),
    (&["csc", "cosec"], "1/sin(#)"),
    (&["coth"], "1/tanh(#)"),
    (&["csch", "cosech"], "1/sinh(#)"),
    (&["log2"], "log(#)/log(2)"),
    (&["log1p"], "log(1 + #)"),
    (&["exp2"], "2^#"),
    (&["exp10"], "10^#"),
    (&["expm1"], "exp(#) - 1"),
    (&["cbrt"], "sign(#)*abs(#)^(1/3)"),
    (&["square", "sqr"], "#^2"),
    (&["cube"], "#^3"),
    (&["sinc"], "sin(#)/#"),
    (&["sigmoid", "logistic", "expit"], "(1 + tanh(#/2))/2"),
    (&["relu"], "max(#, 0)"),
    (&["softplus"], "log(1 + exp(#))"),
    (&["gaussian", "gauss"], "exp(-#^2)"),
];

/// Functions that no others make.
const MISSING: [&str; 22] = [
    "atan2", "arctan2", "floor", "ceil", "round", "mod", "fmod", "gamma", "lgamma", "beta", "erfi",
    "erfinv", "zeta", "besselj", "bessely", "besseli", "besselk", "airy", "hypot", "random",
    "rand", "fact",
];

impl Resolver<'_> {
    pub(super) fn unknown_function(&mut self, function: &Name, arguments: &[ExpressionId]) {
        let name = function.text.as_str();
        let constant = matches!(name, "pi" | "e" | "π" | "i" | "n");
        if constant {
            let what = match name {
                "i" => "the imaginary unit",
                "n" => "the outward normal",
                _ => "a number",
            };
            let end = function.span.range().end;
            self.error(
                Diagnostic::error(
                    "not-a-function",
                    format!("`{name}` is {what}, not a function"),
                    function.span,
                    "called like a function",
                )
                .with_note("A product is always written with `*`.")
                .with_help(format!("write `{name}*(…)`"))
                .with_edit(Span::new(end, end), "*"),
            );
            return;
        }
        let defined = self
            .scope
            .entries
            .iter()
            .filter(|(_, entry)| matches!(entry.symbol, Symbol::Function(_)))
            .map(|(name, _)| name.as_str());
        let known: Vec<&str> = FUNCTIONS
            .iter()
            .map(|(name, _)| *name)
            .chain(BUILTINS.iter().map(|(name, ..)| *name))
            .chain(SPECIAL)
            .chain(SHAPES.iter().map(|shape| shape.name))
            .chain(defined)
            .collect();
        let diagnostic = Diagnostic::error(
            "unknown-function",
            format!("there is no function `{name}`"),
            function.span,
            "not a function",
        );
        let made = MADE.iter().find(|(names, _)| names.contains(&name));
        let renamed = ELSEWHERE.iter().find(|(written, _)| *written == name);
        let missing = made.is_some() || MISSING.contains(&name);
        let meant = renamed
            .map(|(_, meant)| *meant)
            .or_else(|| nearest(name, known.iter().copied()).filter(|_| !missing));
        let diagnostic = match (made, meant) {
            _ if matches!(name, "pow" | "power") => {
                diagnostic.with_help("a power is written `a^b`")
            }
            _ if matches!(name, "delta" | "dirac") => diagnostic
                .with_note("A point source has no value at a point, so training cannot see it.")
                .with_help("write a narrow peak instead: `exp(-((x - 0.5)/w)^2)/(w*sqrt(pi))`"),
            (Some((_, formula)), _) => {
                let argument = match arguments {
                    [only] => self.source.slice(self.document.expressions[*only].span),
                    _ => "x",
                };
                let simple = argument.chars().all(char::is_alphanumeric);
                let argument = if simple { argument } else { "x" };
                diagnostic.with_help(format!(
                    "`{name}({argument})` is `{}`: write that, or define it with `let {name}(w) = {}`",
                    formula.replace('#', argument),
                    formula.replace('#', "w")
                ))
            }
            (None, Some(meant)) => diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_edit(function.span, meant),
            (None, None) => {
                let values: Vec<&str> = FUNCTIONS
                    .iter()
                    .map(|(name, _)| *name)
                    .chain(BUILTINS.iter().map(|(name, ..)| *name))
                    .collect();
                diagnostic.with_help(format!(
                    "the functions are {}; define others with `let {name}(…) = …`",
                    values.join(", ")
                ))
            }
        };
        self.error(diagnostic);
    }
}
