//! Numbers as they are read in print.

use serde_json::Value;

/// Two digits, as an error is read: `3.1 × 10⁻⁶`.
pub(super) fn number(value: Option<&Value>) -> String {
    let Some(value) = value.and_then(Value::as_f64) else {
        return "not a finite number".to_owned();
    };
    power(value)
}

pub(super) fn power(value: f64) -> String {
    if value == 0.0 || (0.01..1000.0).contains(&value.abs()) {
        let decimals = if value.abs() < 10.0 { 4 } else { 2 };
        let shown = format!("{value:.decimals$}");
        return shown.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let shown = format!("{value:.1e}");
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let raised: String = exponent
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            _ => '⁰',
        })
        .collect();
    format!("{mantissa} × 10{raised}")
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn numbers_are_read_as_in_print() {
        for (value, shown) in [
            (3.14e-6, "3.1 × 10⁻⁶"),
            (0.0, "0"),
            (0.25, "0.25"),
            (73.5438, "73.54"),
            (2e5, "2.0 × 10⁵"),
        ] {
            assert_eq!(power(value), shown);
        }
    }
}
