//! Numbers: multiples of π as such, powers of ten as such.

use std::f64::consts::PI;

/// A number in LaTeX.
pub(super) fn number(value: f64) -> String {
    multiple_of_pi(value)
        .or_else(|| share_of_pi(value))
        .unwrap_or_else(|| decimal(value))
}

/// `2\pi`, `-\pi/2`: the ends of intervals have lost how they were written.
fn multiple_of_pi(value: f64) -> Option<String> {
    for denominator in 1..=12 {
        let numerator = (value * f64::from(denominator) / PI).round();
        let near = (numerator * PI / f64::from(denominator) - value).abs() <= 1e-15 * value.abs();
        if numerator == 0.0 || numerator.abs() > 1000.0 || !near {
            continue;
        }
        let factor = match numerator {
            1.0 => String::new(),
            -1.0 => "-".to_owned(),
            _ => format!("{numerator}"),
        };
        return Some(match denominator {
            1 => format!(r"{factor}\pi"),
            _ => format!(r"{factor}\pi/{denominator}"),
        });
    }
    None
}

/// `0.01/\pi`, where the numerator has few digits and the quotient many.
fn share_of_pi(value: f64) -> Option<String> {
    let short = format!("{:.3e}", value * PI);
    let numerator: f64 = short.parse().ok()?;
    let near = (numerator / PI - value).abs() <= 4.0 * f64::EPSILON * value.abs();
    (value != 0.0 && near && format!("{value:?}").len() > 12)
        .then(|| format!(r"{}/\pi", decimal(numerator)))
}

/// `0.05`, `1.5 \times 10^{-7}`
fn decimal(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e6).contains(&magnitude) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some(("1", power)) => format!("10^{{{power}}}"),
        Some(("-1", power)) => format!("-10^{{{power}}}"),
        Some((digits, power)) => format!(r"{digits} \times 10^{{{power}}}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::number;
    use std::f64::consts::PI;

    #[test]
    fn numbers_are_written_as_meant() {
        for (value, latex) in [
            (0.0, "0"),
            (2.0, "2"),
            (-0.05, "-0.05"),
            (2.0 * PI, r"2\pi"),
            (-PI, r"-\pi"),
            (1.5 * PI, r"3\pi/2"),
            (0.01 / PI, r"0.01/\pi"),
            (1e-7, "10^{-7}"),
            (-2.5e8, r"-2.5 \times 10^{8}"),
            (0.1 + 0.2, "0.30000000000000004"),
        ] {
            assert_eq!(number(value), latex);
        }
    }
}
