//! Numbers as a reader of a figure expects them: a true minus, powers of ten raised, no more digits than needed.

/// A number to about three digits: `0.25`, `−12`, `3.1×10⁻⁹`.
#[must_use]
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            value.to_string()
        };
    }
    let exponent = decade(value);
    if (-3..5).contains(&exponent) {
        return trimmed(value, (2 - exponent).max(0) as usize);
    }
    format!(
        "{}×{}",
        trimmed(value / 10_f64.powi(exponent), 2),
        power_of_ten(exponent)
    )
}

/// `10⁻⁶`.
pub(super) fn power_of_ten(exponent: i32) -> String {
    let digits = exponent.to_string();
    let raised = digits.chars().map(|digit| match digit {
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
    });
    std::iter::once("10".to_owned())
        .chain(raised.map(String::from))
        .collect()
}

/// A number with a fixed count of decimals and a true minus; never `−0`.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.chars().all(|character| matches!(character, '0' | '.'));
    if value < 0.0 && !zero {
        format!("−{text}")
    } else {
        text
    }
}

/// The exponent of the leading decimal digit.
pub(super) fn decade(value: f64) -> i32 {
    // The printed form rounds correctly where a logarithm may miss a power of ten by one.
    let text = format!("{:e}", value.abs());
    text.rsplit('e')
        .next()
        .and_then(|exponent| exponent.parse().ok())
        .unwrap_or(0)
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{fixed, number};

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (0.25, "0.25"),
            (1.0, "1"),
            (-12.0, "−12"),
            (1.0 / 3.0, "0.333"),
            (12345.6, "12346"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(3.1e-9), "3.1×10⁻⁹");
        assert_eq!(number(-1e6), "−1×10⁶");
        assert_eq!(fixed(-0.0001, 2), "0.00");
    }
}
