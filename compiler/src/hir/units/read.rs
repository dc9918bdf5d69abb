//! From a unit as written to its factor and its dimension.

use super::dimension::{Dimension, product_text};
use super::rational::Rational;
use super::table;
use crate::diagnostic::Diagnostic;
use crate::hir::Unit;
use crate::source::Source;
use crate::syntax;

/// What a unit as written means.
///
/// # Errors
///
/// `unknown-unit` at the first symbol that is no unit.
pub fn read(written: &syntax::Unit) -> Result<Unit, Box<Diagnostic>> {
    let mut dimension = Dimension::NUMBER;
    let mut mantissa = 1.0;
    let mut exponent = Rational::ZERO;
    let mut factors = Vec::with_capacity(written.factors.len());
    for factor in &written.factors {
        let symbol = factor.name.text.as_str();
        let power = Rational::new(factor.power.0.into(), factor.power.1.into());
        let Some(entry) = table::lookup(symbol) else {
            return Err(Box::new(unknown(&factor.name)));
        };
        dimension = dimension.times(&entry.dimension.power(power));
        if entry.mantissa != 1.0 {
            mantissa *= libm::pow(entry.mantissa, power.value());
        }
        exponent = exponent.plus(power.times(Rational::whole(entry.exponent)));
        factors.push((symbol, power));
    }
    let factor = mantissa * power_of_ten(exponent);
    if !(factor > 0.0 && factor.is_finite()) {
        return Err(Box::new(
            Diagnostic::error(
                "unknown-unit",
                "this unit is beyond all numbers",
                written.span,
                "too large or too small",
            )
            .with_help("choose a prefix or a power nearer to what is measured"),
        ));
    }
    Ok(Unit {
        text: product_text(&factors),
        factor,
        dimension,
    })
}

/// So many degrees of a scale with its own zero, `20[degC]`, in kelvin; none for other units.
#[must_use]
pub fn absolute(value: f64, written: &syntax::Unit) -> Option<f64> {
    let [only] = written.factors.as_slice() else {
        return None;
    };
    if only.power != (1, 1) || !table::is_relative_temperature(&only.name.text) {
        return None;
    }
    let symbol = only.name.text.to_lowercase();
    let fahrenheit = symbol.ends_with(['f', '℉']) || symbol == "fahrenheit";
    let kelvin = if fahrenheit {
        (value + 459.67) * 5.0 / 9.0
    } else {
        value + 273.15
    };
    // As many digits as a thermometer has.
    Some((kelvin * 1e4).round() / 1e4)
}

/// The unit that a text names, such as `m/s^2`; none where it names no unit.
#[must_use]
pub fn named(text: &str) -> Option<Unit> {
    // What a file of data says of a column is read as a declaration would be; brackets end one.
    if text.contains(['[', ']', '\n', '#']) {
        return None;
    }
    let source = Source::new("unit", format!("time t [{text}] in [0, 1]\n"));
    let document = syntax::parse(&source).ok()?;
    let declared = document.declarations.first()?;
    if let syntax::DeclarationKind::Time {
        unit: Some(unit), ..
    } = &declared.kind
    {
        read(unit).ok()
    } else {
        None
    }
}

/// Correctly rounded where the exponent is whole: 10⁻³ is the number that `1e-3` is.
fn power_of_ten(exponent: Rational) -> f64 {
    if exponent.denominator() == 1
        && let Ok(value) = format!("1e{}", exponent.numerator()).parse()
    {
        return value;
    }
    libm::pow(10.0, exponent.value())
}

fn unknown(name: &syntax::Name) -> Diagnostic {
    let symbol = &name.text;
    if table::is_relative_temperature(symbol) {
        return Diagnostic::error(
            "unknown-unit",
            format!("`{symbol}` is not a unit that quantities can be multiplied with"),
            name.span,
            "its zero is not the absolute zero",
        )
        .with_note("Degrees Celsius and Fahrenheit are scales with a zero of their own: 20 °C is not twice 10 °C.")
        .with_help("use kelvin: 20 °C is `293.15[K]`, and differences are the same in both")
        .with_edit(name.span, "K");
    }
    let error = Diagnostic::error(
        "unknown-unit",
        format!("`{symbol}` is not a unit"),
        name.span,
        "not a unit",
    );
    // `coord x[n]`, as in a formula: there the brackets would be those of a unit.
    if symbol == "n" {
        return error
            .with_note("In `coord x[3] in [0, 1]` the brackets hold how many coordinates there are: a whole number.")
            .with_help("write the number itself, or a unit");
    }
    // The number has to change with the unit: no edit.
    if let Some((unit, words)) = table::other(symbol) {
        return error
            .with_note("Units are those of the SI with their prefixes, and a few others.")
            .with_help(format!("write it in `{unit}`: {words}"));
    }
    match table::meant(symbol) {
        Some(meant) => error
            .with_help(format!("did you mean `{meant}`?"))
            .with_edit(name.span, meant),
        None => error
            .with_note(
                "Units are those of the SI with their prefixes (m, kg, s, A, K, mol, cd, N, Pa, J, W, V, …) and a few \
                 others; a quantity without a unit is `[1]`.",
            )
            .with_help("write it in these, for instance `[kg/(m*s^2)]`"),
    }
}
